import { LedgerUnavailable } from '@core/bus/command-client';
import type { MarketView } from '@core/bus/market-view';
import type { Answer, Command } from '@core/contracts/command';
import { SCHEMA_VERSION, type Event, type RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { accountAggregate, decideCommand, type AccountAggregate } from '@core/domain/account-aggregate';
import type { EventLogWriter, FirstAnswer } from '@core/event-log/event-log';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { newId, now } from '@core/service/clock';
import type { Followers } from './feed/followers.ts';
import { Ledger } from './trading/ledger.ts';

/** The ledger's rules on a log in memory, and the feed as a call: what stands on the other side of NATS. */
export class MemoryLedger extends Ledger {
  /** Every command that arrived, also the refused ones. */
  readonly commands: Command[] = [];
  /** `silent`: takes commands and never answers. `gone`: takes none. */
  mood: 'well' | 'silent' | 'gone' = 'well';
  /** The feed comes this long after the answer, as on a network it may. */
  feedDelayMs = 0;
  private readonly aggregates = new Map<AccountId, AccountAggregate>();
  private followers: Pick<Followers, 'offer'> | undefined;

  constructor(
    private readonly market: MarketView,
    readonly log: EventLogWriter = new MemoryEventLog(),
  ) {
    super();
  }

  feedTo(followers: Pick<Followers, 'offer'>): void {
    this.followers = followers;
  }

  async send(command: Command): Promise<Answer> {
    this.commands.push(command);
    if (this.mood === 'gone') throw new LedgerUnavailable(command);
    const known = (await this.log.answers([command.commandid])).get(command.commandid);
    const answer = known ?? (await this.decide(command));
    if (this.mood === 'silent') throw new LedgerUnavailable(command);
    return answer;
  }

  /** Facts, as a connector would report them. */
  async record(...events: readonly Event[]): Promise<void> {
    await this.append(events, []);
  }

  private async decide(command: Command): Promise<Answer> {
    const decision = decideCommand(this.aggregateOf(command.subject), command, {
      now: now(),
      instrument: (venue, instrument) => this.market.instrument(venue, instrument),
      system: { halted: false, closeOnly: false },
      limits: { requestMaxAgeMs: 30_000 },
    });
    const events = decision.events.map((happening): Event => ({
      id: newId(),
      schemaversion: SCHEMA_VERSION,
      source: 'ledger@spec',
      subject: command.subject,
      time: now(),
      correlationid: command.correlationid,
      causationid: command.commandid,
      ...happening,
    }));
    const answer: Answer = decision.refusal
      ? { ok: false, refusal: decision.refusal }
      : { ok: true, position: 0, eventIds: events.map(({ id }) => id) };
    const answers = [{ commandid: command.commandid, eventIds: events.map(({ id }) => id), answer }];
    return (await this.append(events, answers)).get(command.commandid) ?? answer;
  }

  private async append(
    events: readonly Event[],
    answers: readonly FirstAnswer[],
  ): Promise<ReadonlyMap<string, Answer>> {
    const batch = { events, answers, quarantined: [], checkpoint: null, recordedtime: now() };
    const { recorded, answers: stored } = await this.log.append(batch);
    for (const event of recorded) accountAggregate.evolve(this.aggregateOf(event.subject), event);
    this.tell(recorded);
    return stored;
  }

  private tell(events: readonly RecordedEvent[]): void {
    const [first, last] = [events[0]?.position ?? 0, events.at(-1)?.position ?? 0];
    const batch = { first, last, events, known: [], refused: [] };
    if (this.feedDelayMs > 0) setTimeout(() => this.followers?.offer(batch), this.feedDelayMs).unref();
    else this.followers?.offer(batch);
  }

  private aggregateOf(account: AccountId): AccountAggregate {
    const known = this.aggregates.get(account);
    if (known) return known;
    const aggregate = accountAggregate.initial();
    this.aggregates.set(account, aggregate);
    return aggregate;
  }
}
