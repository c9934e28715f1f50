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
import { OauthController } from './api/oauth.controller.ts';
import { PolledAnswers } from './api/polled-answers.ts';
import { SessionGuard } from './api/session.guard.ts';
import { TermsInBody } from './api/terms-in-body.guard.ts';
import { TradingLines } from './api/trading-lines.ts';
import { StreamsController } from './api/streams.controller.ts';
import { TradingController } from './api/trading.controller.ts';
import { Logins } from './auth/logins.ts';
import { Passwords } from './auth/passwords.ts';
import { DataController } from './data/data.controller.ts';
import { DataGuard } from './data/data.guard.ts';
import { DataLogins } from './data/data-logins.ts';
import { DataTokenController } from './data/data-token.controller.ts';
import { DayLines } from './data/day-lines.ts';
import { HistoryController } from './data/history.controller.ts';
import { HistoryAnswers } from './data/history-answers.ts';
import { OfferedSymbols } from './data/offered-symbols.ts';
import { PermissionsController } from './data/permissions.controller.ts';
import { PriceStreams } from './data/price-streams.ts';
import { StreamingController } from './data/streaming.controller.ts';
import { AuthorizationServer } from './oauth/authorization-server.ts';
import { PageBrand } from './oauth/page-brand.ts';
import { Changes } from './streams/changes.ts';
import { ShownEvents } from './views/shown-events.ts';
import { EndingRounds } from './streams/ending-rounds.ts';
import { StreamSlots } from './streams/stream-slots.ts';
import { Latencies } from './trading/latencies.ts';
import { OrderService } from './trading/order-service.ts';
import { Previews } from './trading/previews.ts';
import { SlippageBounds } from './trading/slippage-bounds.ts';
import { ServedAddresses } from './http/served-addresses.ts';
import { VenueSlippage } from './trading/venue-slippage.ts';
import { AccountViews } from './views/account-views.ts';
import { BrokerConnections } from './views/broker-connections.ts';
import { PricedVenues } from './views/priced-venues.ts';

/** Takes in: the feed and prices from NATS, HTTP from browsers. Holds: views of accounts. Gives out: answers, commands. */
@Module({
  imports: [
    EdgeModule.of({
      name: 'tv-gateway',
      projections: [accountState, tradingSession],
      hears: ['quotes', 'instruments', 'ticks'],
      venueOf: (runner, account) => runner.state(accountState, account).registration?.venue ?? null,
    }),
    AdaptersModule,
  ],
  controllers: [
    AuthController,
    OauthController,
    BrokerController,
    AccountController,
    MarketController,
    TradingController,
    LeverageController,
    StreamsController,
    DataController,
    DataTokenController,
    HistoryController,
    StreamingController,
    PermissionsController,
  ],
  providers: [
    SessionGuard,
    TermsInBody,
    TradingLines,
    Passwords,
    PolledAnswers,
    Logins,
    PageBrand,
    AuthorizationServer,
    TraderAccounts,
    SymbolMapping,
    PricedVenues,
    BrokerConnections,
    AccountViews,
    OrderLimit,
    OrderService,
    SlippageBounds,
    VenueSlippage,
    ServedAddresses,
    Previews,
    Latencies,
    Changes,
    ShownEvents,
    EndingRounds,
    StreamSlots,
    DataLogins,
    DataGuard,
    OfferedSymbols,
    HistoryAnswers,
    PriceStreams,
    DayLines,
  ],
})
export class TvGatewayModule {}
