import type { ServerPorts, SharedService } from './cluster-ports.ts';

const LOOPBACK = '127.0.0.1';

/** A server is looked at twice a second; one that failed gets nothing until it is well again. */
const LOOKED_AT = 'check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions';

/** Of whose requests one process is asked as long as it lives, so that it has seen what they did before. */
const BALANCE: Readonly<Record<string, string>> = {
  'tv-gateway': 'hdr(Authorization)',
  'ws-session': 'leastconn',
};

/** The configuration of the proxy before a cell: the Postgres that takes writes, and every service that is there twice. */
export const proxyConfig = (servers: ServerPorts, services: readonly SharedService[]): string =>
  [HEAD, database(servers), ...services.flatMap(shared)].join('\n\n').concat('\n');

const HEAD = `global
  maxconn 4000
defaults
  timeout connect 1s
  timeout check 1s
  timeout client 1h
  timeout server 1h
  timeout queue 5s
  retries 3
  option redispatch 1`;

/** Patroni answers 200 to /primary at the one that leads. */
const database = ({ database: port, members }: ServerPorts): string =>
  [
    'listen postgres',
    `  bind ${LOOPBACK}:${port}`,
    '  mode tcp',
    '  option tcpka',
    '  option httpchk GET /primary',
    ...members.map(
      ({ postgres, api }, index) => `  server postgres-${index + 1} ${LOOPBACK}:${postgres} ${LOOKED_AT} port ${api}`,
    ),
  ].join('\n');

function shared({ name, front, instances }: SharedService): string[] {
  const balance = BALANCE[name] ?? 'roundrobin';
  const public_ =
    front.port === null
      ? []
      : [
          [
            ...listen(name, front.port),
            '  option forwardfor',
            '  option http-no-delay',
            '  timeout tunnel 1h',
            `  balance ${balance}`,
            ...instances.map(({ port, ops }, index) => server(name, index, port, ops)),
          ].join('\n'),
        ];
  const health = [
    ...listen(`${name}-ops`, front.ops),
    '  balance first',
    ...instances.map(({ ops }, index) => server(name, index, ops, ops)),
  ].join('\n');
  return [...public_, health];
}

const listen = (name: string, port: number): string[] => [
  `listen ${name}`,
  `  bind ${LOOPBACK}:${port}`,
  '  mode http',
  '  option httpchk GET /health/ready',
];

const server = (name: string, index: number, port: number, ops: number): string =>
  `  server ${name}-${index + 1} ${LOOPBACK}:${port} ${LOOKED_AT} port ${ops}`;
