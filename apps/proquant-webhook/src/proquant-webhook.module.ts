import { EdgeModule } from '@core/edge/edge.module';
import { OrderLimit } from '@core/edge/order-limit';
import { accountState } from '@core/projections/account';
import { accountStrategies } from '@core/projections/strategies';
import { Module } from '@nestjs/common';
import { HooksController } from './http/hooks.controller.ts';
import { Reception } from './http/reception.ts';
import { Integrations, RegisteredIntegrations } from './integrations.ts';
import { Outcomes } from './log/outcomes.ts';
import { venueOf, VenueOrders } from './log/venue-orders.ts';
import { WebhookMetrics } from './metrics.ts';
import { Orphans } from './signals/orphans.ts';
import { SignalProgress } from './signals/signal-progress.ts';
import { SignalService } from './signals/signal-service.ts';

@Module({
  imports: [
    EdgeModule.of({
      name: 'proquant-webhook',
      projections: [accountState, accountStrategies],
      hears: ['instruments'],
      venueOf,
    }),
  ],
  controllers: [HooksController],
  providers: [
    { provide: Integrations, useClass: RegisteredIntegrations },
    VenueOrders,
    Outcomes,
    OrderLimit,
    SignalService,
    SignalProgress,
    Orphans,
    WebhookMetrics,
    Reception,
  ],
})
export class ProquantWebhookModule {}
