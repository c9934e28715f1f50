import type { InstancePorts, ServerPorts, SharedService } from './cluster-ports.ts';

const LOOPBACK = '127.0.0.1';

/** Every server is looked at twice a second. */
const LOOKED_AT = 'check inter 500ms fall 2 rise 1';

/**
 * Who asks a gateway is led to the process that he asked before, which has seen what he did; the console's replays are
 * processes of the one that was asked for them. Of the others any will do.
 */
const BALANCE: Readonly<Record<string, string>> = {
  'tv-gateway': 'hdr(Authorization)',
  console: 'first',
  'ws-session': 'leastconn',
};

/** The configuration of the proxy before a cell: the Postgres that takes writes, and every service that is there twice. */
export const proxyConfig = (servers: ServerPorts, services: readonly SharedService[]): string =>
  [HEAD, database(servers), ...services.flatMap(shared)].join('\n\n').concat('\n');

const HEAD = `global
  maxconn 4000
defaults
  timeout connect 1s
  timeout check 2s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  timeout queue 5s
  retries 3
  option redispatch 1`;

/** Patroni answers 200 to /primary at the one that leads; connections to one that does not any more are ended. */
const database = ({ database: port, members }: ServerPorts): string =>
  [
    'listen postgres',
    `  bind ${LOOPBACK}:${port}`,
    '  mode tcp',
    '  option tcpka',
    '  option httpchk OPTIONS /primary',
    ...members.map(
      ({ postgres, api }, index) =>
        `  server postgres-${index + 1} ${LOOPBACK}:${postgres} ${LOOKED_AT} on-marked-down shutdown-sessions port ${api}`,
    ),
  ].join('\n');

function shared({ name, front, instances }: SharedService): string[] {
  const health = frontOf(`${name}-ops`, front.ops, {
    balance: 'first',
    instances: instances.map(({ ops }) => ({ port: ops, ops })),
  });
  if (front.port === null) return health;
  return [...frontOf(name, front.port, { balance: BALANCE[name] ?? 'roundrobin', instances }), ...health];
}

interface Behind {
  readonly balance: string;
  readonly instances: readonly InstancePorts[];
}

/** Leads to who is ready; where nobody is, to who lives, and says himself what he lacks. */
function frontOf(name: string, port: number, { balance, instances }: Behind): string[] {
  const backend = (called: string, asked: string): string =>
    [
      `backend ${called}`,
      '  mode http',
      '  option http-no-delay',
      `  option httpchk GET /health/${asked}`,
      `  balance ${balance}`,
      ...instances.map(
        (each, index) => `  server ${name}-${index + 1} ${LOOPBACK}:${each.port} ${LOOKED_AT} port ${each.ops}`,
      ),
    ].join('\n');
  const front = [
    `frontend ${name}`,
    `  bind ${LOOPBACK}:${port}`,
    '  mode http',
    '  option forwardfor',
    `  use_backend ${name}-living if { nbsrv(${name}-ready) eq 0 }`,
    `  default_backend ${name}-ready`,
  ].join('\n');
  return [front, backend(`${name}-ready`, 'ready'), backend(`${name}-living`, 'live')];
}
