import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import { SYSTEM_ACCOUNT, type AccountId, type Instant } from '@core/contracts/primitives';
import type { AppendBatch, Appended, EventLogWriter } from '@core/event-log/event-log';
import { quarantineEvent } from './dead-letter.ts';
import { decideBatch, type DecidingParts, type Decisions } from './decide-batch.ts';
import { feedBodies } from './feed-batches.ts';
import { deadLetterOfConflict } from './intake-message.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { LedgerMetrics } from './ledger-metrics.ts';
import type { OrderDeadlines } from './order-deadlines.ts';
import type { RequestAges } from './request-ages.ts';
import type { RunawayBreaker } from './runaway-breaker.ts';
import type { SignalSettler } from './signal-settler.ts';
import type { Work, WriteQueue } from './write-queue.ts';

export interface LedgerParts extends DecidingParts {
  readonly ages: RequestAges;
  readonly deadlines: OrderDeadlines;
  readonly killSwitch: KillSwitch;
  readonly breaker: RunawayBreaker;
  readonly settler: SignalSettler;
  readonly log: EventLogWriter;
  readonly queue: WriteQueue;
  readonly metrics: LedgerMetrics;
  /** Broadcasts one body of the feed. */
  readonly publish: (body: string) => void;
  readonly now: () => Instant;
}

/**
 * The one loop that writes the log: take what waits, decide, commit, tell.
 * It holds nothing that the log does not: whatever goes wrong ends the process, and the next one starts from the log.
 */
export class Ledger {
  private head = 0;
  private lastTime: Instant = '';
  private committing: Promise<unknown> = Promise.resolve();
  /** Accounts that are at home in the log: the first event of each says that it was registered. */
  private accounts = new Set<AccountId>();

  constructor(private readonly parts: LedgerParts) {}

  /** Facts are taken of these accounts only. */
  isRegistered(account: AccountId): boolean {
    return this.accounts.has(account);
  }

  /** Finds the end of the log, and shows it to whoever missed the last word of a ledger that died. */
  async prepare(): Promise<void> {
    const { log, aggregates, killSwitch } = this.parts;
    this.head = await log.head();
    this.accounts = await log.accounts();
    const { state } = await aggregates.hold(SYSTEM_ACCOUNT);
    for (const account of Object.keys(state.arrivals)) await this.leaveOutUnlessArrived(account);
    killSwitch.begin(this.accounts);
    if (this.head === 0) return;
    for await (const events of log.read(this.head - 1)) {
      this.lastTime = events.at(-1)?.recordedtime ?? this.lastTime;
      this.tell(events, { known: [], refused: [] });
    }
  }

  /** For readiness: resolves once what is being committed is, and rejects when the last commit failed. */
  async committed(): Promise<void> {
    await this.committing;
  }

  /** Runs until the queue is closed and empty. */
  async run(): Promise<void> {
    const { queue, log, metrics } = this.parts;
    let tellLast: (() => void) | null = null;
    for (let work = await queue.take(); work; work = await queue.take()) {
      const { batch, decisions } = this.decide(work);
      const committed = metrics.committing(batch);
      const appending = log.append(batch);
      this.committing = appending;
      tellLast?.(); // while Postgres works
      const appended = await appending;
      this.head = appended.recorded.at(-1)?.position ?? this.head;
      committed(appended, this.head);
      this.settle(work, decisions, appended);
      tellLast = () => this.tellOf(work, appended);
      if (!queue.isEmpty) continue;
      tellLast();
      tellLast = null;
    }
    tellLast?.();
    this.parts.deadlines.stop();
    this.parts.killSwitch.stop();
  }

  /** What the next transaction makes true. The log's time never goes back; what is decided is decided at the present. */
  private decide(work: Work): { readonly batch: AppendBatch; readonly decisions: Decisions } {
    const { now, newId, source } = this.parts;
    const clock = now();
    const recordedtime = clock > this.lastTime ? clock : this.lastTime;
    const commands = work.commands.map(({ command }) => command);
    const decisions = decideBatch(commands, this.parts, { head: this.head, now: clock, recordedtime });
    const deadLetters = deadLettersOf(work);
    const batch: AppendBatch = {
      events: [
        ...decisions.events,
        ...decisions.handedIn,
        ...decisions.imported,
        ...work.messages.flatMap(({ message }) => message.events),
        ...deadLetters.map((deadLetter) =>
          quarantineEvent(deadLetter, { source, time: clock, correlationid: newId() }),
        ),
      ],
      answers: decisions.answers,
      quarantined: deadLetters.map(({ kept }) => kept),
      checkpoint: work.messages.at(-1)?.checkpoint ?? null,
      recordedtime,
    };
    return { batch, decisions };
  }

  /** What is committed becomes true here, and is answered. */
  private settle(work: Work, { placed, imported, passing }: Decisions, appended: Appended): void {
    const { aggregates, ages, deadlines, killSwitch, breaker, settler, queue, metrics } = this.parts;
    const { recorded, conflicting, answers } = appended;
    const past = new Set(imported.map(({ id }) => id));
    const happened = past.size === 0 ? recorded : recorded.filter(({ id }) => !past.has(id));
    for (const [index, event] of recorded.entries()) {
      if (event.type === 'AccountDeparted') this.accounts.delete(event.subject);
      else if (!past.has(event.id)) this.accounts.add(event.subject);
      const expected = placed[index];
      if (expected === undefined) aggregates.apply(event);
      else if (!isSamePlace(event, expected)) throw new Error(`position ${event.position} is not what was decided`);
    }
    for (const event of happened) {
      ages.committed(event);
      deadlines.committed(event);
      killSwitch.committed(event, this.accounts);
      breaker.committed(event);
      settler.committed(event);
    }
    this.lastTime = recorded.at(-1)?.recordedtime ?? this.lastTime;
    for (const { command, answered } of work.commands) {
      const answer = answers.get(command.commandid) ?? passing.get(command.commandid);
      if (!answer) throw new Error(`command ${command.commandid} was committed without an answer`);
      metrics.decided(command.type, answer.ok ? 'ok' : answer.refusal.reason);
      answered(answer);
    }
    const ours = conflicting.filter(({ subject, type }) => subject !== SYSTEM_ACCOUNT || type !== 'MessageQuarantined');
    queue.addDeadLetters(ours.map(deadLetterOfConflict));
  }

  /** Of one whose past is only being taken over nothing is taken from others. */
  private async leaveOutUnlessArrived(account: AccountId): Promise<void> {
    const { aggregates } = this.parts;
    const { arrivals } = aggregates.known(SYSTEM_ACCOUNT).state;
    const { residence } = (await aggregates.hold(account)).state;
    if (residence.phase !== 'home' || residence.moveId !== arrivals[account]) this.accounts.delete(account);
    aggregates.release(account);
  }

  private tellOf(work: Work, { recorded, known }: Appended): void {
    const refused = deadLettersOf(work).flatMap(({ id, kept: { reason } }) => (id === null ? [] : [{ id, reason }]));
    this.tell(recorded, { known, refused });
  }

  private tell(events: readonly RecordedEvent[], confirmations: Pick<FeedBatch, 'known' | 'refused'>): void {
    for (const body of feedBodies(events, confirmations)) this.parts.publish(body);
  }
}

const deadLettersOf = ({ deadLetters, messages }: Work) => [
  ...deadLetters,
  ...messages.flatMap(({ message }) => message.deadLetters),
];

const isSamePlace = (one: RecordedEvent, other: RecordedEvent): boolean =>
  one.id === other.id &&
  one.position === other.position &&
  one.version === other.version &&
  one.recordedtime === other.recordedtime;
