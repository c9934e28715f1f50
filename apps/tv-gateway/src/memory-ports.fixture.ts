import { CommandClient } from '@core/bus/command-client';
import { MarketView } from '@core/bus/market-view';
import type { RecordedEvent } from '@core/contracts/event';
import { exampleId } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { Quote } from '@core/contracts/market/quote';
import type { AccountId, Decimal, Instrument, TraderId, Venue } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountState } from '@core/projections/account';
import { now } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { tradingSession } from '@core/views/tradingview/session';
import { Module, type DynamicModule } from '@nestjs/common';
import { Traders, type TradedAccount } from './accounts/traders.ts';
import { TokenStore, type StoredToken } from './auth/token-store.ts';
import { Followers } from './feed/followers.ts';
import { MarketSource } from './feed/venue-watch.ts';
import { HistoryBooks } from './history/history-books.ts';
import { rowsOf, type ExecutionRow, type OrderRow } from './history/history-rows.ts';
import { History } from './history/history.ts';

export const ada: TraderId = exampleId(0xada);
export const bob: TraderId = exampleId(0xb0b);
export const adasAccount: TradedAccount = { id: exampleId(0xacc1), venue: 'demo', name: 'Ada, dollars', mode: 'demo' };
export const bobsAccount: TradedAccount = { id: exampleId(0xacc2), venue: 'demo', name: 'Bob, euros', mode: 'live' };
export const PASSWORD = 'correct horse';

/** Two traders; passwords are all the same, and every check of one is counted. */
export class MemoryTraders extends Traders {
  checks = 0;
  accounts = new Map<TraderId, TradedAccount[]>([
    [ada, [adasAccount]],
    [bob, [bobsAccount]],
  ]);

  async verify(login: string, password: string): Promise<TraderId | null> {
    this.checks += 1;
    const trader = { ada, bob }[login];
    return password === PASSWORD ? (trader ?? null) : null;
  }

  async accountsOf(trader: TraderId): Promise<readonly TradedAccount[]> {
    return this.accounts.get(trader) ?? [];
  }

  async venues(): Promise<readonly Venue[]> {
    return ['demo'];
  }
}

export class MemoryTokenStore extends TokenStore {
  readonly tokens = new Map<string, StoredToken>();

  async save(token: StoredToken): Promise<void> {
    this.tokens.set(token.hash.toString('hex'), token);
  }

  async find(hash: Buffer): Promise<StoredToken | null> {
    return this.tokens.get(hash.toString('hex')) ?? null;
  }

  async delete(hash: Buffer): Promise<void> {
    this.tokens.delete(hash.toString('hex'));
  }

  async deleteExpired(at: Date): Promise<void> {
    for (const [key, { expiresAt }] of this.tokens) if (expiresAt < at) this.tokens.delete(key);
  }
}

/** The same rows as the tables hold. */
export class MemoryHistory extends History {
  private readonly books: HistoryBooks;
  private readonly orderRows: OrderRow[] = [];
  private readonly executionRows: ExecutionRow[] = [];

  constructor(log: EventLog) {
    super();
    this.books = new HistoryBooks(log, 10);
  }

  async write(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const book = await this.books.after(event);
      if (book === null) continue;
      const rows = rowsOf(event, book);
      this.orderRows.unshift(...rows.orders);
      this.executionRows.unshift(...rows.executions);
    }
  }

  async orders(account: AccountId, rowsMax: number): Promise<readonly string[]> {
    const rows = this.orderRows.filter(({ accountId }) => accountId === account);
    return rows.slice(0, rowsMax).map(({ json }) => json);
  }

  async executions(account: AccountId, of: Instrument, rowsMax: number): Promise<readonly string[]> {
    const rows = this.executionRows.filter(({ accountId, instrument }) => accountId === account && instrument === of);
    return rows.slice(0, rowsMax).map(({ json }) => json);
  }
}

export class MemoryFollowers extends Followers {
  constructor(
    private readonly views: ProjectionRunner,
    private readonly history: MemoryHistory,
  ) {
    super();
  }

  start(): Promise<void> {
    return this.views.start();
  }

  stop(): Promise<void> {
    return this.views.stop();
  }

  offer(batch: FeedBatch): void {
    this.views.offer(batch);
    void this.history.write(batch.events);
  }

  get ready(): boolean {
    return this.views.ready;
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
      contract: { contractSize: '100000', baseCurrency: 'USD', quoteCurrency: 'JPY', digits: 3 },
      tickSize: '0.001',
      pipSize: '0.01',
    }),
  ],
  quotes: [aQuote('EURUSD', '1.1', '1.1002'), aQuote('USDJPY', '150', '150.02')],
};

/** Everything outside the gateway, in memory. */
export function memoryPorts() {
  const market = new MarketView();
  const ledger = new MemoryLedger({ market: () => demoMarket });
  const runner = new ProjectionRunner({ log: ledger.log, projections: [accountState, tradingSession] });
  const history = new MemoryHistory(ledger.log);
  const followers = new MemoryFollowers(runner, history);
  const traders = new MemoryTraders();
  const tokens = new MemoryTokenStore();
  const source: MarketSource = {
    fetch: async (view) => view.applySnapshot(demoMarket),
    onReconnect: () => undefined,
  };
  ledger.listen((batch) => followers.offer(batch));
  const providers = [
    { provide: MarketView, useValue: market },
    { provide: ProjectionRunner, useValue: runner },
    { provide: Followers, useValue: followers },
    { provide: Traders, useValue: traders },
    { provide: TokenStore, useValue: tokens },
    { provide: History, useValue: history },
    { provide: CommandClient, useValue: new CommandClient(ledger, 'tv-gateway') },
    { provide: MarketSource, useValue: source },
  ];
  const module: DynamicModule = {
    module: MemoryPortsModule,
    providers,
    exports: providers.map(({ provide }) => provide),
  };
  return { module, market, ledger, runner, traders, tokens };
}

@Module({})
class MemoryPortsModule {}
