import { proxyConfig } from './proxy-config.ts';

const servers = {
  database: 1,
  members: [
    { postgres: 2, api: 3 },
    { postgres: 4, api: 5 },
  ],
  nats: [],
  etcd: { client: 6, peer: 7 },
};
const services = [
  {
    name: 'tv-gateway',
    front: { port: 10, ops: 11 },
    instances: [
      { port: 12, ops: 13 },
      { port: 14, ops: 15 },
    ],
  },
  {
    name: 'ledger',
    front: { port: null, ops: 21 },
    instances: [
      { port: 22, ops: 23 },
      { port: 24, ops: 25 },
    ],
  },
] as const;

describe('the proxy before a cell', () => {
  const parts = proxyConfig(servers, services).split('\n\n');
  const part = (first: string): string => parts.find((each) => each.startsWith(`${first}\n`)) ?? '';
  const ledTo = (first: string): string[] =>
    [...part(first).matchAll(/ server \S+ \S+:(\d+)/g)].map(([, port = '']) => port);
  const looksAt = (first: string): string[] => [...part(first).matchAll(/ port (\d+)$/gm)].map(([, port = '']) => port);

  it('leads to whoever of the two Postgres says that it leads, and leaves who does not any more', () => {
    expect(part('listen postgres')).toContain('bind 127.0.0.1:1\n');
    expect(ledTo('listen postgres')).toEqual(['2', '4']);
    expect(looksAt('listen postgres')).toEqual(['3', '5']);
    expect(part('listen postgres').match(/shutdown-sessions/g)).toHaveLength(2);
  });

  it.each([
    ['tv-gateway', '10', ['12', '14'], ['13', '15']],
    ['tv-gateway-ops', '11', ['13', '15'], ['13', '15']],
    ['ledger-ops', '21', ['23', '25'], ['23', '25']],
  ])('stands before every process of %s, and does without those that are not ready', (name, port, led, looked) => {
    expect(part(`frontend ${name}`)).toContain(`bind 127.0.0.1:${port}\n`);
    for (const [backend, asked] of [
      ['ready', 'ready'],
      ['living', 'live'],
    ] as const) {
      expect(ledTo(`backend ${name}-${backend}`)).toEqual(led);
      expect(looksAt(`backend ${name}-${backend}`)).toEqual(looked);
      expect(part(`backend ${name}-${backend}`)).toContain(`/health/${asked}\n`);
    }
  });

  it('has no port for a service that nobody asks', () => {
    expect(part('frontend ledger')).toBe('');
  });
});
