import { EdgeModule } from '@core/edge/edge.module';
import { Registry } from '@core/registry/registry';
import { sessionBook } from '@core/views/ws-session/session-book';
import { Module } from '@nestjs/common';
import { Admission, KeyStore } from './connection/admission.ts';
import { KeyWatch } from './connection/key-watch.ts';
import { SessionMetrics } from './connection/metrics.ts';
import { Sessions } from './connection/sessions.ts';
import { SteadyClock } from './connection/steady-clock.ts';
import { Accounts } from './log/accounts.ts';
import { Announcer } from './log/announcer.ts';
import { LogCursors } from './log/log-cursors.ts';
import { Playback } from './log/playback.ts';
import { PriceBroadcast } from './market/price-broadcast.ts';
import { Questions } from './requests/questions.ts';
import { RequestHandler } from './requests/request-handler.ts';
import { SocketServer } from './socket-server.ts';

@Module({
  imports: [
    EdgeModule.of({
      name: 'ws-session',
      projections: [sessionBook],
      hears: ['quotes', 'instruments', 'keys'],
      venueOf: (runner, account) => runner.state(sessionBook, account).account.registration?.venue ?? null,
    }),
  ],
  providers: [
    { provide: KeyStore, useExisting: Registry },
    SteadyClock,
    LogCursors,
    Accounts,
    Sessions,
    SessionMetrics,
    Admission,
    KeyWatch,
    Announcer,
    Playback,
    PriceBroadcast,
    Questions,
    RequestHandler,
    SocketServer,
  ],
})
export class WsSessionModule {}
