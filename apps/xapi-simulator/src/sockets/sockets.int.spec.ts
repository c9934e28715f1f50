import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { Fault } from '../core/faults.ts';
import { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { RunningSimulator } from '../running.ts';
import { startExample } from './running-example.fixture.ts';
import {
  connectTo,
  connectWeb,
  LOGIN,
  overSocket,
  transports,
  type SocketClient,
  type TransportName,
  type WebClient,
} from './socket-client.fixture.ts';

describe('sockets', () => {
  let running: RunningSimulator;
  const clients: SocketClient[] = [];

  beforeAll(async () => {
    const ports = ['TCP', 'TLS', 'WS', 'WSS'].map((name) => [`SIMULATOR_${name}_PORT`, '0']);
    running = await startExample(Object.fromEntries(ports));
  });

  afterEach(() => {
    clients.splice(0).forEach((client) => client.end());
    running.simulator.faults.liftAll();
    running.driver.act(() =>
      running.simulator.changeBehaviour(BehaviourSettings.parse({ market: { restlessness: 0 } })),
    );
  });

  afterAll(() => running.stop());

  const open = async (transport: TransportName, kind: 'main' | 'stream'): Promise<SocketClient> => {
    const client = await connectTo(running, transport, kind);
    clients.push(client);
    return client;
  };

  it.each(transports)('over %s carry a session, a subscription and its frames', async (transport) => {
    const [main, stream] = [await open(transport, 'main'), await open(transport, 'stream')];
    main.write(JSON.stringify({ ...LOGIN, customTag: 'me' }));
    const { streamSessionId } = await main.next();
    expect(streamSessionId).toEqual(expect.any(String));
    stream.write(JSON.stringify({ command: 'getBalance', streamSessionId }));
    expect(await stream.next()).toMatchObject({ command: 'balance', data: { balance: 100_000 } });
    main.write('{"command":"logout"}');
    expect(await main.next()).toEqual({ status: true });
    await main.closed;
  });

  it('put two newlines behind every message on raw ones', async () => {
    const main = await open('tcp', 'main');
    main.write(JSON.stringify(LOGIN));
    await main.next();
    main.write('{"command":"ping"}');
    await main.next();
    expect(main.raw()).toMatch(/^\{[^\n]*\}\n\n\{"status":true\}\n\n$/);
  });

  it.each(['tcp', 'tls'] as const)(
    'over %s take one-byte fragments, glued commands and any white space',
    async (transport) => {
      const main = await open(transport, 'main');
      for (const byte of Buffer.from(JSON.stringify({ ...LOGIN, customTag: 'żółć' }))) main.write(Uint8Array.of(byte));
      expect(await main.next()).toMatchObject({ status: true, customTag: 'żółć' });
      main.write(
        '{"command":"ping","customTag":"1"}{"command":"ping","customTag":"2"}\r\n\t {"command":"ping","customTag":"3"}',
      );
      expect([(await main.next()).customTag, (await main.next()).customTag, (await main.next()).customTag]).toEqual([
        '1',
        '2',
        '3',
      ]);
    },
  );

  it.each(['ws', 'wss'] as const)(
    'over %s take a message in frames cut anywhere, many at once, and white space around each',
    async (transport) => {
      const main = (await open(transport, 'main')) as WebClient;
      const bytes = Buffer.from(`\r\n${JSON.stringify({ ...LOGIN, customTag: 'żółć' })}\n\n`);
      bytes.forEach((byte, at) => {
        main.socket.send(Uint8Array.of(byte), { binary: false, fin: at === bytes.length - 1 });
      });
      expect(await main.next()).toMatchObject({ status: true, customTag: 'żółć' });
      for (const customTag of ['1', '2', '3']) main.write(JSON.stringify({ command: 'ping', customTag }));
      expect([(await main.next()).customTag, (await main.next()).customTag, (await main.next()).customTag]).toEqual([
        '1',
        '2',
        '3',
      ]);
      main.write('{"command":"ping"}{"command":"ping"}');
      await main.closed;
    },
  );

  it.each(transports)('over %s stream several sessions on one connection', async (transport) => {
    const stream = await open(transport, 'stream');
    for (const userId of ['10001', '10002']) {
      const main = await open(transport, 'main');
      main.write(JSON.stringify({ command: 'login', arguments: { userId, password: `demo-${userId}` } }));
      const { streamSessionId } = await main.next();
      stream.write(JSON.stringify({ command: 'getBalance', streamSessionId }));
      expect(await stream.next()).toMatchObject({ command: 'balance' });
      running.driver.act(() => running.control.cash({ userId, amount: '0.01', kind: 'balance' }));
      expect(await stream.next()).toMatchObject({ command: 'balance' });
    }
  });

  it('can write in pieces and with other separators', async () => {
    const main = await open('tcp', 'main');
    main.write(JSON.stringify(LOGIN));
    await main.next();
    running.driver.act(() =>
      running.simulator.changeBehaviour({ wire: { fragmentBytes: 1, separator: ' \r\n\r\n\t' } }),
    );
    main.write('{"command":"getVersion"}');
    expect(await main.next()).toMatchObject({ returnData: { version: '2.5.0' } });
    expect(main.raw().endsWith(' \r\n\r\n\t')).toBe(true);
  });

  it('send megabytes in one message', async () => {
    running.driver.act(() => running.simulator.changeBehaviour({ fillerSymbols: 3_000 }));
    const main = await open('tls', 'main');
    main.write(JSON.stringify(LOGIN));
    await main.next();
    main.write('{"command":"getAllSymbols"}');
    const { returnData } = await main.next();
    expect((returnData as unknown[]).length).toBeGreaterThan(3_000);
  });

  it.each(['tcp', 'ws'] as const)('over %s are dropped for what is no JSON object', async (transport) => {
    const main = await open(transport, 'main');
    main.write('{"command":');
    if (transport === 'tcp') main.write('}');
    await main.closed;
    expect(main.raw()).toBe('');
  });

  it('end with the code that a human chose', async () => {
    const main = await open('ws', 'main');
    running.driver.act(() => running.control.disconnect({ how: 'close', code: 1011, socket: 'main' }));
    expect(await main.closed).toBe(1011);
  });

  it('answer WebSocket pings, unless told not to', async () => {
    const { socket } = (await open('ws', 'stream')) as WebClient;
    socket.ping('a');
    expect(String((await once(socket, 'pong'))[0])).toBe('a');
    running.driver.act(() => running.simulator.changeBehaviour({ wire: { pong: false } }));
    let pongs = 0;
    socket.on('pong', () => pongs++);
    socket.ping('b');
    running.driver.act(() => running.simulator.changeBehaviour({ wire: { pong: true } }));
    socket.ping('c');
    await once(socket, 'pong');
    expect(pongs).toBeLessThanOrEqual(2);
  });

  it('refuse upgrades on other paths, and with an error page while a fault says so', async () => {
    const { main = '' } = running.addresses.ws ?? {};
    await expect(connectWeb(main.replace('/demo', '/nothing'))).rejects.toThrow('404');
    running.simulator.faults.set(Fault.parse({ kind: 'refuse-upgrade', status: 502, times: 1 }));
    await expect(connectWeb(main)).rejects.toThrow('502');
    await open('ws', 'main');
    expect((await fetch(main.replace('ws:', 'http:'))).status).toBe(426);
  });

  it('of a frozen connection stay open without a byte', async () => {
    const main = await open('tcp', 'main');
    main.write(JSON.stringify(LOGIN));
    await main.next();
    running.simulator.faults.set(Fault.parse({ kind: 'freeze', socket: 'main' }));
    main.write('{"command":"ping","customTag":"lost"}');
    const other = await open('tcp', 'stream');
    other.write('{"command":"getTrades","streamSessionId":"none"}');
    expect(await other.next()).toMatchObject({ errorCode: 'BE117' });
    running.simulator.faults.liftAll();
    main.write('{"command":"ping","customTag":"found"}');
    expect(await main.next()).toMatchObject({ customTag: 'found' });
  });

  it.each([
    { maxBufferedBytes: 1_000_000, maxBufferedBytesInAll: 1_000_000_000 },
    { maxBufferedBytes: 1_000_000_000, maxBufferedBytesInAll: 1_100_000 },
  ])('of a client that does not read are dropped before they fill the memory: %j', async (wire) => {
    running.driver.act(() =>
      running.simulator.changeBehaviour({ fillerSymbols: 2_000, wire, pacing: { enforce: false } }),
    );
    const main = await open('tcp', 'main');
    main.write(JSON.stringify(LOGIN));
    await main.next();
    const { connections } = running.simulator;
    const before = connections.count('main');
    const { port } = new URL(`tcp://${running.addresses.tcp?.main}`);
    const socket = connectTcp(Number(port), '127.0.0.1');
    const deaf = await overSocket(socket, 'connect');
    deaf.write(JSON.stringify(LOGIN));
    await deaf.next();
    expect(connections.count('main')).toBe(before + 1);
    socket.pause();
    deaf.write('{"command":"getAllSymbols"}'.repeat(12));
    // Each turn is a round trip on another connection: the server has had its chance to look at the deaf one.
    while (connections.count('main') > before) {
      main.write('{"command":"ping"}');
      await main.next();
    }
    deaf.end();
  });
});
