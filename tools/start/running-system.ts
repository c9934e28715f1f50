import { withCell } from '@core/contracts/cell';
import type { AppProcess, AppSpec } from '@core/machine/app-process';
import { diskLimitsOf } from '@core/machine/disk-limits';
import { writePrivate } from '@core/machine/files';
import type { PortChoice } from '@core/machine/ports';
import { Supervisor } from '@core/machine/supervisor';
import { hookUrlOf, TOKEN_HEADER } from '@core/proquant/hook';
import { registryPlace } from '@core/registry/registry-place';
import type { LoginName } from '@core/service/logins';
import { join } from 'node:path';
import { buildApps } from '../build/build-apps.ts';
import { buildTool } from '../build/build-tool.ts';
import { lockFolder } from '../infra/folder-lock.ts';
import { givenServers, Infrastructure, type SharedRegistry } from '../infra/infrastructure.ts';
import type { SystemServers } from '../infra/servers.ts';
import { isSandbox } from '../infra/sandbox-folder.ts';
import { brokerLoginsOf, DEMO_PEOPLE, tradersOf, type DemoPeople } from './demo-people.ts';
import { DemoSecretsFile, type DemoSecrets } from './demo-secrets.ts';
import type { Endpoints, SocketPair } from './endpoints.ts';
import { DEMO_REDIRECT_URI, seed } from './seed.ts';
import { APPS, claimPorts, healthOf, HOST, servicesOf, simulatorOf, type AppName, type Ports } from './services.ts';
import { step } from './step.ts';
import type { SystemCell } from './system-cell.ts';

/** What stands between services and what they reach: nothing under `npm start`. */
export interface Between {
  postgres(login: LoginName, url: string): string;
  nats(login: LoginName, url: string): string;
  broker(pair: SocketPair): SocketPair;
  /** What a service is told beside its settings. */
  told(name: AppName): Readonly<Record<string, string>>;
}

const NOTHING: Between = {
  postgres: (_, url) => url,
  nats: (_, url) => url,
  broker: (pair) => pair,
  told: () => ({}),
};

export interface SystemOptions {
  readonly folder: string;
  readonly ports: PortChoice;
  readonly say: (line: string) => void;
  readonly stopped: AbortSignal;
  readonly between?: Partial<Between>;
  /** Where it is one of several. */
  readonly cell?: SystemCell;
}

/** What a system stands on, and how many there are of each service. */
export interface Ground<Own extends SystemServers> {
  /** Named in the step that starts them. */
  readonly name: string;
  open(): Promise<Own>;
  layOut(servers: Own, claimed: Ports): Promise<Layout>;
  /** Where it is not in their database alone. */
  registry?: ((servers: Own) => Promise<SharedRegistry>) | undefined;
}

/** How many there are of each service. */
export interface Layout {
  /** Every process of a service; the first ledger begins, the others stand by. */
  processesOf(spec: AppSpec): readonly AppSpec[];
  /** Where each says how it is. */
  opsPortsOf(name: AppName): readonly number[];
}

const oneOfEach = (claimed: Ports): Layout => ({
  processesOf: (spec) => [spec],
  opsPortsOf: (name) => [claimed[`${name}-ops`]],
});

/** The whole product on this machine: servers, services, the demo's people and the simulator. */
export interface RunningSystem<Own extends SystemServers = Infrastructure> {
  readonly endpoints: Endpoints;
  readonly consoleLinkKey: string;
  readonly servers: Own;
  readonly ports: Ports;
  /** As the services were told. */
  readonly specs: Readonly<Record<AppName, AppSpec>>;
  readonly apps: readonly AppProcess[];
  /** More of its services, kept running as the others are. */
  readonly add: (...specs: readonly AppSpec[]) => Promise<readonly AppProcess[]>;
  /** The same, of those that wait for another's end. */
  readonly standBy: (...specs: readonly AppSpec[]) => readonly AppProcess[];
  readonly stop: () => Promise<void>;
}

/** Everything of a data folder, running and ready; it goes on with what the folder holds. */
export function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { folder, ports, say, cell } = options;
  return startSystemOn(options, {
    name: 'Postgres and NATS',
    open: () => Infrastructure.open({ folder, ports, livesWith: 'owner', say, given: givenServers() }),
    layOut: (_, claimed) => Promise.resolve(oneOfEach(claimed)),
    registry: cell?.registryWith,
  });
}

