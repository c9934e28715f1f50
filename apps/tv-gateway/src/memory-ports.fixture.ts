import type { Bar } from '@core/bars/bar';
import type { Ranges } from '@core/bars/known-ranges';
import type { RecordedEvent } from '@core/contracts/event';
import { exampleId } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { HoursAnswer, TradingHours } from '@core/contracts/market/hours';
import type { MarketSnapshot, Quote } from '@core/contracts/market/quote';
import type { AccountId, Decimal, Instrument, TraderId } from '@core/contracts/primitives';
import type { OauthClient, SlippageBound } from '@core/registry/entities';
import { LogSubscription, type LogReader } from '@core/edge/log-subscription';
import type { EventLog } from '@core/event-log/event-log';
import { BarHistory } from '@core/market-bars/bar-history';
import type { DataClient, DataGroup } from '@core/registry/data-feed-entities';
import { DataFeedRegistry } from '@core/registry/data-feed-registry';
import { matchesAny } from '@core/registry/tokens';
import { now } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { Module, type DynamicModule } from '@nestjs/common';
import { Traders, type AccountsByTrader, type TradedAccount } from './accounts/traders.ts';
import { TokenStore, type StoredToken } from './auth/token-store.ts';
import type { DataToken } from './data/data-token.ts';
import { DataTokens } from './data/data-tokens.ts';
import { HistoryBooks } from './history/history-books.ts';
import { rowsOf, type ExecutionRow, type OrderRow } from './history/history-rows.ts';
import { HistoryWriter } from './history/history-writer.ts';
import { History, type EndedOrder } from './history/history.ts';
import { OauthClients } from './oauth/oauth-clients.ts';
import type { OauthRecord } from './oauth/oauth-record.ts';
import { OauthStore } from './oauth/oauth-store.ts';
import { SlippageTable } from './trading/venue-slippage.ts';

export const ada: TraderId = exampleId(0xada);
export const bob: TraderId = exampleId(0xb0b);
/** Keeps its positions apart. */
export const adasAccount: TradedAccount = {
  id: exampleId(0xacc1),
  venue: 'demo',
  name: 'Ada, dollars',
  mode: 'demo',
  netting: false,
  slippagePercent: null,
};
/** Shows its positions netted. */
export const bobsAccount: TradedAccount = {
  id: exampleId(0xacc2),
  venue: 'demo',
  name: 'Bob, euros',
  mode: 'live',
  netting: true,
  slippagePercent: null,
};
export const PASSWORD = 'correct horse';

/** Two traders; passwords are all the same, and every check of one is counted. */
export class MemoryTraders extends Traders {
  checks = 0;
  /** Cells of traders that live in one with a name. */
  /** Those who live in another cell by now. */
  readonly moved = new Set<TraderId>();
  readonly homes = new Map<TraderId, string>();
  accounts = new Map<TraderId, TradedAccount[]>([
    [ada, [adasAccount]],
    [bob, [bobsAccount]],
  ]);

  async verify(login: string, password: string): Promise<TraderId | null> {
    this.checks += 1;
    const trader = { ada, bob }[login];
    return password === PASSWORD ? (trader ?? null) : null;
  }

  async homeOf(trader: TraderId): Promise<string> {
    return this.homes.get(trader) ?? '';
  }

  async accountsOf(traders: readonly TraderId[]): Promise<AccountsByTrader> {
    const here = traders.filter((trader) => !this.moved.has(trader));
    return new Map(here.map((trader) => [trader, this.accounts.get(trader) ?? []]));
  }
}

export class MemoryTokenStore extends TokenStore {
  readonly tokens = new Map<string, StoredToken>();

  async save(token: StoredToken): Promise<void> {
    for (const [key, other] of this.tokens) {
      const isRenewed = other.loginId === token.loginId && other.expiresAt > token.issuedAt;
      if (isRenewed && other.expiresAt < token.expiresAt)
        this.tokens.set(key, { ...other, expiresAt: token.expiresAt });
    }
    this.tokens.set(token.hash.toString('hex'), token);
  }

  async find(hashes: readonly Buffer[]): Promise<readonly StoredToken[]> {
    return hashes.flatMap((hash) => this.tokens.get(hash.toString('hex')) ?? []);
  }

