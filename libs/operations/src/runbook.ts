import type { Alert } from './finding.ts';

/** What an operator knows of one alert. */
export interface RunbookEntry {
  readonly means: string;
  /** What usually leads to it, the most frequent first. */
  readonly causes: readonly string[];
  readonly steps: readonly string[];
  /** What makes it worse. */
  readonly never: readonly string[];
}

/** By the name of the alert in infra/observability/rules.yml. */
export const RUNBOOK = {
  ServiceDown: {
    means: 'Nobody answers on the port of health and metrics of a service.',
    causes: ['the process ended and is not started again', 'its machine or network is away'],
    steps: ['Read the end of its log: the last line says why it ended.', 'Start it again.'],
    never: ['Do not delete its data: a service finds everything again in the log.'],
  },
  ServiceNotReady: {
    means: 'A service runs and may not be given work; its reasons say which of its checks is down.',
    causes: ['Postgres or NATS is away', 'it still reads the log after a start', 'accounts have no session yet'],
    steps: [
      'Read the reasons: `npm run ops -- status`, or `/health/ready` on its port.',
      'Mend what they name; a service that was only cut off goes on by itself.',
    ],
    never: ['Do not restart it again and again while it reads the log: each start reads from its last snapshot.'],
  },
  NoLedgerWrites: {
    means:
      'No ledger holds the lock of the log: nothing is recorded, commands are not answered, facts wait in the intake.',
    causes: [
      'the ledger does not run',
      'the disk of Postgres is full, and the ledger waits for room',
      'another process holds the lock of the log in Postgres',
    ],
    steps: [
      'Start a ledger, or a second one that stands by.',
      'Where its readiness says that a disk is full, make room: it goes on by itself.',
      'Where one runs and waits, look in `pg_stat_activity` for who holds the advisory lock, and end that connection.',
    ],
    never: ['Do not empty the intake: what waits there is recorded once, as soon as a ledger writes.'],
  },
  BuildsDiffer: {
    means: 'Services of several builds have run beside each other for half an hour.',
    causes: ['an upgrade stopped half way'],
    steps: ['Finish the upgrade, or go back: `build_info` says who runs what.'],
    never: ['Do not promote a projection meanwhile.'],
  },
  EventLoopBlocked: {
    means: 'A service is busy with itself: everything it answers is late.',
    causes: ['the machine has too few cores for what runs on it', 'a question of unusual size'],
    steps: ['Look at the load of the machine.', 'Move the service to another one, or run one more of it.'],
    never: ['Do not raise time limits: what is late stays late.'],
  },
  LogIsNotWhatWasSigned: {
    means: 'The log in the database is not what the ledger committed or signed: it was changed, cut off or restored.',
    causes: ['a backup was restored', 'somebody changed rows of the log'],
    steps: [
      'Let nobody trade until you know: `npm run ops -- trading halt --note <why>`.',
      'Ask what differs: `npm run ops -- log verify`.',
      'Compare the broker’s view with ours for each account: `npm run ops -- state <account>`.',
    ],
    never: ['Do not delete checkpoints: they are the proof.'],
  },
  ClocksDiffer: {
    means: 'One of the clocks of machine, Postgres and NATS is seconds away from the others; it is not followed.',
    causes: ['time synchronisation does not run on that machine'],
    steps: ['Set the clock of the machine that `clock` names, by its time synchronisation.'],
    never: ['Do not set the clock back by hand while the ledger runs.'],
  },
  CommitsAreSlow: {
    means: 'One commit in a hundred takes more than half a second: orders and facts wait for it.',
    causes: ['the disk of Postgres is slow or nearly full', 'a long query or a vacuum is in its way'],
    steps: ['Look at the disk of Postgres, and at `pg_stat_activity` for what runs long.'],
    never: ['Do not switch off `fsync` or `synchronous_commit`: what was acknowledged would be lost.'],
  },
  ProjectionBehind: {
    means: 'What a service shows is older than the log by more than a quarter of a minute.',
    causes: ['Postgres is slow or away', 'the service is busy', 'more is recorded than it can fold'],
    steps: ['Look at the service’s log and at Postgres.', 'A restart reads on from its last snapshot.'],
    never: ['Do not trade by what it shows: ask `npm run ops -- state <account>`, which reads the log.'],
  },
  FeedDisbelieved: {
    means: 'Somebody told of events on the feed that the log does not hold; they were not believed.',
    causes: [
      'another system uses the same NATS',
      'the ledger writes to another database than this service reads',
      'the password of the ledger at NATS is known to somebody else',
    ],
    steps: ['Compare `DATABASE_URL` and `NATS_URL` of all services.', 'Change the ledger’s password at NATS.'],
    never: ['Do not ignore it: whoever can write to the feed may try more.'],
  },
  NobodyLooksForFindings: {
    means:
      'The console cannot say what needs a person, so the alerts that follow from it are silent for no good reason.',
    causes: ['the console does not run', 'it cannot read Postgres'],
    steps: ['Ask by hand: `npm run ops -- status`.', 'Read the console’s log, and start it again.'],
    never: ['Do not take silence for health meanwhile.'],
  },
  OutcomeUnknown: {
    means: 'A request was sent to a broker and nobody can say what became of it; it is never sent again.',
    causes: ['the broker did not answer in time', 'the connection broke between sending and answer'],
    steps: [
      'Read its story: `npm run ops -- why <request>`.',
      'Look at the broker’s own terminal for the order or position.',
      'The connector looks by itself; where it does not find it, settle it: `npm run ops -- orders resolve <request> --as executed|not-executed --evidence … --note …`.',
    ],
    never: ['Do not place the order again before it is settled: it may have been executed.'],
  },
  MessageQuarantined: {
    means: 'Messages could not be recorded; they are kept, and their account’s later ones may wait.',
    causes: ['a newer build sent what this one does not read', 'a sender told what it may not'],
    steps: [
      'Read them: `npm run ops -- quarantine list`, then `quarantine show <message>`.',
      'Release it after an upgrade, replace it, or skip it with a note.',
    ],
    never: ['Do not skip a fact of a broker without looking at the account there.'],
  },
  BooksDrifted: {
    means: 'What the broker holds of an account differs from what the log says.',
    causes: ['a trade at the broker that it did not tell of', 'facts in quarantine', 'a correction by the broker'],
    steps: [
      'Read what differs: `npm run ops -- log show <position>` of the last drift.',
      'Ask the broker for its record.',
    ],
    never: ['Do not correct the log by hand: it is append-only, and the next reconciliation tells again.'],
  },
  BrokerSessionLost: {
    means: 'An account is not connected to its broker: its orders wait, and what happens there is told later.',
    causes: ['the broker is away', 'the password was changed', 'the connector does not run'],
    steps: ['Read the reason: `npm run ops -- state <account>`.', 'Where the login is refused, give the new password.'],
    never: ['Do not log in with the same account elsewhere to test: some brokers then cut ours off.'],
  },
  TradingHalted: {
    means: 'An operator halted trading, for everyone or for an account, and it is still halted.',
    causes: ['somebody meant it: the note says why'],
    steps: ['Ask who halted it.', 'When the reason is gone: `npm run ops -- trading resume --note <why>`.'],
    never: ['Do not resume what somebody else halted without asking.'],
  },
  SignalHalfDone: {
    means: 'A strategy’s signal closed its position and the next one was not opened: the strategy holds nothing.',
    causes: [
      'the broker refused the new position',
      'the market closed, or the money did not suffice',
      'a fault of ours',
    ],
    steps: [
      'Read why: `npm run ops -- signals show <requestId>`.',
      'Where its user still wants the position: `npm run ops -- signals resume <requestId> --confirm --note <why>`.',
      'Otherwise, or where it was seen to by other means: `npm run ops -- signals dismiss <requestId> --note <what was done>`. The strategy’s next signal, or its end, ends it too.',
    ],
    never: ['Do not open the position by hand: the strategy would not know it, and nobody would close it.'],
  },
  DeliveriesUnreadable: {
    means: 'ProQuant delivered something within the last day that nobody here could read; nothing was done about it.',
    causes: ['a version of its events that is not known here', 'a proxy that changes bodies'],
    steps: [
      'Read them: `npm run ops -- signals dead`, then `npm run ops -- signals show <requestId>`.',
      'After an upgrade that reads them: `npm run ops -- signals replay <requestId> --note <why>`.',
    ],
    never: ['Do not replay an entry of hours ago: its market is another one now.'],
  },
  ProquantVersionEnds: {
    means: 'ProQuant says with its deliveries that it will drop the version of its events that is spoken here.',
    causes: ['a newer version of its guide'],
    steps: [
      'Read the date in the webhook’s log, and ask ProQuant for the guide of the next version.',
      'Have the next version spoken here before that date: what comes without ours is answered 422 and not carried out.',
    ],
    never: ['Do not silence it for good: on that date every strategy stops, and nobody closes what they hold.'],
  },
  PricesStale: {
    means:
      'Prices that are shown have stopped while their market is open; they count as none where money depends on them.',
    causes: ['the broker’s stream is silent', 'the connector that speaks for the venue does not run'],
    steps: ['Look at `npm run ops -- market quotes` and the connector’s log.'],
    never: ['Do not lift limits on the age of prices to trade on.'],
  },
  TradingRequestsFail: {
    means: 'Trading requests got no answer, or failed for a fault of ours; what became of the unanswered is not known.',
    causes: ['the ledger does not answer in time', 'a fault in the service: its log has the error'],
    steps: [
      'Find their lines in the service’s log (`"outcome":"unanswered"`), and ask `npm run ops -- why <requestId>`.',
      'Look at the ledger: it writes, and commits are quick?',
    ],
    never: ['Do not tell users that their order was refused: it may have been taken.'],
  },
} as const satisfies Readonly<Record<string, RunbookEntry>>;

type AlertName = keyof typeof RUNBOOK;

const BY_KIND: Readonly<Record<Alert['kind'], AlertName>> = {
  service: 'ServiceNotReady',
  session: 'BrokerSessionLost',
  'unknown-outcome': 'OutcomeUnknown',
  quarantine: 'MessageQuarantined',
  drift: 'BooksDrifted',
  halt: 'TradingHalted',
  'half-done': 'SignalHalfDone',
  'dead-delivery': 'DeliveriesUnreadable',
};

/** What an operator knows of a finding, and where in docs/runbook.md it stands. */
export function runbookOf({ kind }: Pick<Alert, 'kind'>): RunbookEntry & { readonly section: string } {
  const name = BY_KIND[kind];
  return { ...RUNBOOK[name], section: `docs/runbook.md#${name.toLowerCase()}` };
}
