import type { Answer, Command } from '@core/contracts/command';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Instant, Uuid, Venue } from '@core/contracts/primitives';
import type { EventLogWriter } from '@core/event-log/event-log';
import { TokenBucket } from '@core/kernel/token-bucket';
import { Aggregates } from './aggregates.ts';
import { CommandDeduplicator } from './command-deduplicator.ts';
import { CommandIntake } from './command-intake.ts';
import { HandedInMessages } from './handed-in.ts';
import { ImportedPast } from './imported-past.ts';
import { readIntakeMessage, type IntakeBounds, type IntakeMessage } from './intake-message.ts';
import { Instruments, type AskSnapshot } from './instruments.ts';
import { KillSwitch } from './kill-switch.ts';
import type { LedgerMetrics } from './ledger-metrics.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { Ledger } from './ledger.ts';
import { OrderDeadlines } from './order-deadlines.ts';
import { RefusalJournal } from './refusal-journal.ts';
import { RequestAges } from './request-ages.ts';
import { RunawayBreaker } from './runaway-breaker.ts';
import { SignalSettler } from './signal-settler.ts';
import type { SubmitOwn } from './submit-own.ts';
import { WriteQueue } from './write-queue.ts';

/**
 * How much of what comes of accounts that nobody registered is told. Whoever sent the rest hears nothing, sends it again
 * later and less often, and is told then.
 */
const STRANGERS_A_MINUTE = 16;

/** What the ledger needs of the world. */
export interface LedgerPorts {
  readonly log: EventLogWriter;
  /** Broadcasts one body of the feed. */
  readonly publish: (body: string) => void;
  readonly askSnapshot: AskSnapshot;
  /** The prices of a venue as they are now; a stale one is none. */
  readonly market: (venue: Venue) => PricedMarket;
  readonly metrics: LedgerMetrics;
  /** What the ledger commands itself is on its way, because of an event; what this gives is called with the answer. */
  readonly commanding?: ((command: Command, cause: Uuid | null) => (answer: Answer) => void) | undefined;
  /** The present, to decide by; a clock that is set right may take it back. */
  readonly now: () => Instant;
  /** Milliseconds of a clock that only goes forward, to measure ages by. */
  readonly steadyMs: () => number;
  readonly newId: () => Uuid;
  /** The build, as it stands in events. */
  readonly source: string;
}

/**
 * The whole ledger without a process around it: commands go in by `commands`, facts by `queue`, what venues say by
 * `instruments`; `loop` decides and commits what waits.
 */
export class LedgerCore {
  readonly queue: WriteQueue;
  readonly instruments: Instruments;
  readonly commands: CommandIntake;
  readonly loop: Ledger;
  private readonly now: () => Instant;
  private readonly steadyMs: () => number;
  private readonly strangers: TokenBucket;
  private readonly first: CommandDeduplicator;

  constructor(
    ports: LedgerPorts,
    private readonly settings: LedgerSettings,
  ) {
    const { log, askSnapshot, market, publish, metrics, now, steadyMs, newId, source } = ports;
    const aggregates = new Aggregates(log, settings.aggregatesMax);
    const first = new CommandDeduplicator(log, settings.answersMax);
    const queue = new WriteQueue(settings);
    const instruments = new Instruments(askSnapshot, settings.instrumentsPauseMs);
    const ages = new RequestAges(steadyMs, now);
    const refusals = new RefusalJournal(steadyMs);
    const handedIn = new HandedInMessages(log, () => this.bounds());
    const past = new ImportedPast(log);
    const knowing = { aggregates, instruments, market, ages, refusals, handedIn, past };
    const deciding = { ...knowing, limits: settings, newId, source };
    this.now = now;
    this.steadyMs = steadyMs;
    this.strangers = new TokenBucket(STRANGERS_A_MINUTE / 60, STRANGERS_A_MINUTE, steadyMs());
    this.first = first;
    this.queue = queue;
    this.instruments = instruments;
    this.commands = new CommandIntake(
      ...([queue, aggregates, first, instruments, handedIn, past] as const),
      settings.waitingCommandsMax,
    );
    const submit: SubmitOwn = async (wish, cause) => {
      const command: Command = { commandid: newId(), source, time: now(), ...wish };
      const answered = ports.commanding?.(command, cause);
      const answer = await this.commands.submit(command);
      answered?.(answer);
      return answer;
    };
    const { marketOrderMaxAgeMs: maxAgeMs } = settings;
    const deadlines = new OrderDeadlines({ ages, source, submit, maxAgeMs });
    const breaker = new RunawayBreaker(submit);
    const killSwitch = new KillSwitch({ aggregates, newId, submit });
    const settler = new SignalSettler({ aggregates, submit });
    this.loop = new Ledger({ ...deciding, deadlines, killSwitch, breaker, settler, log, queue, metrics, publish, now });
  }

  /** Learns which commands were answered, so that the log need not be asked for all others; it may be asked meanwhile. */
  recall(): Promise<void> {
    return this.first.recall(this.settings.seenIdsBytes);
  }

  /** A message of the intake as of now, once the loop is prepared. */
  read(subject: string, origin: string, body: Uint8Array): IntakeMessage {
    return readIntakeMessage(subject, origin, body, this.bounds());
  }

  private bounds(): IntakeBounds {
    return {
      now: this.now(),
      isRegistered: (account) => this.loop.isRegistered(account),
      mayTellOfStranger: () => this.strangers.take(this.steadyMs()),
    };
  }
}
