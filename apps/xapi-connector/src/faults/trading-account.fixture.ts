import type { Answer, CommandBody } from '@core/contracts/command';
import type { EventType, Recorded, RecordedEvent } from '@core/contracts/event';
import { toldAs } from '@core/contracts/examples.fixture';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { EventLog } from '@core/event-log/event-log';
import type { Registry } from '@core/registry/registry';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';

/** What an account trades in: the core, and the broker behind it. */
export interface TradingSurroundings {
  readonly log: EventLog;
  readonly registry: Registry;
  readonly connection: NatsConnection;
  /** What the connector logged, a line each. */
  readonly connector: { readonly lines: readonly string[] };
  command(account: AccountId, body: CommandBody): Promise<{ readonly commandid: Uuid; readonly answer: Answer }>;
  /** The hand behind the simulator. */
  broker<Answered = Record<string, unknown>>(method: string, path: string, body?: object): Promise<Answered>;
}

interface JournalEntry {
  readonly customTag: string | null;
}

/** One account, as whoever trades on it and whoever looks at it sees it. */
export class TradingAccount {
  constructor(
    private readonly around: TradingSurroundings,
    readonly id: AccountId,
    readonly userId: string,
  ) {}

  async events(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.around.log.readAccount(this.id)) events.push(...page);
    return events;
  }

  async all<Type extends EventType>(type: Type): Promise<Recorded<Type>[]> {
    return (await this.events()).filter((event): event is Recorded<Type> => event.type === type);
  }

  /** Done with it: its connections are free for others. */
  async retire(): Promise<void> {
    await this.around.registry.setAccountEnabled(this.id, false);
    this.around.connection.publish(subjects.registryChanged, Buffer.from('{}'));
  }

  /** The last event of a type that fits, once it is there. */
  async sees<Type extends EventType>(
    type: Type,
    fits: (event: Recorded<Type>) => boolean = () => true,
  ): Promise<Recorded<Type>> {
    let found: Recorded<Type> | undefined;
    await until(async () => {
      found = (await this.all(type)).findLast(fits);
      return found !== undefined;
    }).catch(async () => {
      const types = (await this.events()).map((event) => `${event.type} ${JSON.stringify(event.data)}`);
      throw new Error(
        `no ${type} that fits among\n${types.join('\n')}\n${this.around.connector.lines.slice(-15).join('\n')}`,
      );
    });
    if (!found) throw new Error('unreachable');
    return found;
  }

  /** The ledger's answer is yes, or this throws. */
  async command(body: CommandBody): Promise<Uuid> {
    const { commandid, answer } = await this.around.command(this.id, body);
    if (!answer.ok) throw new Error(`${body.type} refused: ${answer.refusal.reason}`);
    return commandid;
  }

  buy(volumeLots: `${number}` = '0.1', more: Partial<OrderTerms> = {}): Promise<Uuid> {
    return this.command({
      type: 'PlaceOrder',
      data: {
        instrument: 'EURUSD',
        side: 'buy',
        kind: 'market',
        volumeLots,
        price: null,
        stopLoss: null,
        takeProfit: null,
        expiresAt: null,
        requester: { edge: 'operator', reference: null },
        signal: null,
        ...more,
      },
    });
  }

  closePosition(positionId: Uuid, volumeLots: `${number}` | null = null): Promise<Uuid> {
    const requester = { edge: 'operator', reference: null } as const;
    return this.command({ type: 'ClosePosition', data: { positionId, volumeLots, requester } });
  }

  async reverse(positionId: Uuid): Promise<{ readonly closeId: Uuid; readonly orderId: Uuid }> {
    const protection = { stopLoss: null, takeProfit: null, requester: { edge: 'operator', reference: null } } as const;
    const closeId = await this.command({ type: 'ReversePosition', data: { positionId, ...protection } });
    const { data } = await this.sees('CloseRequested', ({ data: { requestId } }) => requestId === closeId);
    if (data.reversedBy === undefined) throw new Error(`${closeId} is no reversal`);
    return { closeId, orderId: data.reversedBy };
  }

  /** Those that the log knows as open. */
  async openPositions(): Promise<Uuid[]> {
    const closed = (await this.all('PositionClosed')).map(({ data: { positionId } }) => positionId);
    const opened = (await this.all('PositionOpened')).map(({ data: { positionId } }) => positionId);
    return opened.filter((positionId) => !closed.includes(positionId));
  }

  /** A person opens a position at the broker; resolves to the broker's number. */
  async humanOpens(fields: object = {}): Promise<number> {
    const body = { symbol: 'EURUSD', side: 'buy', volume: '0.1', ...fields };
    const path = `accounts/${this.userId}/positions`;
    return (await this.around.broker<{ position: number }>('POST', path, body)).position;
  }

  humanCloses(position: number, fields: object = {}): Promise<unknown> {
    return this.around.broker('POST', `positions/${position}/close`, fields);
  }

  /** A person places a stop far above the market. */
  async humanPlaces(fields: object = {}): Promise<number> {
    const body = { symbol: 'EURUSD', kind: 'buy-stop', volume: '0.1', price: '1.9', ...fields };
    return (await this.around.broker<{ order: number }>('POST', `accounts/${this.userId}/orders`, body)).order;
  }

  /** The types of events about orders, requests, positions and money, in the order of the log. */
  async story(): Promise<string[]> {
    return (await this.events()).filter(({ type }) => !BACKGROUND.includes(type)).map(toldAs);
  }

  /** Ends the account's connections; resolves once a new session was reconciled. */
  async interrupted(how: object = {}): Promise<void> {
    const before = (await this.all('AccountReconciled')).length;
    await this.around.broker('POST', 'disconnect', { userId: this.userId, ...how });
    await this.reconciledSince(before);
  }

  async reconciledSince(before: number): Promise<void> {
    await until(async () => (await this.all('AccountReconciled')).length > before);
  }

  /** How often a request of ours reached the broker: the invariant is once, or not at all. */
  async sent(requestId: Uuid): Promise<number> {
    const journal = await this.around.broker<JournalEntry[]>('GET', `journal?userId=${this.userId}`);
    return journal.filter(({ customTag }) => customTag === requestId).length;
  }
}

const BACKGROUND: readonly EventType[] = [
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'AccountUpdated',
  'AccountReconciled',
  'BalanceChanged',
  'EquityMarked',
];

type OrderTerms = Extract<CommandBody, { type: 'PlaceOrder' }>['data'];
