import { succeeds } from '@core/kernel/succeeds';
import { NatsServer } from './nats-server.ts';
import type { LivesWith } from './server-process.ts';
import { within } from './within.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './files.ts';

export interface NatsClusterPlace {
  binary(): string;
  /** Each server keeps what is its own in a folder in here. */
  readonly folder: string;
  readonly logs: string;
  /** One for each server: where clients dial, and where the others do. */
  readonly ports: readonly { readonly client: number; readonly route: number }[];
  /** What only members know. */
  readonly secret: string;
  /** The rest of each server's configuration: who may log in. */
  readonly config?: string;
  readonly login?: { readonly user: string; readonly pass: string };
}

const ELECTED_WITHIN_MS = 60_000;

/** NATS servers that make one JetStream together, on this machine's loopback address. */
export class NatsCluster {
  readonly servers: readonly NatsServer[];

  constructor(private readonly place: NatsClusterPlace) {
    const { folder, logs, ports, login, binary } = place;
    this.servers = ports.map(({ client }, index) => {
      const own = join(folder, nameOf(index));
      return new NatsServer({
        binary,
        folder: join(own, 'store'),
        pidFile: join(own, 'pid'),
        logFile: join(logs, `${nameOf(index)}.log`),
        configFile: join(own, 'nats.conf'),
        port: client,
        ...(login === undefined ? {} : { login }),
      });
    });
  }

  /** Every server of it, in one address. */
  get url(): string {
    return `nats://${this.place.ports.map(({ client }) => `127.0.0.1:${client}`).join(',')}`;
  }

  /** The server of a name that JetStream tells. */
  named(name: string): NatsServer | undefined {
    return this.servers[this.place.ports.findIndex((_, index) => nameOf(index) === name)];
  }

  /** Resolves when each of them reaches a JetStream that has a leader. */
  async start(livesWith: LivesWith): Promise<void> {
    const { folder, ports } = this.place;
    for (const index of ports.keys()) {
      mkdirSync(join(folder, nameOf(index)), { recursive: true });
      writePrivate(join(folder, nameOf(index), 'nats.conf'), this.configOf(index));
    }
    await Promise.all(this.servers.map((server) => server.start(livesWith)));
    await within(ELECTED_WITHIN_MS, () => succeeds(Promise.all(this.servers.map((server) => server.answers()))));
    await Promise.all(this.servers.map((server) => server.answers()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  private configOf(index: number): string {
    const { ports, secret, config = '' } = this.place;
    const routes = ports.map(({ route }) => `    nats-route://member:${secret}@127.0.0.1:${route}`);
    return [
      `server_name: ${nameOf(index)}`,
      'cluster {',
      '  name: trading-core',
      `  listen: 127.0.0.1:${ports[index]?.route}`,
      `  authorization { user: member, password: "${secret}" }`,
      '  routes: [',
      ...routes,
      '  ]',
      '}',
      config,
    ].join('\n');
  }
}

const nameOf = (index: number): string => `nats-${index + 1}`;
