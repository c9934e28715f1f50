import { EdgeAdapters } from '@core/edge/edge-adapters';
import { OrderLimit } from '@core/edge/order-limit';
import { EdgeModule } from '@core/edge/edge.module';
import { Registry } from '@core/registry/registry';
import { DatabaseSettings } from '@core/service/service-settings';
import { sessionRequests } from '@core/views/ws-session/session-requests';
import { sessionBook } from '@core/views/ws-session/session-book';
import { Module } from '@nestjs/common';
import { AdmissionSettings, TradeSettings } from './config.ts';
import { Admission, KeyStore } from './connection/admission.ts';
import { KeyWatch } from './connection/key-watch.ts';
import { SessionMetrics } from './connection/metrics.ts';
import { Sessions } from './connection/sessions.ts';
import { PostgresSessionLeases, SessionLeases } from './connection/session-leases.ts';
import { SessionSlots } from './connection/session-slots.ts';
import { SteadyClock } from './connection/steady-clock.ts';
import { Accounts } from './log/accounts.ts';
import { Announcer } from './log/announcer.ts';
import { KeptBooks, PostgresKeptBooks } from './log/kept-books.ts';
import { LogCursors } from './log/log-cursors.ts';
import { Retention } from './log/retention.ts';
import { UpstreamWatch } from './log/upstream-watch.ts';
import { PastBooks } from './log/past-books.ts';
import { PastMessages } from './log/past-messages.ts';
import { Playback } from './log/playback.ts';
import { RecentMessages } from './log/recent-messages.ts';
import { FigureBroadcast } from './market/figure-broadcast.ts';
import { PriceBroadcast } from './market/price-broadcast.ts';
import { Questions } from './requests/questions.ts';
import { RequestHandler } from './requests/request-handler.ts';
import { migrateWsSession } from './migrations.ts';
import { SocketServer } from './socket-server.ts';
import { OrderRates, PostgresOrderRates } from './trading/order-rates.ts';
import { TradeDesk } from './trading/trade-desk.ts';
import { TradeFollowers } from './trading/trade-followers.ts';

@Module({
  imports: [
    EdgeModule.of({
      name: 'ws-session',
      projections: [sessionBook, sessionRequests],
      hears: ['quotes', 'instruments', 'keys'],
      venueOf: (runner, account) => runner.state(sessionBook, account).account.registration?.venue ?? null,
    }),
  ],
  providers: [
    { provide: KeyStore, inject: [Registry], useFactory: ({ keys }: Registry) => keys },
    {
      provide: SessionLeases,
      inject: [EdgeAdapters, DatabaseSettings, AdmissionSettings],
      async useFactory({ pool }: EdgeAdapters, { url }: DatabaseSettings, { sessionLeaseMs }: AdmissionSettings) {
        await migrateWsSession(url);
        return new PostgresSessionLeases(pool, sessionLeaseMs);
      },
    },
    {
      provide: KeptBooks,
      inject: [EdgeAdapters, SessionLeases],
      // Beside the leases, whose tables are made with its own.
      useFactory: ({ pool }: EdgeAdapters) => new PostgresKeptBooks(pool, sessionBook.version),
    },
    {
      provide: OrderRates,
      inject: [EdgeAdapters, SessionLeases, TradeSettings],
      useFactory: (
        { pool }: EdgeAdapters,
        _made: SessionLeases,
        { keyOrdersPerMinute: perMinute, keyOrdersBurst: burst }: TradeSettings,
      ) => new PostgresOrderRates(pool, { perMinute, burst }),
    },
    SessionSlots,
    SteadyClock,
    LogCursors,
    Accounts,
    RecentMessages,
    PastBooks,
    PastMessages,
    Sessions,
    SessionMetrics,
    Admission,
    KeyWatch,
    Announcer,
    Playback,
    Retention,
    UpstreamWatch,
    PriceBroadcast,
    FigureBroadcast,
    Questions,
    OrderLimit,
    TradeFollowers,
    TradeDesk,
    RequestHandler,
    SocketServer,
  ],
})
export class WsSessionModule {}
