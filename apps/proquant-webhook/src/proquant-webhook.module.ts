import { EdgeModule } from '@core/edge/edge.module';
import { OrderLimit } from '@core/edge/order-limit';
import { accountState } from '@core/projections/account';
import { accountStrategies } from '@core/projections/strategies';
import { EdgeSettings } from '@core/edge/edge-settings';
import { DatabaseSettings } from '@core/service/service-settings';
import { PostgresSignalInbox } from '@core/signal-inbox/postgres-signal-inbox';
import { SignalInbox } from '@core/signal-inbox/signal-inbox';
import { Module } from '@nestjs/common';
import { HookSettings } from './config.ts';
import { DeliveryService } from './deliveries/delivery-service.ts';
import { ReplaysController } from './deliveries/replays.controller.ts';
import { Leftovers } from './deliveries/leftovers.ts';
import { HooksController } from './http/hooks.controller.ts';
import { Reception } from './http/reception.ts';
import { UnreadDeliveries } from './http/unread.ts';
import { Integrations, RegisteredIntegrations } from './integrations.ts';
import { Outcomes } from './log/outcomes.ts';
import { venueOf, VenueOrders } from './log/venue-orders.ts';
import { WebhookMetrics } from './metrics.ts';
import { OrphanCloser } from './signals/orphan-closer.ts';
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
  controllers: [HooksController, ReplaysController],
  providers: [
    { provide: Integrations, useClass: RegisteredIntegrations },
    {
      provide: SignalInbox,
      inject: [DatabaseSettings, EdgeSettings, HookSettings],
      useFactory: ({ url }: DatabaseSettings, { storeTimeoutMs }: EdgeSettings, { deadlineMs }: HookSettings) =>
        PostgresSignalInbox.open(url, storeTimeoutMs, 2 * deadlineMs),
    },
    VenueOrders,
    Outcomes,
    OrderLimit,
    SignalService,
    SignalProgress,
    Orphans,
    OrphanCloser,
    WebhookMetrics,
    DeliveryService,
    Leftovers,
    UnreadDeliveries,
    Reception,
  ],
})
export class ProquantWebhookModule {}
