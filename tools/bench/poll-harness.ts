import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import { aPair } from '@core/contracts/market/example.fixture';
import type { AccountId, TraderId } from '@core/contracts/primitives';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { divide } from '@core/kernel/decimal';
import { Supervisor } from '@core/machine/supervisor';
import { openRegistry } from '@core/registry/registry';
import { newId, now } from '@core/service/clock';
import { withClient } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import { createHash, randomBytes } from 'node:crypto';
import { progressOf } from '../ops/progress.ts';
import { BenchMarket } from './bench-market.ts';
import { heldBytes, memoryProbe } from './memory.ts';
import { Metrics } from './metrics.ts';
import { registerAccounts } from './register-accounts.ts';
import type { Servers } from './servers.ts';

const VENUE = 'bench';
const ACCOUNTS_PER_TRADER = 5;
const ORDERS = 10;
const POSITIONS = 5;
const BATCH = 2_000;
const INSTRUMENTS = ['EURUSD', 'GBPUSD', 'AUDUSD', 'NZDUSD', 'EURGBP'];
const PORTS = ['http', 'ledger-ops', 'gateway-ops', 'memory'] as const;
const MANY_STREAMS = { STREAMS_MAX: '10000', STREAMS_PER_TRADER: '10000' };
type Ports = Readonly<Record<(typeof PORTS)[number], number>>;

const onLost = (error: Error): never => {
  throw error;
};

/** An account, and a login of its trader. */
export interface PolledAccount {
  readonly id: AccountId;
  readonly traderId: TraderId;
  readonly token: string;
}

/** TradingView's gateway and a ledger, a market that is said by this process, and accounts that hold something. */
export class PollHarness {
  private readonly supervisor: Supervisor;

  private constructor(
    logs: string,
    private readonly ports: Ports,
    readonly accounts: readonly PolledAccount[],
    private readonly market: BenchMarket,
    private readonly databaseUrl: string,
  ) {
    this.supervisor = new Supervisor(logs, console.log);
  }

  static async open(servers: Servers, count: number): Promise<PollHarness> {
    const ports: Partial<Record<keyof Ports, number>> = {};
    for (const name of PORTS) ports[name] = await servers.ports.claim(name, 0);
    const accounts = accountsOf(count);
    await migrateEventLog(servers.databaseUrl);
    await fill(servers.databaseUrl, accounts);
    const market = await BenchMarket.open(servers.natsUrl, VENUE, INSTRUMENTS);
    const harness = new PollHarness(servers.logs, ports as Ports, accounts, market, servers.databaseUrl);
    try {
      await harness.start(servers);
      return harness;
    } catch (error) {
      await harness.close();
      throw error;
    }
  }

  get port(): number {
    return this.ports.http;
  }

  /** Milliseconds of CPU that the gateway has used. */
  async cpuMs(): Promise<number> {
    return (await Metrics.read(this.ports['gateway-ops'])).cpuMs;
  }

  /** Bytes that the gateway holds, its garbage collected. */
  heldBytes(): Promise<number> {
    return heldBytes(this.ports.memory);
  }

  /** Resolves when the gateway has saved everything that it read at its start, which it does once. */
  saved(): Promise<void> {
    return withClient(this.databaseUrl, (client) =>
      until(async () => (await client.query('select 1 from tv_gateway.checkpoint limit 1')).rows.length > 0),
    );
  }

  /** Moves the price that every account has a position at, to so many pips above where it began. */
  move(pips: number): void {
    this.market.tell(new Map([['EURUSD', divide(`${11_000 + pips}`, '10000')]]));
  }

  /** States a fact as a connector does. */
  state(event: Event): Promise<void> {
    return this.market.state(event);
  }

  async close(): Promise<void> {
    await this.supervisor.stop();
    await this.market.close();
  }

  private async start({ databaseUrl, natsUrl }: Servers): Promise<void> {
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn' };
    await (await openRegistry({ url: databaseUrl, newId })).close();
    await registerAccounts(databaseUrl, VENUE, this.accounts);
    await this.supervisor.start({ name: 'ledger', opsPort: this.ports['ledger-ops'], env });
    await this.supervisor.start({
      name: 'tv-gateway',
      opsPort: this.ports['gateway-ops'],
      env: {
        ...{ ...env, PORT: String(this.ports.http), STREAM_PAUSE_MS: '0', ...MANY_STREAMS },
        ...memoryProbe(this.ports.memory),
      },
    });
    await logIn(databaseUrl, this.accounts);
  }
}

function accountsOf(count: number): readonly PolledAccount[] {
  const traders = Array.from({ length: Math.ceil(count / ACCOUNTS_PER_TRADER) }, () => ({
    ...{ traderId: newId(), token: randomBytes(32).toString('base64url') },
  }));
  return traders.flatMap((trader) => Array.from({ length: ACCOUNTS_PER_TRADER }, () => ({ ...trader, id: newId() })));
}

async function logIn(url: string, accounts: readonly PolledAccount[]): Promise<void> {
  const tokens = new Map(accounts.map(({ token, traderId }) => [token, traderId]));
  await withClient(url, (client) =>
    client.query(
      `insert into tv_gateway.access_token (token_hash, trader_id, login_id, issued_at, expires_at, used)
       select hash, trader, trader::text, now(), now() + interval '1 day', true from unnest($1::bytea[], $2::uuid[]) as t (hash, trader)`,
      [[...tokens.keys()].map((token) => createHash('sha256').update(token).digest()), [...tokens.values()]],
    ),
  );
}

/** The log of accounts that each have so many orders and positions. */
async function fill(url: string, accounts: readonly PolledAccount[]): Promise<void> {
  const writer = await PostgresEventLogWriter.open({ url, build: 'bench', appendTimeoutMs: 60_000, onLost });
  try {
    let batch: Event[] = [];
    const append = async (): Promise<void> => {
      if (batch.length === 0) return;
      await writer.append({ events: batch, answers: [], quarantined: [], checkpoint: null, recordedtime: now() });
      batch = [];
    };
    const progress = progressOf('accounts in the log');
    for (const [index, account] of accounts.entries()) {
      batch.push(...eventsOf(account));
      progress.at(index + 1, accounts.length);
      if (batch.length >= BATCH) await append();
    }
    await append();
    progress.end();
  } finally {
    await writer.close();
  }
}

function eventsOf({ id: subject, traderId }: PolledAccount): Event[] {
  const envelope = () => ({ id: newId(), subject, correlationid: newId() });
  const bare = { stopLoss: null, takeProfit: null };
  const positions = Array.from({ length: POSITIONS }, (_, n) => {
    const instrument = INSTRUMENTS[n] ?? 'EURUSD';
    const of = { instrument, contract: aPair(instrument).contract, positionId: newId(), brokerPosition: String(n) };
    return anEvent('PositionOpened', { ...of, ...bare, orderId: null, inferred: true }, envelope());
  });
  const orders = Array.from({ length: ORDERS }, (_, n) =>
    anEvent('OrderWorking', { ...bare, orderId: newId(), brokerOrder: String(100 + n) }, envelope()),
  );
  return [
    anEvent('AccountRegistered', { traderId, venue: VENUE, mode: 'demo' }, envelope()),
    anEvent('AccountUpdated', { currency: 'USD' }, envelope()),
    anEvent('BalanceChanged', { balance: '10000' }, envelope()),
    anEvent('EquityMarked', {}, envelope()),
    ...positions,
    ...orders,
  ];
}
