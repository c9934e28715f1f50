import { present } from '@core/kernel/present';
import { succeeds } from '@core/kernel/succeeds';
import { NatsServer } from './nats-server.ts';
import type { LivesWith } from './server-process.ts';
import { within } from './within.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './files.ts';

export interface NatsMemberPorts {
  /** Where clients dial. */
  readonly client: number;
  /** Where it listens to the other servers. */
  readonly route: number;
  /** Where it dials each server, where that is not where they listen. */
  readonly dials?: readonly number[];
}

export interface NatsClusterPlace {
  binary(): string;
  /** Each server keeps what is its own in a folder in here. */
  readonly folder: string;
  readonly logs: string;
  /** One for each server. */
  readonly ports: readonly NatsMemberPorts[];
  /** What only members know. */
  readonly secret: string;
  /** The rest of each server's configuration: who may log in. */
  readonly config?: string;
  readonly login?: { readonly user: string; readonly pass: string };
}

const ELECTED_WITHIN_MS = 60_000;
/** Nobody listens there. */
const NOWHERE = '127.0.0.1:1';

/** NATS servers that make one JetStream together, on this machine's loopback address. */
export class NatsCluster {
  readonly servers: readonly NatsServer[];

  constructor(private readonly place: NatsClusterPlace) {
    const { folder, logs, ports, login, binary } = place;
    this.servers = ports.map(({ client }, index) => {
      const own = join(folder, natsNameOf(index));
      return new NatsServer({
        binary,
        folder: join(own, 'store'),
        pidFile: join(own, 'pid'),
        logFile: join(logs, `${natsNameOf(index)}.log`),
        configFile: join(own, 'nats.conf'),
        port: client,
        isMember: true,
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
    return this.servers[this.place.ports.findIndex((_, index) => natsNameOf(index) === name)];
  }

  /** Resolves when each of them reaches a JetStream that has a leader. */
  async start(livesWith: LivesWith): Promise<void> {
    const { folder, ports } = this.place;
    for (const index of ports.keys()) {
      mkdirSync(join(folder, natsNameOf(index)), { recursive: true });
      writePrivate(join(folder, natsNameOf(index), 'nats.conf'), this.configOf(index));
    }
    await Promise.all(this.servers.map((server) => server.start(livesWith)));
    const elected = (): Promise<unknown> => Promise.all(this.servers.map((server) => server.reachesJetStream()));
    await within(ELECTED_WITHIN_MS, () => succeeds(elected()));
    await elected();
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  private configOf(index: number): string {
    const { ports, secret, config = '' } = this.place;
    const { route, dials } = present(ports[index], 'it is one of its servers');
    const dialled = dials ?? ports.map((each) => each.route);
    const routes = dialled.map((port) => `    nats-route://member:${secret}@127.0.0.1:${port}`);
    return [
      `server_name: ${natsNameOf(index)}`,
      // A server that says nothing is given up by the others as soon as by clients, who then hear that theirs is alone.
      'ping_interval: "3s"',
      'ping_max: 2',
      'cluster {',
      '  name: trading-core',
      `  listen: 127.0.0.1:${route}`,
      // Each is told of all here; what one says of another would lead past whatever stands between.
      `  advertise: "${NOWHERE}"`,
      `  authorization { user: member, password: "${secret}" }`,
      '  routes: [',
      ...routes,
      '  ]',
      '}',
      config,
    ].join('\n');
  }
}

/** As JetStream tells it. */
export const natsNameOf = (index: number): string => `nats-${index + 1}`;
