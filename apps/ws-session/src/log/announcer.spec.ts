import { MarketView } from '@core/bus/market-view';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Screens } from '@core/service/screens';
import { noTracing } from '@core/service/tracing';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { sessionBook } from '@core/views/ws-session/session-book';
import { Registry } from 'prom-client';
import { AccountSettings, AdmissionSettings, PlaybackSettings } from '../config.ts';
import { SessionMetrics } from '../connection/metrics.ts';
import { Sessions } from '../connection/sessions.ts';
import { Accounts } from './accounts.ts';
import { Announcer } from './announcer.ts';
import { LogCursors } from './log-cursors.ts';
import { RecentMessages } from './recent-messages.ts';

const opening = (n: number) =>
  anEvent('PositionOpened', { positionId: exampleId(0x9000 + n), brokerPosition: String(n) }, { id: exampleId(n) });

it('what happens while a process starts is kept with cursors that its clients can come back with, or not at all', async () => {
  const ledger = new MemoryLedger();
  await ledger.record(anEvent('AccountRegistered'));
  const { log } = ledger;
  const runner = new ProjectionRunner({ log, projections: [sessionBook], limits: { pollMs: 0 } });
  ledger.listen((batch) => runner.offer(batch));
  const cursors = new LogCursors(log, runner);
  const recent = new RecentMessages(runner, new PlaybackSettings());
  const sessions = new Sessions(new AdmissionSettings());
  const announcer = new Announcer(
    runner,
    new Accounts(runner, new MarketView(() => 0), cursors, new AccountSettings()),
    cursors,
    sessions,
    recent,
    new SessionMetrics(new Registry(), sessions),
    new Screens(noTracing),
  );
  const happens = async (n: number): Promise<void> => {
    const [event] = await ledger.record(opening(n));
    await runner.reached(event?.position ?? 0, 60_000);
  };

  await runner.start();
  await happens(1);
  await announcer.onApplicationBootstrap();
  await happens(2);
  await runner.stop();

  const kept = recent.after(recent.since) ?? [];
  expect(kept.map(({ position }) => position)).toContain(3);
  expect(kept.map(({ cursor }) => cursors.positionOf(cursor))).toEqual(kept.map(({ position }) => position));
  expect(kept.every(({ accountId }) => accountId === exampleAccount)).toBe(true);
});
