import { EdgeModule } from '@core/edge/edge.module';
import { OrderLimit } from '@core/edge/order-limit';
import { accountState } from '@core/projections/account';
import { tradingSession } from '@core/views/tradingview/session';
import { Module } from '@nestjs/common';
import { SymbolMapping } from './accounts/symbol-mapping.ts';
import { TraderAccounts } from './accounts/trader-accounts.ts';
import { AdaptersModule } from './adapters.module.ts';
import { AccountController } from './api/account.controller.ts';
import { AuthController } from './api/auth.controller.ts';
import { BrokerController } from './api/broker.controller.ts';
import { LeverageController } from './api/leverage.controller.ts';
import { MarketController } from './api/market.controller.ts';
import { SessionGuard } from './api/session.guard.ts';
import { StreamsController } from './api/streams.controller.ts';
import { TradingController } from './api/trading.controller.ts';
import { UnservedController } from './api/unserved.controller.ts';
import { Logins } from './auth/logins.ts';
import { Changes } from './streams/changes.ts';
import { Latencies } from './trading/latencies.ts';
import { OrderService } from './trading/order-service.ts';
import { SlippageBounds } from './trading/slippage-bounds.ts';
import { AccountViews } from './views/account-views.ts';
import { PricedVenues } from './views/priced-venues.ts';

/** Takes in: the feed and prices from NATS, HTTP from browsers. Holds: views of accounts. Gives out: answers, commands. */
@Module({
  imports: [
    EdgeModule.of({
      name: 'tv-gateway',
      projections: [accountState, tradingSession],
      hears: ['quotes', 'instruments'],
      venueOf: (runner, account) => runner.state(accountState, account).registration?.venue ?? null,
    }),
    AdaptersModule,
  ],
  controllers: [
    AuthController,
    BrokerController,
    AccountController,
    MarketController,
    TradingController,
    LeverageController,
    StreamsController,
    UnservedController,
  ],
  providers: [
    SessionGuard,
    Logins,
    TraderAccounts,
    SymbolMapping,
    PricedVenues,
    AccountViews,
    OrderLimit,
    OrderService,
    SlippageBounds,
    Latencies,
    Changes,
  ],
})
export class TvGatewayModule {}
