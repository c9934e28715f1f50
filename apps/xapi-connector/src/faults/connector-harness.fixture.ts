import { CommandClient } from '@core/bus/command-client';
import { MarketClient } from '@core/bus/market-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import type { Answer, CommandBody } from '@core/contracts/command';
import type { AccountId, Uuid, Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { AppProcess } from '@core/machine/app-process';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { freePort } from '@core/testing/free-port';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { PATIENCE_MS, until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { randomBytes } from 'node:crypto';
import { TradingAccount, type TradingSurroundings } from './trading-account.fixture.ts';

export const VENUE = 'sim';

/** Short patience, so that what a broker takes half a minute to show is shown in a second or two. */
const HASTE = {
  COMMAND_INTERVAL_MS: '205',
  GRACE_MS: '400',
  RACE_MS: '200',
  REPLY_TIMEOUT_MS: '2000',
  LOOKUP_SETTLE_MS: '1500',
  LOOKUP_AGAIN_MS: '500',
  STATUS_TIMEOUT_MS: '3000',
  BACKOFF_MIN_MS: '50',
  BACKOFF_MAX_MS: '500',
  LOGIN_INTERVAL_MS: '20',
  REGISTRY_MS: '1000',
  LEASE_TTL_MS: '3000',
  LEASE_RENEW_MS: '300',
  EQUITY_MS: '500',
  BUSY_PAUSE_MS: '300',
  INTAKE_RESEND_MS: '500',
  PING_MS: '2000',
};

/** Quick prices and signs of life; of the pace so much less than is kept that a machine busy elsewhere breaks nothing. */
const KNOBS = { market: { ticksPerSecond: 2 }, keepAliveMs: 500, floatingMs: 250, pacing: { minMs: 150 } };

const anApp = (name: string, opsPort: number, env: Readonly<Record<string, string>>): AppProcess =>
  new AppProcess({ name, opsPort, env: { LOG_LEVEL: 'info', ...env } });

export interface HarnessOptions {
  readonly connector?: Record<string, string>;
  readonly simulator?: Record<string, string>;
  readonly ledger?: Record<string, string>;
  readonly transport?: 'tcp' | 'ws';
}

/** Everything real: Postgres, NATS, the ledger, the connector and the simulator, each a process of its own. */
export class ConnectorHarness implements TradingSurroundings {
  readonly log: PostgresEventLog;
  private constructor(
    readonly database: FreshDatabase,
    /** The way to it of the ledger and the connector. */
    readonly postgres: PostgresProxy,
    readonly nats: ThrowawayNats,
    readonly connection: NatsConnection,
    readonly registry: Registry,
    readonly ledger: AppProcess,
    readonly simulator: AppProcess,
    readonly connector: AppProcess,
    private readonly control: string,
    private readonly traderId: Uuid,
    private readonly connectorEnv: Readonly<Record<string, string>>,
    /** The simulator's addresses by transport. */
    readonly servers: Readonly<Record<'tcp' | 'tls' | 'ws', { readonly main: string; readonly stream: string }>>,
  ) {
    this.log = new PostgresEventLog({ url: database.url });
  }

  static async open(options: HarnessOptions = {}): Promise<ConnectorHarness> {
    const [database, nats] = await Promise.all([freshDatabase(), ThrowawayNats.start()]);
    const key = randomBytes(32).toString('base64');
    const postgres = await PostgresProxy.before(database.url);
    const core = { DATABASE_URL: postgres.url, NATS_URL: nats.url, REGISTRY_KEY: key };
    const ports: number[] = [];
    for (let n = 0; n < 9; n += 1) ports.push(await freePort());
    const [ledgerOps = 0, simulatorOps = 0, connectorOps = 0, main = 0, stream = 0, tls = 0, tlsStream = 0] = ports;
    const [ws = 0, control = 0] = ports.slice(7);

    const ledger = anApp('ledger', ledgerOps, { ...core, ...options.ledger });
    const simulator = anApp('xapi-simulator', simulatorOps, {
      SIMULATOR_TCP_PORT: String(main),
      SIMULATOR_TCP_STREAM_PORT: String(stream),
      SIMULATOR_TLS_PORT: String(tls),
      SIMULATOR_TLS_STREAM_PORT: String(tlsStream),
      SIMULATOR_WS_PORT: String(ws),
      SIMULATOR_CONTROL_PORT: String(control),
      SIMULATOR_ACCOUNTS: '[]',
      SIMULATOR_KNOBS: JSON.stringify(KNOBS),
      ...options.simulator,
    });
    const connectorEnv = { ...core, ...HASTE, ...options.connector };
    const connector = anApp('xapi-connector', connectorOps, connectorEnv);
    await Promise.all([ledger.start(), simulator.start()]);

    const registry = await openRegistry({ url: database.url, key, newId });
    const servers = {
      tcp: { main: `127.0.0.1:${main}`, stream: `127.0.0.1:${stream}` },
      tls: { main: `localhost:${tls}`, stream: `localhost:${tlsStream}` },
      ws: { main: `ws://127.0.0.1:${ws}/demo`, stream: `ws://127.0.0.1:${ws}/demoStream` },
    };
    const transport = options.transport ?? 'tcp';
    const endpoint = { transport, ...servers[transport], insecureTls: false };
    await registry.putBroker({ venue: VENUE, protocol: 'xapi', endpoint });
    const { id: traderId } = await registry.addTrader('ada', 'irrelevant');
    const connection = await connectNats({ url: nats.url, name: 'spec' });
    const harness = new ConnectorHarness(
      database,
      postgres,
      nats,
      connection,
      registry,
      ledger,
      simulator,
      connector,
      `http://127.0.0.1:${control}/control`,
      traderId,
      connectorEnv,
      servers,
    );
    await connector.start();
    return harness;
  }

  /** Another instance of the connector, not started yet; whoever asks for it stops it. */
  async anotherConnector(env: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    return anApp('xapi-connector', await freePort(), { ...this.connectorEnv, ...env });
  }

  /** An edge that listens on this port, not started yet; whoever asks for it stops it. */
  async gateway(port: number): Promise<AppProcess> {
    return anApp('tv-gateway', await freePort(), { ...this.connectorEnv, PORT: String(port) });
  }

  async close(): Promise<void> {
    await this.connector.stop();
    await Promise.all([this.ledger.stop(), this.simulator.stop()]);
    await this.connection.close();
    await Promise.all([this.log.close(), this.registry.close()]);
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
    await this.database.drop();
  }

  /** A registered account with a session, its prices held still. */
  async account(terms: { readonly userId?: string; readonly password?: string } = {}): Promise<TradingAccount> {
    const userId = terms.userId ?? String(100_000 + Math.floor(Math.random() * 800_000));
    const password = terms.password ?? 'correct horse';
    await this.broker('POST', 'accounts', { userId, password });
    const trading = await this.register(userId, password);
    await trading.sees('AccountReconciled');
    await until(() => this.hasMarket());
    return trading;
  }

  private async hasMarket(): Promise<boolean> {
    const snapshot = await new MarketClient(this.connection).snapshot(VENUE, 1_000);
    return (snapshot?.instruments.length ?? 0) > 0;
  }

  /** An account of ours; whether the broker knows it is another matter. */
  async register(userId: string, password: string, venue: Venue = VENUE): Promise<TradingAccount> {
    const data = { traderId: this.traderId, venue, mode: 'demo' } as const;
    const { id } = await this.registry.putAccount({ ...data, brokerLogin: userId, name: userId, password });
    await this.command(id, { type: 'RegisterAccount', data });
    this.connection.publish(subjects.registryChanged, Buffer.from('{}'));
    return new TradingAccount(this, id, userId);
  }

  async command(account: AccountId, body: CommandBody): Promise<{ readonly commandid: Uuid; readonly answer: Answer }> {
    const commandid = newId();
    const commands = new CommandClient(new NatsCommandTransport(this.connection), 'spec');
    return { commandid, answer: await commands.ask(account, body, { id: commandid, timeoutMs: PATIENCE_MS }) };
  }

  async broker<Answered = Record<string, unknown>>(method: string, path: string, body?: object): Promise<Answered> {
    const response = await fetch(`${this.control}/${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Answered;
  }

  fault(fault: object): Promise<{ readonly id: number }> {
    return this.broker('POST', 'faults', fault);
  }

  /** Everything as it was: knobs at the start's values, no fault in force. */
  async calm(): Promise<void> {
    await this.broker('DELETE', 'faults');
    await this.broker('DELETE', 'knobs');
    await this.broker('PATCH', 'knobs', KNOBS);
  }
}

/** One harness for the tests of a group, and for each test an account of its own; at its end everything is as it was. */
export function anAccountForEach(
  options: HarnessOptions,
  give: (harness: ConnectorHarness, trading: TradingAccount) => unknown,
): void {
  let harness: ConnectorHarness;
  let trading: TradingAccount;
  beforeAll(async () => (harness = await ConnectorHarness.open(options)));
  afterAll(() => harness?.close());
  beforeEach(async () => {
    trading = await harness.account();
    await give(harness, trading);
  });
  afterEach(async () => {
    await harness.calm();
    await trading.retire();
  });
}
