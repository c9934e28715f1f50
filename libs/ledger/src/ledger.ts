import type { RecordedEvent } from '@core/contracts/event';
import type { FeedBatch } from '@core/contracts/feed';
import { SYSTEM_ACCOUNT, type Instant, type Uuid } from '@core/contracts/primitives';
import type { AppendBatch, Appended, EventLogWriter } from '@core/event-log/event-log';
import type { Aggregates } from './aggregates.ts';
import type { CommandDesk, Decisions } from './command-desk.ts';
import { feedBodies } from './feed-batches.ts';
import { strayEvent } from './intake-message.ts';
import type { LedgerMetrics } from './metrics.ts';
import { quarantineEvent } from './dead-letter.ts';
import type { WaitingLine, Work } from './write-queue.ts';

export interface LedgerParts {
  readonly log: EventLogWriter;
  readonly line: WaitingLine;
  readonly desk: CommandDesk;
  readonly aggregates: Aggregates;
  readonly metrics: LedgerMetrics;
  /** Broadcasts one body of the feed. */
  readonly publish: (body: string) => void;
  readonly now: () => Instant;
  readonly newId: () => Uuid;
  /** The build, as it stands in events. */
  readonly source: string;
}

/**
 * The one loop that writes the log: take what waits, decide, commit, tell.
 * It holds nothing that the log does not: whatever goes wrong ends the process, and the next one starts from the log.
 */
export class Ledger {
  private head = 0;
  private lastTime: Instant = '';

  constructor(private readonly parts: LedgerParts) {}

  /** Finds the end of the log, and shows it to whoever missed the last word of a ledger that died. */
  async prepare(): Promise<void> {
    const { log, aggregates } = this.parts;
    this.head = await log.head();
    await aggregates.hold(SYSTEM_ACCOUNT);
    if (this.head === 0) return;
    for await (const events of log.read(this.head - 1)) {
      this.lastTime = events.at(-1)?.recordedtime ?? this.lastTime;
      this.tell(events, { known: [], refused: [] });
    }
  }

  /** Runs until the line is closed and empty. */
  async run(): Promise<void> {
    const { line, log, metrics } = this.parts;
    let tellLast: (() => void) | null = null;
    for (let work = await line.take(); work; work = await line.take()) {
      const { batch, decisions } = this.prepareBatch(work);
      const stop = metrics.commitSeconds.startTimer();
      const appending = log.append(batch);
      tellLast?.(); // while Postgres works
      const appended = await appending;
      stop();
      this.settle(work, decisions, appended);
      tellLast = () => this.tellOf(work, appended);
      if (!line.isEmpty) continue;
      tellLast();
      tellLast = null;
    }
    tellLast?.();
  }

  private prepareBatch(work: Work): { readonly batch: AppendBatch; readonly decisions: Decisions } {
    const { desk, now, newId, source } = this.parts;
    const clock = now();
    const recordedtime = clock > this.lastTime ? clock : this.lastTime;
    const decisions = desk.decide(work.commands, this.head, recordedtime);
    const strays = straysOf(work);
    const batch: AppendBatch = {
      events: [
        ...decisions.events,
        ...work.messages.flatMap(({ message }) => message.events),
        ...strays.map((stray) => quarantineEvent(stray, { source, time: recordedtime, correlationid: newId() })),
      ],
      answers: decisions.answers,
      quarantined: strays.map(({ kept }) => kept),
      checkpoint: work.messages.at(-1)?.checkpoint ?? null,
      recordedtime,
    };
    return { batch, decisions };
  }

  /** What is committed becomes true here, and is answered. */
  private settle(work: Work, { placed }: Decisions, appended: Appended): void {
    const { aggregates, line, metrics } = this.parts;
    const { recorded, known, conflicting, answers } = appended;
    for (const [index, event] of recorded.entries()) {
      const expected = placed[index];
      if (expected === undefined) aggregates.apply(event);
      else if (!isSamePlace(event, expected)) throw new Error(`position ${event.position} is not what was decided`);
    }
    this.head = recorded.at(-1)?.position ?? this.head;
    this.lastTime = recorded.at(-1)?.recordedtime ?? this.lastTime;
    for (const { command, answered } of work.commands) {
      const answer = answers.get(command.commandid);
      if (!answer) throw new Error(`command ${command.commandid} was committed without an answer`);
      metrics.commands.inc({ type: command.type, outcome: answer.ok ? 'ok' : answer.refusal.reason });
      answered(answer);
    }
    const ours = conflicting.filter(({ subject, type }) => subject !== SYSTEM_ACCOUNT || type !== 'MessageQuarantined');
    line.addStrays(ours.map((event) => strayEvent(event, 'intake', 'its id is taken', 'same-id-other-content')));
    metrics.events.inc(recorded.length);
    metrics.duplicates.inc(known.length);
    metrics.quarantined.inc(straysOf(work).length);
    metrics.batchEvents.observe(recorded.length);
    metrics.head.set(this.head);
  }

  private tellOf(work: Work, { recorded, known }: Appended): void {
    const refused = straysOf(work).flatMap(({ id, kept: { reason } }) => (id === null ? [] : [{ id, reason }]));
    this.tell(recorded, { known, refused });
  }

  private tell(events: readonly RecordedEvent[], confirmations: Pick<FeedBatch, 'known' | 'refused'>): void {
    for (const body of feedBodies(events, confirmations)) this.parts.publish(body);
  }
}

const straysOf = ({ strays, messages }: Work) => [...strays, ...messages.flatMap(({ message }) => message.strays)];

const isSamePlace = (one: RecordedEvent, other: RecordedEvent): boolean =>
  one.id === other.id &&
  one.position === other.position &&
  one.version === other.version &&
  one.recordedtime === other.recordedtime;
