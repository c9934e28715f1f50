import { withCell } from '@core/contracts/cell';
import { LOGINS, type LoginName } from '@core/service/logins';
import type { AppSpec } from '@core/machine/app-process';
import type { PortBook } from '@core/machine/ports';
import { join } from 'node:path';
import type { DemoSecrets } from './demo-secrets.ts';
import type { Endpoints, SocketPair } from './endpoints.ts';
import type { CellUpstreams } from '../proxy/cell-upstreams.ts';
import { ROOT } from '../check/command.ts';
import { DEMO_VENUE } from './seed.ts';

/** The ports people know by heart; `--ports auto` takes free ones. */
const USUAL_PORTS = {
  'tv-gateway': 8080,
  'proquant-webhook': 8081,
  'ws-session': 8082,
  console: 8083,
  'simulator-tcp-main': 5124,
  'simulator-tcp-stream': 5125,
  'simulator-tls-main': 5112,
  'simulator-tls-stream': 5113,
  'simulator-ws': 5126,
  'simulator-wss': 5127,
  'simulator-control': 5120,
  'xapi-simulator-ops': 9101,
  'ledger-ops': 9102,
  'xapi-connector-ops': 9103,
  'tv-gateway-ops': 9104,
  'proquant-webhook-ops': 9105,
  'ws-session-ops': 9106,
  'paper-connector-ops': 9107,
  'market-data-ops': 9108,
  'console-ops': 9109,
} as const;

type PortName = keyof typeof USUAL_PORTS;
export type Ports = Readonly<Record<PortName, number>>;

export async function claimPorts(book: PortBook): Promise<Ports> {
  const ports: Partial<Record<PortName, number>> = {};
  // One after the other: each claim must see the ports of those before it.
  for (const name of Object.keys(USUAL_PORTS) as PortName[]) ports[name] = await book.claim(name, USUAL_PORTS[name]);
  return ports as Ports;
}

export interface ServiceEnvironment {
  readonly databaseUrlOf: (service: LoginName) => string;
  readonly natsUrlOf: (service: LoginName) => string;
  readonly folder: string;
  /** What fits on its disk. */
  readonly intakeMaxBytes: number;
  readonly secrets: DemoSecrets;
  /** Those that are started. */
  readonly apps: readonly AppName[];
  /** Where each process of an app says how it is. */
  readonly opsPortsOf: (name: AppName) => readonly number[];
  readonly simulator: Endpoints['simulator'];
  /** Where people reach the gateway. */
  readonly gatewayUrl: string;
  /** One of several. */
  readonly cell: { readonly name: string; readonly registryUrlOf: (service: LoginName) => string } | null;
}

/** Where the ledger of a data folder keeps what it signed: beside the database, not in it. */
export const checkpointFileIn = (folder: string): string => join(folder, 'checkpoints.ndjson');

/** Where a data folder has what was detached from its log. */
export const detachedFolderIn = (folder: string): string => join(folder, 'detached');

