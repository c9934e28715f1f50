import type { Answer, Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { LINE } from '@core/log-proof/line';
import { createHash } from 'node:crypto';
import {
  LogFenced,
  type AppendBatch,
  type Appended,
  type EventLogWriter,
  type IntakeCheckpoint,
  type KeptAnswer,
  type Quarantined,
  type Until,
} from './event-log.ts';
import type { ForgottenCounts, Horizons } from './forgetting.ts';
import { retoldAnswer } from './retold-answer.ts';
import { sortBatch } from './sorted-batch.ts';
import { decodeLine, encodeLine } from './stored-line.ts';
import { upcasters as known, type Upcasters } from './upcast.ts';

/** What one log holds, for several `MemoryEventLog`s on it; as text, so that nobody shares objects with it. */
export class MemoryStore {
  readonly lines: string[] = [];
  readonly identities = new Map<Uuid, number>();
  readonly versions = new Map<AccountId, number>();
  /** `at` is where the log stood. */
  readonly answers = new Map<Uuid, KeptAnswer & { readonly at: number }>();
  readonly quarantine = new Map<string, Quarantined>();
  /** Ids of events and of commands. */
  readonly forgotten = new Set<Uuid>();
  checkpoint: IntakeCheckpoint | null = null;
  recordedtime = '';
  writer: MemoryEventLog | null = null;
}

/** The log without a database, for specs: what it does is what `PostgresEventLogWriter` does. */
export class MemoryEventLog implements EventLogWriter {
  /** Takes over from the store's earlier writer, if there is one. */
  constructor(
    readonly store = new MemoryStore(),
    private readonly upcasters: Upcasters = known,
  ) {
    store.writer = this;
  }

  async append(batch: AppendBatch): Promise<Appended> {
    const { store } = this;
    if (store.writer !== this) throw new LogFenced();
    this.knowAgain(batch);
    const { fresh, known, repeated, conflicting } = sortBatch(batch.events, this.held(batch));
    const head = store.lines.length;
    if (fresh.length > 0 && batch.recordedtime > store.recordedtime) store.recordedtime = batch.recordedtime;

    const recorded = fresh.map((event): RecordedEvent => {
      const version = (store.versions.get(event.subject) ?? 0) + 1;
      const position = store.lines.length + 1;
      const placed = { ...event, position, version, recordedtime: store.recordedtime };
      store.versions.set(event.subject, version);
      store.identities.set(event.id, position);
      store.lines.push(encodeLine(placed));
      return placed;
    });
    let end = head;
    const answers = batch.answers.map(({ commandid, content, eventIds, answer }): [Uuid, Answer] => {
      end = Math.max(end, ...eventIds.map((id) => store.identities.get(id) ?? 0));
      const kept = answer.ok ? { ...answer, position: end } : answer;
      store.answers.set(commandid, { answer: kept, content, at: end });
      return [commandid, kept];
    });
    for (const each of batch.quarantined) store.quarantine.set(each.messageId, each);
    store.checkpoint = batch.checkpoint ?? store.checkpoint;

    const again = repeated.map(({ id }) => ({ id, position: store.identities.get(id) ?? 0 }));
    return { recorded, known: [...known, ...again], conflicting, answers: new Map(answers) };
  }

  async accounts(): Promise<Set<AccountId>> {
    const last = new Map(this.decode(this.store.lines).map(({ subject, type }) => [subject, type]));
    return new Set([...this.store.versions.keys()].filter((each) => last.get(each) !== 'AccountDeparted'));
  }

  async checkpoint(): Promise<IntakeCheckpoint | null> {
    return this.store.checkpoint;
  }

  async quarantined(messageId: string): Promise<Quarantined | null> {
    return this.store.quarantine.get(messageId) ?? null;
  }

  async answers(commands: readonly Command[]): Promise<ReadonlyMap<Uuid, KeptAnswer>> {
    const known = commands.map((command) => [command.commandid, this.answerTo(command)] as const);
    return new Map(known.filter((entry): entry is [Uuid, KeptAnswer] => entry[1] !== null));
  }

  async answeredOf(commandids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    return new Set(commandids.filter((id) => this.store.answers.has(id)));
  }

  async lookUpCommandsOf(account: AccountId): Promise<void> {
    for (const { subject, causationid } of this.decode(this.store.lines))
      if (subject === account && causationid !== null && !this.store.answers.has(causationid))
        this.store.forgotten.add(causationid);
  }

  mayHaveForgotten(commandid: Uuid): boolean {
    return this.store.forgotten.has(commandid);
  }

  async forget({ ids, answers }: Horizons): Promise<ForgottenCounts> {
    const { identities, answers: kept, forgotten } = this.store;
    const events = this.decode(this.store.lines);
    const oldIds = events.filter(({ id, recordedtime }) => recordedtime < ids && identities.delete(id));
    const upto = events.findLast(({ recordedtime }) => recordedtime < answers)?.position ?? 0;
    const oldAnswers = [...kept].filter(([, { at }]) => at < upto).map(([id]) => id);
    for (const id of oldAnswers) kept.delete(id);
    for (const id of [...oldIds.map((event) => event.id), ...oldAnswers]) forgotten.add(id);
    return { ids: oldIds.length, answers: oldAnswers.length, cases: 0 };
  }

  async *answered(): AsyncGenerator<readonly Uuid[]> {
    yield [...this.store.answers.keys()];
  }

  async head(): Promise<number> {
    return this.store.lines.length;
  }

  async *read(after: number, last?: number): AsyncGenerator<readonly RecordedEvent[]> {
    const events = this.decode(this.store.lines.slice(after, last));
    if (events.length > 0) yield events;
  }

  async digest(after: number, last: number): Promise<string> {
    return createHash('sha256').update(this.store.lines.slice(after, last).join(LINE)).digest('hex');
  }

  async holding(ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    return new Set(ids.filter((id) => this.store.identities.has(id)));
  }

  async *readAccount(
    account: AccountId,
    afterVersion = 0,
    until: Until = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const { position = Infinity, time = '9999' } = until;
    const events = this.decode(this.store.lines).filter(
      (event) =>
        event.subject === account &&
        event.version > afterVersion &&
        event.position <= position &&
        event.recordedtime <= time,
    );
    if (events.length > 0) yield events;
  }

  async readCorrelation(correlationid: Uuid): Promise<readonly RecordedEvent[]> {
    return this.decode(this.store.lines).filter((event) => event.correlationid === correlationid);
  }

  private answerTo(command: Command): KeptAnswer | null {
    const kept = this.store.answers.get(command.commandid);
    if (kept) return { answer: kept.answer, content: kept.content };
    if (!this.mayHaveForgotten(command.commandid)) return null;
    const led = this.decode(this.store.lines).filter(
      ({ subject, causationid }) => subject === command.subject && causationid === command.commandid,
    );
    const answer = retoldAnswer(command, led);
    return answer && { answer, content: null };
  }

  /** What was forgotten and comes again. */
  private knowAgain({ events }: AppendBatch): void {
    const perhaps = new Set(events.map(({ id }) => id).filter((id) => this.store.forgotten.has(id)));
    if (perhaps.size === 0) return;
    for (const { id, position } of this.decode(this.store.lines))
      if (perhaps.has(id)) this.store.identities.set(id, position);
  }

  private decode(lines: readonly string[]): readonly RecordedEvent[] {
    return lines.map((line) => decodeLine(line, this.upcasters));
  }

  private held({ events }: AppendBatch) {
    const positions = events.flatMap(({ id }) => this.store.identities.get(id) ?? []);
    return new Map(
      this.decode(positions.map((position) => this.store.lines[position - 1] ?? '')).map((event) => [
        event.id,
        { ...event, data: JSON.stringify(event.data) },
      ]),
    );
  }
}
