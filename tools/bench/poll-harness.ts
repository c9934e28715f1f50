import { connectNats } from '@core/bus/nats-connection';
import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import { aPair } from '@core/contracts/market/example.fixture';
import type { MarketSnapshot, Quote } from '@core/contracts/market/quote';
import type { AccountId, Decimal, TraderId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { divide } from '@core/kernel/decimal';
import { Supervisor } from '@core/machine/supervisor';
import { openRegistry } from '@core/registry/registry';
import { newId, now } from '@core/service/clock';
import { withClient } from '@core/testing/fresh-database';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { Metrics } from './metrics.ts';
import type { Servers } from './servers.ts';

const VENUE = 'bench';
const ACCOUNTS_PER_TRADER = 5;
const ORDERS = 10;
const POSITIONS = 5;
const BATCH = 2_000;
const INSTRUMENTS = ['EURUSD', 'GBPUSD', 'AUDUSD', 'NZDUSD', 'EURGBP'];
const MEMORY_PROBE = join(__dirname, 'memory-probe.cjs');
const PORTS = ['http', 'ledger-ops', 'gateway-ops', 'memory'] as const;
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
    private readonly nats: NatsConnection,
  ) {
    this.supervisor = new Supervisor(logs, console.log);
  }

  static async open(servers: Servers, count: number): Promise<PollHarness> {
    const ports: Partial<Record<keyof Ports, number>> = {};
    for (const name of PORTS) ports[name] = await servers.ports.claim(name, 0);
    const accounts = accountsOf(count);
    await migrateEventLog(servers.databaseUrl);
    await fill(servers.databaseUrl, accounts);
    const nats = await connectNats({ url: servers.natsUrl, name: 'bench-market' });
    const harness = new PollHarness(servers.logs, ports as Ports, accounts, nats);
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

  metrics(): Promise<Metrics> {
    return Metrics.read(this.ports['gateway-ops']);
  }

  /** Bytes that the gateway holds, its garbage collected. */
  async heldBytes(): Promise<number> {
    const asked = await fetch(`http://127.0.0.1:${this.ports.memory}`);
    const { heapUsed, external } = (await asked.json()) as NodeJS.MemoryUsage;
    return heapUsed + external;
  }

  /** Moves the price that every account has a position at, to so many pips above where it began. */
  move(pips: number): void {
    const [bid, ask] = [divide(`${11_000 + pips}`, '10000'), divide(`${11_002 + pips}`, '10000')];
    this.nats.publish(subjects.quotes(VENUE), JSON.stringify({ venue: VENUE, quotes: [aQuote('EURUSD', bid, ask)] }));
  }

  /** States a fact as a connector does. */
  state(event: Event): Promise<void> {
    this.nats.publish(subjects.intake(event.subject), JSON.stringify({ batchid: newId(), events: [event] }));
    return this.nats.flush();
  }

  async close(): Promise<void> {
    await this.supervisor.stop();
    await this.nats.close();
  }

  private async start({ databaseUrl, natsUrl }: Servers): Promise<void> {
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn' };
    this.nats.subscribe(subjects.marketSnapshot(VENUE), {
      callback: (_error, message) => void message.respond(JSON.stringify(market())),
    });
    await (await openRegistry({ url: databaseUrl, newId })).close();
    await register(databaseUrl, this.accounts);
    await this.supervisor.start({ name: 'ledger', opsPort: this.ports['ledger-ops'], env });
    await this.supervisor.start({
      name: 'tv-gateway',
      opsPort: this.ports['gateway-ops'],
      env: {
        ...{ ...env, PORT: String(this.ports.http), STREAMS_MAX: '10000', STREAM_PAUSE_MS: '0' },
        ...{ NODE_OPTIONS: `--require=${MEMORY_PROBE}`, MEMORY_PROBE_PORT: String(this.ports.memory) },
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

/** Straight into the tables: what it costs to add people is nothing of what is measured. */
async function register(url: string, accounts: readonly PolledAccount[]): Promise<void> {
  await withClient(url, async (client) => {
    const [ids, traders] = [accounts.map(({ id }) => id), accounts.map(({ traderId }) => traderId)];
    await client.query(
      `insert into registry.broker (venue, protocol, endpoint) values ('${VENUE}', 'paper', '{"quotesOf": "${VENUE}"}')`,
    );
    await client.query(
      `insert into registry.trader (id, login, password_hash)
       select distinct id, id::text, 'none' from unnest($1::uuid[]) as id`,
      [traders],
    );
    await client.query(
      `insert into registry.account (id, trader_id, venue, broker_login, name, mode, enabled)
       select id, trader, '${VENUE}', id::text, 'bench', 'demo', true from unnest($1::uuid[], $2::uuid[]) as a (id, trader)`,
      [ids, traders],
    );
  });
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
    for (const account of accounts) {
      batch.push(...eventsOf(account));
      if (batch.length >= BATCH) await append();
    }
    await append();
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
    anEvent('AccountRegistered', { traderId, venue: VENUE, brokerLogin: subject, mode: 'demo' }, envelope()),
    anEvent('AccountUpdated', { currency: 'USD' }, envelope()),
    anEvent('BalanceChanged', { balance: '10000' }, envelope()),
    anEvent('EquityMarked', {}, envelope()),
    ...positions,
    ...orders,
  ];
}

const aQuote = (instrument: string, bid: Decimal, ask: Decimal): Quote => ({
  ...{ instrument, bid, ask, time: now() },
  ...{ bids: [], asks: [] },
});

const market = (): MarketSnapshot => ({
  venue: VENUE,
  instruments: INSTRUMENTS.map((instrument) => aPair(instrument, { venue: VENUE })),
  quotes: INSTRUMENTS.map((instrument) => aQuote(instrument, '1.1', '1.1002')),
});