/** What each app is told beside its defaults. */
export function servicesOf(
  ports: Ports,
  {
    databaseUrlOf,
    natsUrlOf,
    folder,
    intakeMaxBytes,
    secrets,
    apps,
    opsPortsOf,
    simulator,
    gatewayUrl,
    cell,
  }: ServiceEnvironment,
): Record<AppName, AppSpec> {
  const service = (name: AppName, env: Record<string, string>): AppSpec => ({
    name,
    opsPort: ports[`${name}-ops`],
    env,
  });
  const core = (name: AppName & LoginName, env: Record<string, string>): AppSpec =>
    service(name, { DATABASE_URL: databaseUrlOf(name), NATS_URL: natsUrlOf(name), ...env });
  const detached = { DATABASE_DETACHED: detachedFolderIn(folder) };
  const registered = (name: LoginName): Record<string, string> => ({
    CELL: cell?.name ?? '',
    REGISTRY_DATABASE_URL: cell?.registryUrlOf(name) ?? '',
  });
  const reader = (name: AppName & LoginName, env: Record<string, string>): AppSpec =>
    core(name, { ...detached, ...registered(name), ...env });
  const edge = (name: EdgeName, env: Record<string, string> = {}): AppSpec =>
    reader(name, { PORT: String(ports[name]), ...(cell ? { TRUSTED_PROXIES: '1' } : {}), ...env });
  return {
    'xapi-simulator': service('xapi-simulator', {
      SIMULATOR_TCP_PORT: String(ports['simulator-tcp-main']),
      SIMULATOR_TCP_STREAM_PORT: String(ports['simulator-tcp-stream']),
      SIMULATOR_TLS_PORT: String(ports['simulator-tls-main']),
      SIMULATOR_TLS_STREAM_PORT: String(ports['simulator-tls-stream']),
      SIMULATOR_WS_PORT: String(ports['simulator-ws']),
      SIMULATOR_WSS_PORT: String(ports['simulator-wss']),
      SIMULATOR_CONTROL_PORT: String(ports['simulator-control']),
      SIMULATOR_ACCOUNTS: JSON.stringify(simulator.accounts),
      SIMULATOR_STATE_FILE: `${folder}/simulator.json`,
    }),
    ledger: core('ledger', {
      ...detached,
      SEAL_KEY: secrets.logSigningKey,
      SEAL_FILE: checkpointFileIn(folder),
      SEAL_EVERY_MS: '10000',
      INTAKE_MAX_BYTES: String(intakeMaxBytes),
      ROOM_FOLDER: folder,
    }),
    'xapi-connector': reader('xapi-connector', { REGISTRY_KEY: secrets.registryKey }),
    'paper-connector': reader('paper-connector', { REGISTRY_KEY: secrets.registryKey }),
    // The simulator corrects no chart.
    'market-data': core('market-data', { ...registered('market-data'), CHART_SETTLE_MS: '5000' }),
    'tv-gateway': edge('tv-gateway', {
      OAUTH_URL: gatewayUrl,
      OAUTH_COOKIE_KEY: secrets.oauthCookieKey,
      OAUTH_BROKER_NAME: 'Demo Broker',
      DATA_VENUE: DEMO_VENUE,
      DATA_EXCHANGE: 'DEMO',
      DATA_TOKEN: withCell(cell?.name ?? '', secrets.dataToken),
    }),
    'proquant-webhook': edge('proquant-webhook'),
    'ws-session': edge('ws-session'),
    console: reader('console', {
      PORT: String(ports.console),
      LINK_KEY: secrets.consoleLinkKey,
      OPERATOR_DATABASE_URL: databaseUrlOf('operator'),
      ...(cell && { OPERATOR_REGISTRY_DATABASE_URL: cell.registryUrlOf('operator') }),
      REGISTRY_KEY: secrets.registryKey,
      REPLAY_COMMAND: [process.execPath, join(ROOT, 'tools/bootstrap.mjs'), 'tools/ops/main.ts'].join(','),
      REPLAY_FOLDER: join(folder, 'replays'),
      SIMULATOR_CONTROL: simulator.control,
      WATCH_SERVICES: apps
        .flatMap((name) => opsPortsOf(name).map((port) => `${name}=http://${HOST}:${port}`))
        .join(','),
    }),
  };
}

export const APPS = ['xapi-simulator', ...LOGINS.filter((login) => login !== 'operator')] as const;
export type AppName = (typeof APPS)[number];

/** What faces people, and is told how many proxies stand before it. */
const EDGES = ['tv-gateway', 'proquant-webhook', 'ws-session'] as const;
type EdgeName = (typeof EDGES)[number];

export const isEdge = (name: string): name is EdgeName => EDGES.includes(name as EdgeName);

export const HOST = '127.0.0.1';

export const simulatorOf = (ports: Ports, passwords: Readonly<Record<string, string>>): Endpoints['simulator'] => ({
  tcp: { main: `${HOST}:${ports['simulator-tcp-main']}`, stream: `${HOST}:${ports['simulator-tcp-stream']}` },
  tls: { main: `${HOST}:${ports['simulator-tls-main']}`, stream: `${HOST}:${ports['simulator-tls-stream']}` },
  ws: webSockets(`ws://${HOST}:${ports['simulator-ws']}`),
  wss: webSockets(`wss://${HOST}:${ports['simulator-wss']}`),
  control: `http://${HOST}:${ports['simulator-control']}`,
  accounts: Object.entries(passwords).map(([userId, password]) => ({ userId, password })),
});

/** The edges of a cell, for a proxy in front of it. */
export const upstreamsIn = (name: string, ports: Ports): CellUpstreams => ({
  name,
  gateway: `${HOST}:${ports['tv-gateway']}`,
  webhook: `${HOST}:${ports['proquant-webhook']}`,
  session: `${HOST}:${ports['ws-session']}`,
});

const webSockets = (url: string): SocketPair => ({ main: `${url}/demo`, stream: `${url}/demoStream` });

export const healthOf = (
  ports: Ports,
  apps: readonly AppName[],
  { opsPortsOf }: Pick<ServiceEnvironment, 'opsPortsOf'>,
): Endpoints['services'] =>
  Object.fromEntries(
    apps.map((name) => {
      const processes = opsPortsOf(name).map(healthAt);
      return [name, { ...healthAt(ports[`${name}-ops`]), ...(processes.length > 1 ? { processes } : {}) }];
    }),
  );

const healthAt = (port: number) => ({
  health: `http://${HOST}:${port}/health`,
  metrics: `http://${HOST}:${port}/metrics`,
});
