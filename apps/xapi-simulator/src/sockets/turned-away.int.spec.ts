import { setImmediate as turn } from 'node:timers/promises';
import { connect } from 'node:net';
import { Fault } from '../core/faults.ts';
import type { RunningSimulator } from '../running.ts';
import { startExample } from './running-example.fixture.ts';
import {
  connectTo,
  LOGIN,
  overSocket,
  transports,
  type SocketClient,
  type TransportName,
} from './socket-client.fixture.ts';

// Who is not let in, over every transport, and that nothing is left of them.

type Mode = (Fault & { kind: 'maintenance' })['mode'];

describe('a client that is turned away', () => {
  let running: RunningSimulator;
  const clients: SocketClient[] = [];

  beforeAll(async () => {
    const ports = ['TCP', 'TLS', 'WS', 'WSS'].map((name) => [`SIMULATOR_${name}_PORT`, '0']);
    running = await startExample(Object.fromEntries(ports));
  });

  afterEach(async () => {
    clients.splice(0).forEach((client) => client.end());
    running.simulator.faults.liftAll();
    running.simulator.changeBehaviour({ maxConnectionsPerAddress: 50 });
    await allGone();
  });

  afterAll(() => running.stop());

  const open = async (transport: TransportName): Promise<SocketClient> => {
    const client = await connectTo(running, transport);
    clients.push(client);
    return client;
  };

  const maintain = (mode: Mode) => running.simulator.faults.set(Fault.parse({ kind: 'maintenance', mode }));

  /** Every socket is closed on the server's side too. */
  async function allGone(): Promise<void> {
    while (running.sockets > 0) await turn();
  }

  /** What a client sees of its attempt: an error's code, how the connection closed, or that it is open. */
  async function attempt(transport: TransportName): Promise<string | number | null> {
    try {
      return await (
        await open(transport)
      ).closed;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'unknown';
    }
  }

  it.each(transports)(
    'over %s by a host that takes no connections is reset, before any handshake',
    async (transport) => {
      maintain('refuse');
      expect(await attempt(transport)).toBe('ECONNRESET');
      running.simulator.faults.liftAll();
      (await open(transport)).write(JSON.stringify(LOGIN));
      expect(await clients.at(-1)?.next()).toMatchObject({ status: true });
    },
  );

  it.each<[TransportName, number | null]>([
    ['tcp', null],
    ['tls', null],
    ['ws', 1006],
    ['wss', 1006],
  ])('over %s by a host that closes at once sees how: %s', async (transport, seen) => {
    maintain('close');
    expect(await attempt(transport)).toBe(seen);
  });

  it.each(transports)('over %s by a host that hangs hears nothing, is not closed, and may go', async (transport) => {
    const before = await open(transport);
    before.write(JSON.stringify(LOGIN));
    await before.next();
    maintain('hang');
    const hanging = await open(transport);
    hanging.write(JSON.stringify(LOGIN));
    before.write('{"command":"ping"}');
    expect(await before.next()).toEqual({ status: true });
    expect([hanging.raw(), await Promise.race([hanging.closed, Promise.resolve('open')])]).toEqual(['', 'open']);
    hanging.leave();
    await hanging.closed;
    before.end();
    await allGone();
  });

  it.each(transports)('over %s as one too many is told so, and its socket is not kept', async (transport) => {
    running.simulator.changeBehaviour({ maxConnectionsPerAddress: 1 });
    const first = await open(transport);
    const second = await open(transport);
    second.write(JSON.stringify(LOGIN));
    expect(await second.next()).toMatchObject({ status: false, errorCode: 'EX008' });
    await second.closed;
    first.end();
    await allGone();
  });

  it.each(transports)('over %s while it is connected is reset without a word', async (transport) => {
    const client = await open(transport);
    client.write(JSON.stringify(LOGIN));
    await client.next();
    running.driver.act(() => running.control.disconnect({ how: 'reset' }));
    expect(await client.closed).toBe(transport.startsWith('ws') ? 1006 : 'ECONNRESET');
    await allGone();
  });

  it.each([
    ['ws', 'GET // HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', '404'],
    ['ws', 'GET http://[ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', '404'],
    ['ws', 'GET /demo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', '400'],
    ['ws', '\u0016\u0003\u0001 nonsense\r\n\r\n', '400'],
    ['tls', 'GET / HTTP/1.1\r\n\r\n', ''],
    ['wss', 'GET / HTTP/1.1\r\n\r\n', ''],
    ['tcp', 'GET / HTTP/1.1\r\n\r\n', ''],
  ] as const)('over %s by its own %j does nobody harm', async (transport, bytes, answer) => {
    const { main = '' } = running.addresses[transport] ?? {};
    const { hostname, port } = new URL(main.includes('://') ? main.replace(/^ws+/, 'tcp') : `tcp://${main}`);
    const client = await overSocket(connect(Number(port), hostname), 'connect');
    clients.push(client);
    client.write(bytes);
    await client.closed;
    expect(client.raw()).toContain(answer);
    (await open('tcp')).write(JSON.stringify(LOGIN));
    expect(await clients.at(-1)?.next()).toMatchObject({ status: true });
  });
});