  async use({ hash, loginId, issuedAt }: StoredToken): Promise<void> {
    const used = this.tokens.get(hash.toString('hex'));
    if (used) this.tokens.set(hash.toString('hex'), { ...used, used: true });
    this.deleteWhere((other) => other.loginId === loginId && other.issuedAt < issuedAt);
  }

  async endsOf(logins: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const byEnd = [...this.tokens.values()].sort((left, right) => +left.expiresAt - +right.expiresAt);
    const asked = byEnd.filter(({ loginId }) => logins.includes(loginId));
    return new Map(asked.map(({ loginId, expiresAt }) => [loginId, expiresAt]));
  }

  async deleteLogin(login: string): Promise<void> {
    this.deleteWhere(({ loginId }) => loginId === login);
  }

  async deleteSession(session: string): Promise<readonly string[]> {
    return this.deleteWhere(({ sessionUid }) => sessionUid === session).map(({ loginId }) => loginId);
  }

  async deleteExpired(at: Date): Promise<void> {
    this.deleteWhere(({ expiresAt }) => expiresAt < at);
  }

  private deleteWhere(goes: (token: StoredToken) => boolean): StoredToken[] {
    const gone = [...this.tokens.values()].filter(goes);
    for (const { hash } of gone) this.tokens.delete(hash.toString('hex'));
    return gone;
  }
}

export class MemoryOauthStore extends OauthStore {
  private records: OauthRecord[] = [];

  async put(record: OauthRecord): Promise<void> {
    await this.delete(record.model, record.idHash);
    this.records.push({ ...record });
  }

  async find(model: string, idHash: Buffer): Promise<OauthRecord | null> {
    return this.records.find((each) => each.model === model && each.idHash.equals(idHash)) ?? null;
  }

  async consume(model: string, idHash: Buffer, at: Date): Promise<boolean> {
    const record = await this.find(model, idHash);
    if (!record || record.consumedAt !== null) return false;
    record.consumedAt = at;
    return true;
  }

  async delete(model: string, idHash: Buffer): Promise<void> {
    this.records = this.records.filter((each) => each.model !== model || !each.idHash.equals(idHash));
  }

  async deleteLogin(model: string, login: string): Promise<void> {
    this.records = this.records.filter((each) => each.model !== model || each.loginId !== login);
  }

  async deleteSession(session: string): Promise<void> {
    this.records = this.records.filter(({ sessionUid }) => sessionUid !== session);
  }

  async deleteExpired(at: Date): Promise<void> {
    this.records = this.records.filter(({ expiresAt }) => expiresAt >= at);
  }
}

class MemoryOauthClients extends OauthClients {
  readonly registered: OauthClient[] = [];

  async find(id: string): Promise<OauthClient | null> {
    return this.registered.find((client) => client.id === id) ?? null;
  }
}

/** The same rows as the tables hold. */
class MemoryHistory extends History implements LogReader {
  readonly ready = true;
  private readonly books: HistoryBooks;
  private readonly orderRows: OrderRow[] = [];
  private readonly executionRows: ExecutionRow[] = [];

  constructor(log: EventLog) {
    super();
    this.books = new HistoryBooks(log, 10);
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  decide(): void {}
  releases = () => [];

  offer({ events }: FeedBatch): void {
    void this.write(events);
  }

  private async write(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const book = await this.books.after(event);
      if (book === null) continue;
      const rows = rowsOf(event, book);
      this.orderRows.unshift(...rows.orders);
      this.executionRows.unshift(...rows.executions);
    }
  }

  async orders(account: AccountId, rowsMax: number): Promise<readonly EndedOrder[]> {
    return this.orderRows.filter(({ accountId }) => accountId === account).slice(0, rowsMax);
  }

  async executions(account: AccountId, of: Instrument, rowsMax: number): Promise<readonly string[]> {
    const rows = this.executionRows.filter(({ accountId, instrument }) => accountId === account && instrument === of);
    return rows.slice(0, rowsMax).map(({ json }) => json);
  }
}

