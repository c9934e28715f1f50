import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { BrokerController } from './api/broker.controller.ts';
import { SymbolMapping } from './accounts/symbol-mapping.ts';
import { TraderAccounts } from './accounts/trader-accounts.ts';
import { AuthController } from './api/auth.controller.ts';
import { Logins } from './auth/logins.ts';
import { Changes } from './feed/changes.ts';
import { FeedController } from './feed/feed.controller.ts';
import { Following } from './feed/following.ts';
import { VenueWatch } from './feed/venue-watch.ts';
import { SessionGuard } from './api/session.guard.ts';
import { StreamsController } from './api/streams.controller.ts';
import { OrderService } from './trading/order-service.ts';
import { Latencies } from './trading/latencies.ts';
import { TradingController } from './api/trading.controller.ts';
import { AccountController } from './api/account.controller.ts';
import { MarketController } from './api/market.controller.ts';
import { AccountViews } from './views/account-views.ts';
import { VenueMarkets } from './views/venue-markets.ts';

/**
 * Takes in: the feed and prices from NATS, HTTP from browsers. Holds: views of accounts. Gives out: answers, commands.
 * `ports` brings the outside: `MarketView`, `ProjectionRunner`, `Traders`, `TokenStore`, `History`, `Followers`,
 * `MarketSource` and `CommandClient`.
 */
@Module({
  controllers: [
    AuthController,
    BrokerController,
    AccountController,
    MarketController,
    TradingController,
    StreamsController,
    FeedController,
  ],
  providers: [
    SessionGuard,
    Logins,
    TraderAccounts,
    SymbolMapping,
    VenueMarkets,
    AccountViews,
    OrderService,
    Latencies,
    Changes,
    VenueWatch,
    Following,
  ],
})
export class GatewayModule {
  static with(ports: NonNullable<ModuleMetadata['imports']>[number]): DynamicModule {
    return { module: GatewayModule, imports: [ports] };
  }
}
