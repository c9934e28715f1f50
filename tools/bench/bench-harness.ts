import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { subjects } from '@core/contracts/subjects';
import type { AppSpec } from '@core/machine/app-process';
import { Supervisor } from '@core/machine/supervisor';
import { within } from '@core/machine/within';
import { openRegistry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { randomBytes } from 'node:crypto';
import { BrokerControlClient } from '../e2e/broker-control-client.ts';
import { addAccount } from '../start/add-account.ts';
import { heldBytes, memoryProbe } from './memory.ts';
import { Metrics } from './metrics.ts';
import type { Servers } from './servers.ts';

const VENUE = 'bench';
const PASSWORD = 'bench';
const FIRST_LOGIN = 20_000;
const READY_TIMEOUT_MS = 120_000;
const PORTS = ['control', 'main', 'stream', 'simulator-ops', 'ledger-ops', 'connector-ops', 'memory'] as const;
type Ports = Readonly<Record<(typeof PORTS)[number], number>>;

/** A broker, a ledger and one connector that takes up any number of accounts there; nothing else. */
export class BenchHarness {
  private readonly supervisor: Supervisor;
  private accounts = 0;

  private constructor(
    private readonly servers: Servers,
    private readonly ports: Ports,
    private readonly registryKey: string,
  ) {
    this.supervisor = new Supervisor(servers.logs, console.log);
  }

  /** A harness without accounts yet, at whose broker there are so many. */
  static async open(servers: Servers, accountsMax: number): Promise<BenchHarness> {
    const ports: Partial<Record<keyof Ports, number>> = {};
    for (const name of PORTS) ports[name] = await servers.ports.claim(name, 0);
    const harness = new BenchHarness(servers, ports as Ports, randomBytes(32).toString('base64'));
    try {
      await harness.start(accountsMax);
      return harness;
    } catch (error) {
      await harness.close();
      throw error;
    }
  }

  get broker(): BrokerControlClient {
    return new BrokerControlClient(`http://127.0.0.1:${this.ports.control}`);
  }

  /** Of the accounts that the connector holds. */
  get logins(): string[] {
    return Array.from({ length: this.accounts }, (_, n) => loginOf(n));
  }

  /** What the connector says of itself. */
  metrics(): Promise<Metrics> {
    return Metrics.read(this.ports['connector-ops']);
  }

  /** Bytes that the connector holds, its garbage collected. */
  heldBytes(): Promise<number> {
    return heldBytes(this.ports.memory);
  }

  /** Registers accounts up to this number; resolves when the connector has a session for each. */
  async grow(accounts: number): Promise<void> {
    const { databaseUrl, natsUrl } = this.servers;
    const registry = await openRegistry({ url: databaseUrl, key: this.registryKey, newId });
    const connection = await connectNats({ url: natsUrl, name: 'bench' });
    try {
      const trader = (await registry.traders())[0] ?? (await registry.addTrader('bench', PASSWORD));
      const commands = new CommandClient(new NatsCommandTransport(connection), 'bench');
      for (; this.accounts < accounts; this.accounts += 1) {
        const brokerLogin = loginOf(this.accounts);
        const account = { traderId: trader.id, venue: VENUE, brokerLogin, name: brokerLogin, mode: 'demo' } as const;
        await addAccount(registry, commands, { ...account, password: PASSWORD });
      }
      connection.publish(subjects.registryChanged, '{}');
      await connection.flush();
    } finally {
      await connection.close();
      await registry.close();
    }
    const ready = async (): Promise<number> => (await this.metrics()).value('xapi_accounts_ready');
    if (await within(READY_TIMEOUT_MS, async () => (await ready()) === accounts)) return;
    throw new Error(`${await ready()} of ${accounts} accounts have a session`);
  }

  close(): Promise<void> {
    return this.supervisor.stop();
  }

  private async start(accountsMax: number): Promise<void> {
    const { databaseUrl, natsUrl } = this.servers;
    const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn' };
    await this.supervisor.start(this.simulator(accountsMax), {
      ...{ name: 'ledger', opsPort: this.ports['ledger-ops'], env },
    });
    const registry = await openRegistry({ url: databaseUrl, key: this.registryKey, newId });
    try {
      const { main, stream } = this.ports;
      const broker = { main: `127.0.0.1:${main}`, stream: `127.0.0.1:${stream}` };
      const endpoint = { transport: 'tcp', ...broker, insecureTls: false };
      await registry.putBroker({ venue: VENUE, protocol: 'xapi', endpoint });
    } finally {
      await registry.close();
    }
    await this.supervisor.start({
      name: 'xapi-connector',
      opsPort: this.ports['connector-ops'],
      env: {
        ...{ ...env, ...UNBOUND, ...memoryProbe(this.ports.memory), REGISTRY_KEY: this.registryKey },
        NATS_URL: this.servers.natsUrlOf('xapi-connector'),
      },
    });
  }

  private simulator(accountsMax: number): AppSpec {
    const accounts = Array.from({ length: accountsMax }, (_, n) => ({ userId: loginOf(n), password: PASSWORD }));
    return {
      name: 'xapi-simulator',
      opsPort: this.ports['simulator-ops'],
      env: {
        LOG_LEVEL: 'warn',
        SIMULATOR_TCP_PORT: String(this.ports.main),
        SIMULATOR_TCP_STREAM_PORT: String(this.ports.stream),
        SIMULATOR_CONTROL_PORT: String(this.ports.control),
        SIMULATOR_ACCOUNTS: JSON.stringify(accounts),
        SIMULATOR_KNOBS: JSON.stringify(KNOBS),
      },
    };
  }
}

/** Like a broker's, but for limits; a trade is written in the moment it happens in, so that its stamp says when. */
const KNOBS = { maxConnectionsPerAddress: 100_000, pacing: { enforce: false }, execDelayMs: { trade: 0 } };

/** What a broker would not allow and only takes time here: more connections at once, and no pauses between commands. */
const UNBOUND = { CONNECTIONS_MAX: '10000', LOGIN_INTERVAL_MS: '5', COMMAND_INTERVAL_MS: '0', TICK_INTERVAL_MS: '1' };

const loginOf = (n: number): string => String(FIRST_LOGIN + n);