/** The same on servers of another kind. */
export async function startSystemOn<Own extends SystemServers>(
  options: SystemOptions,
  ground: Ground<Own>,
): Promise<RunningSystem<Own>> {
  const { folder, say, stopped, cell } = options;
  const between = { ...NOTHING, ...options.between };
  const people = cell?.people ?? DEMO_PEOPLE;
  const apps = cell?.simulator ? APPS.filter((name) => name !== 'xapi-simulator') : APPS;
  if (isSandbox(folder)) throw new Error(`${folder} is a sandbox of ops replay: choose another folder with --data`);
  const lock = lockFolder(folder);
  const supervisor = new Supervisor(join(folder, 'logs'), say);
  let opened: Own | undefined;
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    await opened?.down();
    lock.release();
  };
  try {
    const servers = await ground.open();
    opened = servers;
    const claimed = await claimPorts(servers.ports);
    const layout = await ground.layOut(servers, claimed);
    await step(ground.name, async () => {
      await servers.up();
      await servers.prepare();
    });
    servers.keepUp(say);
    const { databaseUrl, natsUrl } = servers;
    const registry = await ground.registry?.(servers);

    await step('Build', () => Promise.all([buildApps(), buildTool('tools/ops/main.ts')]));
    stopped.throwIfAborted();

    const file = new DemoSecretsFile(folder);
    const known = file.read(tradersOf(people), brokerLoginsOf(people));
    const simulator = cell?.simulator ?? simulatorOf(claimed, { ...known.brokerPasswords, ...cell?.guests });
    const own = { oauthCookieKey: cell?.cookieKey ?? known.oauthCookieKey };
    const specs = servicesOf(claimed, {
      databaseUrlOf: (login) => between.postgres(login, servers.databaseUrlOf(login)),
      natsUrlOf: (login) => between.nats(login, servers.natsUrlOf(login)),
      intakeMaxBytes: diskLimitsOf(folder, false).intakeBytes,
      opsPortsOf: (name) => layout.opsPortsOf(name),
      ...{ folder, apps, secrets: { ...known, ...own }, simulator, gatewayUrl: publicUrlsOf(claimed, cell).gateway },
      cell: cell && registry ? { name: cell.name, registryUrlOf: registry.urlOf } : null,
    });
    const told = (name: AppName): readonly AppSpec[] =>
      layout.processesOf({ ...specs[name], env: { ...specs[name].env, ...between.told(name) } });
    const [writer, ...standbys] = told('ledger');
    const simulated = cell?.simulator ? [] : told('xapi-simulator');
    const begun = [...simulated, ...(writer === undefined ? [] : [writer])];
    const first = await step('Ledger and simulator', () => supervisor.start(...begun));
    const waiting = supervisor.standBy(...standbys);
    stopped.throwIfAborted();
    const broker = between.broker(simulator.tcp ?? { main: '', stream: '' });
    const secrets = await step('Traders, accounts and keys', () => {
      const shared = registry && { cell: cell?.name ?? '', registryDatabaseUrl: registry.url };
      const place = registryPlace(databaseUrl, shared ?? { cell: '' });
      return seed({ place, natsUrl, broker, people, reached: publicUrlsOf(claimed, cell) }, file, known);
    });

    const others = await step('Connectors and edges', () => supervisor.start(...OTHERS.flatMap(told)));
    stopped.throwIfAborted();

    const endpoints = endpointsOf(claimed, secrets, {
      services: healthOf(claimed, apps, layout),
      ...{ simulator, postgres: databaseUrl, nats: natsUrl, people, public: publicUrlsOf(claimed, cell) },
      cell: cell && registry ? { name: cell.name, registry: registry.url } : undefined,
    });
    writePrivate(join(folder, 'endpoints.json'), `${JSON.stringify(endpoints, null, 2)}\n`);
    return {
      ...{
        endpoints,
        consoleLinkKey: secrets.consoleLinkKey,
        servers,
        ports: claimed,
        specs,
        apps: [...first, ...waiting, ...others],
        stop,
      },
      add: (...more) => supervisor.start(...more),
      standBy: (...more) => supervisor.standBy(...more),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the demo's people are registered at. */
const FIRST: readonly AppName[] = ['xapi-simulator', 'ledger'];
/** What is started once the log and the demo's traders are there. */
const OTHERS = APPS.filter((name) => !FIRST.includes(name));

/** Where people reach the edges. */
interface PublicUrls {
  readonly gateway: string;
  readonly webhook: string;
  readonly session: string;
}

/** As they listen, or through the proxy in front of several cells. */
const publicUrlsOf = (claimed: Ports, cell: SystemCell | undefined): PublicUrls =>
  cell
    ? {
        ...{ gateway: cell.publicUrl, webhook: cell.publicUrl },
        session: `${cell.publicUrl.replace('http', 'ws')}/ws?cell=${cell.name}`,
      }
    : {
        gateway: `http://${HOST}:${claimed['tv-gateway']}`,
        webhook: `http://${HOST}:${claimed['proquant-webhook']}`,
        session: `ws://${HOST}:${claimed['ws-session']}/ws`,
      };

interface Around extends Pick<Endpoints, 'simulator' | 'postgres' | 'nats' | 'cell' | 'services'> {
  readonly people: DemoPeople;
  readonly public: PublicUrls;
}

/** Where everything listens, and the demo's credentials. */
function endpointsOf(
  claimed: Ports,
  secrets: Required<DemoSecrets>,
  { people, public: { gateway, webhook, session }, ...servers }: Around,
): Endpoints {
  const [login = ''] = tradersOf(people);
  const named = (text: string): string => withCell(servers.cell?.name ?? '', text);
  return {
    console: { url: `http://${HOST}:${claimed.console}` },
    tvGateway: { url: gateway, login, password: secrets.traderPasswords[login] ?? '' },
    oauth: {
      authorizationUrl: `${gateway}/oauth/authorize`,
      tokenUrl: `${gateway}/oauth/token`,
      clientId: secrets.oauthClient.id,
      clientSecret: secrets.oauthClient.secret,
      redirectUri: DEMO_REDIRECT_URI,
    },
    tvData: { url: gateway, authorization: `Bearer ${named(secrets.dataToken)}` },
    wsSession: { url: session, secretKey: secrets.wsSecretKey },
    proquant: {
      url: hookUrlOf(webhook, named(secrets.proquant.integrationId)),
      header: TOKEN_HEADER,
      token: secrets.proquant.token,
    },
    ...servers,
  };
}
