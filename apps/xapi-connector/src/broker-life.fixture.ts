import type { SessionListener } from '@core/connector/broker-adapter';
import { UnreadableAnswer } from '@core/connector/broker-failure';
import { Inbox } from '@core/connector/accounts/inbox';
import { EquityMarks } from '@core/connector/accounts/equity-marks';
import { OptimisticBook } from '@core/connector/accounts/optimistic-book';
import { driftRules, DriftSettings, ReconciliationSettings } from '@core/connector/drift/drift-settings';
import { Reconciler } from '@core/connector/drift/reconciler';
import { anEvent, eurusdTerms, exampleAccount } from '@core/contracts/examples.fixture';
import type { Now } from '@core/execution/knowledge';
import type { BrokerSnapshot } from '@core/execution/report';
import { instantFromMs } from '@core/kernel/instant';
import { brokerBook } from '@core/projections/broker-book/fold';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { translateTrades } from '@core/xapi/translate/trade';
import { LoginReports } from './login-reports.ts';

const DAY_MS = Date.UTC(2026, 0, 5, 10);
const TICK_MS = 1_000;
const money = { balance: '0', credit: '0', equity: '0', margin: '0', marginFree: '0', marginLevel: '0' } as const;

/** What a broker's records lead to, counted. */
export interface LedTo {
  /** Events in the log. */
  readonly recorded: number;
  /** Questions for everything. */
  readonly snapshots: number;
  readonly logged: number;
}

/**
 * One account of a broker that streams some records once and lists others whenever it is asked, on the real ledger and
 * everything of a connector that concludes something from them, for so many seconds of a clock that is turned.
 */
export async function brokerLife(
  { streamed, listed, history }: { readonly streamed: unknown; readonly listed: unknown; readonly history: unknown },
  seconds: number,
): Promise<LedTo> {
  let ms = 0;
  let [snapshots, logged] = [0, 0];
  const now = (): Now => ({ ms, at: instantFromMs(DAY_MS + ms) });
  const ledger = new MemoryLedger({ now: () => now().at, steadyMs: () => ms });
  const fold = brokerBook.initial();
  const logBook = () => structuredClone(fold);
  await ledger.record(anEvent('AccountRegistered'));
  const [registered] = ledger.events;
  if (registered) brokerBook.evolve(fold, registered);

  const settings = new ReconciliationSettings();
  const book: OptimisticBook = new OptimisticBook(logBook(), {
    ...{ account: exampleAccount, source: 'spec', graceMs: settings.graceMs, raceMs: settings.raceMs, now },
    contractOf: () => eurusdTerms,
    intake: { send: (_account, events) => void ledger.report(...events) },
    onTold: () => undefined,
  });
  ledger.listen(({ events, refused }) => {
    for (const event of events) {
      if (event.subject !== exampleAccount) continue;
      brokerBook.evolve(fold, event);
      book.learn(event, now());
    }
    for (const { id } of refused) book.refused(id);
  });
  const log = { error: () => void (logged += 1) };
  const inbox = new Inbox({
    ...{ account: exampleAccount, bufferedRecordsMax: 100, equity: new EquityMarks(TICK_MS, TICK_MS), now, log },
    metrics: { unreadable: () => undefined },
    onOverflow: () => undefined,
  });
  const reconciler = new Reconciler({
    ...{ tracker: book.tracker, settings, rules: driftRules(new DriftSettings()), now },
    emit: (facts) => book.emit(facts),
    sinceSentMs: () => null,
    learnInstruments: () => Promise.resolve(),
    onLook: () => undefined,
    onUnreadable: log.error,
  });
  const session = {
    snapshot: async (): Promise<BrokerSnapshot> => {
      snapshots += 1;
      const trades = translateTrades(listed, history);
      if (!trades.ok) throw new UnreadableAnswer(trades.error);
      return { askedMs: ms, ...trades.value, money };
    },
    instrument: () => Promise.reject(new Error('nobody asks')),
  };
  const listener: SessionListener = Object.assign(inbox, { answered: () => undefined, closed: () => undefined });
  const reports = new LoginReports(listener, { record: () => undefined }, () => undefined);

  inbox.open(book);
  // A first look that cannot be read ends a session; what goes on here are the looks after it.
  await reconciler.start(session).catch((error: unknown) => {
    if (!(error instanceof UnreadableAnswer)) throw error;
    book.tracker.askForSnapshot();
  });
  if (streamed !== undefined) reports.record('trade', Object(streamed));
  for (const endMs = ms + seconds * 1_000; ms < endMs; ms += TICK_MS) {
    if (book.tracker.waiting) book.emit(book.tracker.settle(now()));
    if (book.hasDiverged) book.rebase(logBook());
    reconciler.advance(session);
    await new Promise(setImmediate);
  }
  await ledger.end();
  return { recorded: await ledger.log.head(), snapshots, logged };
}