export const aQuote = (instrument: Instrument, bid: Decimal, ask: Decimal): Quote => ({
  instrument,
  bid,
  ask,
  time: now(),
  bids: [[bid, '5']],
  asks: [[ask, '5']],
});

/** EURUSD and USDJPY at the venue `demo`. */
export const demoMarket = {
  venue: 'demo',
  instruments: [
    anInstrument(),
    anInstrument({
      instrument: 'USDJPY',
      contract: { contractSize: '100000', baseCurrency: 'USD', quoteCurrency: 'JPY', digits: 3, pipSize: '0.01' },
      tickSize: '0.001',
    }),
  ],
  quotes: [aQuote('EURUSD', '1.1', '1.1002'), aQuote('USDJPY', '150', '150.02')],
};

/** Quoted and traded from Monday to Friday, by the clock of Warsaw. */
export const demoHours: HoursAnswer = {
  ok: true,
  venue: 'demo',
  hours: demoMarket.instruments.map(({ instrument }): TradingHours => {
    const week = [1, 2, 3, 4, 5].map((day) => ({ day, fromMinute: 0, toMinute: 1_440 }));
    return { instrument, zone: 'Europe/Warsaw', quotes: week, trading: week, readAt: now() };
  }),
};

/** Most bars of one answer. */
const BARS_MAX = 500;

/** Clients, groups, tokens and bars, as an operator and the owner of the bars leave them. */
class MemoryData {
  readonly clients = new Map<string, DataClient>();
  readonly groups: DataGroup[] = [];
  readonly tokens = new Map<string, DataToken>();
  readonly registry: Pick<DataFeedRegistry, 'client' | 'verifyClient' | 'groups'> = {
    client: async (id) => this.clients.get(id) ?? null,
    verifyClient: async (id, secret) => {
      const client = this.clients.get(id);
      return client && matchesAny(secret, [client.secretHash]) ? client : null;
    },
    groups: async () => this.groups,
  };
  readonly store: DataTokens = {
    save: async (token) => void this.tokens.set(token.hash, token),
    find: async (hash) => this.tokens.get(hash) ?? null,
  };
  /** Settled minutes of EURUSD, and the one that runs. */
  readonly bars: Bar[] = [];
  known: Ranges = [];
  readonly history = new BarHistory(
    {
      terms: async () => ({ floorMs: 0, dayZone: 'Europe/Warsaw' }),
      known: async () => this.known,
      bars: async (_venue, _instrument, { fromMs, untilMs }) =>
        this.bars.filter(({ openedAtMs }) => fromMs <= openedAtMs && openedAtMs < untilMs),
    },
    BARS_MAX,
  );
}

class MemorySlippage extends SlippageTable {
  said: SlippageBound[] = [];

  async bounds(): Promise<readonly SlippageBound[]> {
    return this.said;
  }
}

/** The gateway's own ports and its ledger, in memory. */
export function memoryPorts() {
  const told: { market: MarketSnapshot } = { market: demoMarket };
  const ledger = new MemoryLedger({ market: () => told.market });
  const [history, traders, tokens] = [new MemoryHistory(ledger.log), new MemoryTraders(), new MemoryTokenStore()];
  const [data, oauthClients] = [new MemoryData(), new MemoryOauthClients()];
  const slippage = new MemorySlippage();
  const ports = [
    { provide: DataFeedRegistry, useValue: data.registry },
    { provide: DataTokens, useValue: data.store },
    { provide: BarHistory, useValue: data.history },
    { provide: OauthStore, useValue: new MemoryOauthStore() },
    { provide: OauthClients, useValue: oauthClients },
    { provide: SlippageTable, useValue: slippage },
    { provide: Traders, useValue: traders },
    { provide: TokenStore, useValue: tokens },
    { provide: History, useValue: history },
  ];
  const writer = {
    provide: HistoryWriter,
    inject: [LogSubscription],
    useFactory: (subscription: LogSubscription) => subscription.add(history),
  };
  const module: DynamicModule = {
    module: MemoryPortsModule,
    providers: [...ports, writer],
    exports: ports.map(({ provide }) => provide),
  };
  return { module, told, ledger, traders, tokens, data, oauthClients, slippage };
}

@Module({})
class MemoryPortsModule {}
