import { errorCodes } from '@core/xapi/wire/error-codes';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { BrokerControl } from '../control/broker-control.ts';
import type { BehaviourChanges } from '../core/behaviour-settings.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';
import { MemorySocket } from '../in-memory/memory-socket.ts';
import type { Simulator } from '../simulator.ts';

const LOGIN = { userId: '10001', password: EXAMPLE_PASSWORD };
const PING = '{"command":"ping"}';
const code = ({ status, errorCode }: JsonObject): unknown => (status === true ? 'ok' : errorCode);

describe('connection rules', () => {
  it('drop a connection at the sixth command in a row that comes too fast, without a word', () => {
    const simulator = aSimulator();
    const client = new MemoryClient(simulator, '10001');
    client.login(EXAMPLE_PASSWORD);
    for (let count = 0; count < 6; count++) client.main.write(PING);
    expect(client.main.ended).toBeNull();
    client.main.write(PING);
    expect(client.main.ended).toBe('dropped');
    expect(client.main.received).toHaveLength(7);
  });

  it('forgive fast commands after a slow one', () => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.login(EXAMPLE_PASSWORD);
    for (let round = 0; round < 5; round++) {
      for (let count = 0; count < 5; count++) client.main.write(PING);
      client.wait(200);
    }
    expect(client.main.ended).toBeNull();
  });

  it('count commands, not packets', () => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.main.write(PING.repeat(7));
    expect(client.main.ended).toBe('dropped');
  });

  it('drop what is longer than 1 kB, and what is no JSON object', () => {
    const long = `{"command":"ping","customTag":"${'x'.repeat(1_024)}"}`;
    for (const text of [long, '{"command":}', 'GET / HTTP/1.1\r\n', '["ping"]']) {
      const socket = new MemorySocket(aSimulator(), 'main');
      socket.write(text);
      expect([text.slice(0, 20), socket.ended, socket.received]).toEqual([text.slice(0, 20), 'dropped', []]);
    }
  });

  it.each([
    ['x', 1_024, null],
    ['x', 1_025, 'dropped'],
    ['ż', 1_024, null],
    ['ż', 1_026, 'dropped'],
  ])('count bytes, not characters: %s to %s bytes', (letter, bytes, ended) => {
    const socket = new MemorySocket(aSimulator(), 'main');
    const [head, tail] = ['{"command":"ping","customTag":"', '"}'];
    const room = bytes - head.length - tail.length;
    const tag = letter.repeat(Math.floor(room / Buffer.byteLength(letter)));
    const text = `${head}${tag}${tail}`;
    const message = Buffer.byteLength(text) === bytes ? text : text.replace(head, `${head} `);
    expect(Buffer.byteLength(message)).toBe(bytes);
    socket.write(message);
    expect(socket.ended).toBe(ended);
  });

  it('drop a main connection that says nothing within a second, but no streaming one', () => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.wait(999);
    expect(client.main.ended).toBeNull();
    client.wait(1);
    expect([client.main.ended, client.stream.ended]).toEqual(['dropped', null]);
  });

  it('refuse the 51st connection of an address with EX008', () => {
    const simulator = aSimulator({ firstDataMs: { main: 0 } });
    const first = Array.from({ length: 50 }, () => new MemorySocket(simulator, 'main'));
    const refused = new MemorySocket(simulator, 'main');
    expect(JSON.parse(refused.received[0]?.message ?? '')).toMatchObject({ status: false, errorCode: 'EX008' });
    expect(refused.ended).toBe('closed');
    expect(new MemorySocket(simulator, 'main', '192.0.2.2').ended).toBeNull();
    first[0]?.hangUp();
    expect(new MemorySocket(simulator, 'main').ended).toBeNull();
  });
});

describe('sessions', () => {
  it('begin with a login and end with a logout, which closes the connection and the streams', () => {
    const simulator = aSimulator();
    const client = new MemoryClient(simulator, '10001');
    expect(code(client.ask('getTrades', { openedOnly: true }))).toBe('BE103');
    client.login(EXAMPLE_PASSWORD);
    expect(code(client.ask('login', LOGIN))).toBe('BE118');
    expect(code(client.ask('getVersion'))).toBe('ok');
    client.subscribe('getKeepAlive');
    client.wait(3_000);
    const alive = client.frames('keepAlive').length;
    expect(alive).toBe(1);
    expect(client.ask('logout')).toEqual({ status: true });
    expect(client.main.ended).toBe('closed');
    client.wait(9_000);
    expect(client.frames('keepAlive')).toHaveLength(alive);
  });

  it('have a token each; a stale or foreign one is answered with BE117, or with silence', () => {
    for (const [invalidToken, answers] of [['frame', 1] as const, ['silent', 0] as const]) {
      const simulator = aSimulator({ invalidToken });
      const client = new MemoryClient(simulator, '10001');
      client.login(EXAMPLE_PASSWORD);
      client.main.hangUp();
      client.subscribe('getTrades');
      expect(client.stream.received).toHaveLength(answers);
      if (answers === 1) expect(client.stream.received[0]?.message).toContain('BE117');
    }
  });

  it('of several accounts share one streaming connection', () => {
    const simulator = aSimulator();
    const [ada, bob] = [new MemoryClient(simulator, '10001'), new MemoryClient(simulator, '10002')];
    ada.login(EXAMPLE_PASSWORD);
    bob.login(EXAMPLE_PASSWORD);
    ada.subscribe('getTrades');
    ada.subscribe('getTrades', { streamSessionId: bob.token });
    const control = new BrokerControl(simulator);
    for (const userId of ['10001', '10002']) {
      control.openPosition({ userId, symbol: 'EURUSD', side: 'buy', volume: '0.1' });
    }
    ada.wait(100);
    expect(ada.frames('trade')).toHaveLength(2);
    ada.stream.write('{"command":"stopTrades"}');
    control.resync({ userId: '10001' });
    ada.wait(300);
    expect(ada.frames('trade')).toHaveLength(2);
  });

  it('expire after a quarter of an hour of silence with BE200, and not before', () => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.login(EXAMPLE_PASSWORD);
    client.wait(899_000);
    expect(code(client.ask('ping'))).toBe('ok');
    client.wait(901_000);
    expect([code(client.ask('ping')), code(client.ask('getTrades', { openedOnly: true }))]).toEqual(['BE200', 'BE200']);
  });

  it('that expired or were ended by the server stream no more, and no command of the stream revives them', () => {
    const ways: ((simulator: Simulator, client: MemoryClient) => void)[] = [
      (simulator) => new BrokerControl(simulator).endSession({ userId: '10001', how: 'expire' }),
      (simulator) => new BrokerControl(simulator).endSession({ userId: '10001', how: 'forget' }),
      (_simulator, client) => client.wait(901_000),
    ];
    for (const end of ways) {
      const simulator = aSimulator();
      const client = aTrader(simulator);
      client.subscribe('getKeepAlive');
      end(simulator, client);
      const before = client.stream.received.length;
      client.wait(10_000);
      client.subscribe('ping');
      expect(client.stream.received.slice(before).map(({ message }) => code(JSON.parse(message)))).toEqual(['BE117']);
      expect(code(client.ask('ping'))).toMatch(/BE200|BE103/);
    }
  });

  it('that only listen stay alive by pings of the stream', () => {
    const client = aTrader(aSimulator());
    for (let minutes = 0; minutes < 60; minutes += 10) {
      client.wait(600_000);
      client.subscribe('ping');
    }
    expect(code(client.ask('ping'))).toBe('ok');
  });

  it('lock a wrong login and password for ten minutes, that pair alone', () => {
    const simulator = aSimulator();
    const attempt = (password: string): unknown => code(new MemoryClient(simulator, '10001').login(password));
    expect([attempt('wrong'), attempt('wrong'), attempt('wronger'), attempt(EXAMPLE_PASSWORD)]).toEqual([
      'BE005',
      'EX007',
      'BE005',
      'ok',
    ]);
    new MemoryClient(simulator, '10001').wait(600_000);
    expect(attempt('wrong')).toBe('BE005');
  });

  it('are refused to the blacklisted and the disabled', () => {
    const simulator = aSimulator({ login: { blacklist: ['10002'] } });
    new BrokerControl(simulator).loginDisabled({ userId: '10001', disabled: true });
    expect(code(new MemoryClient(simulator, '10002').login(EXAMPLE_PASSWORD))).toBe('EX010');
    expect(code(new MemoryClient(simulator, '10001').login(EXAMPLE_PASSWORD))).toBe('BE004');
  });
});

describe('answers', () => {
  it.each<[string, JsonObject | undefined, JsonObject, string]>([
    ['noSuchCommand', undefined, {}, 'BE104'],
    ['getSymbol', undefined, {}, 'BE106'],
    ['getSymbol', { symbol: 5 }, {}, 'EX000'],
    ['getSymbol', undefined, { arguments: 'text' }, 'BE110'],
    ['getSymbol', { symbol: 'NOTHING' }, {}, 'BE115'],
    ['getChartLastRequest', { info: { symbol: 'EURUSD', period: 7, start: TUESDAY_MS } }, {}, 'BE105'],
    ['getChartLastRequest', { info: { symbol: 'EURUSD', period: 1, start: 0 } }, {}, 'EX009'],
    ['tradeTransactionStatus', { order: 1 }, {}, 'BE098'],
    ['getMarginTrade', { symbol: 'EURUSD', volume: 0 }, {}, 'BE003'],
  ])('to %s %j %j is %s', (command, given, more, expected) => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.login(EXAMPLE_PASSWORD);
    expect(code(client.ask(command, given, more))).toBe(expected);
  });

  it('come in the order of asking, tags echoed as they were, also on errors', () => {
    const client = new MemoryClient(aSimulator({ execDelayMs: { reply: 300 } }), '10001');
    client.login(EXAMPLE_PASSWORD);
    const info = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1 };
    client.main.write(
      JSON.stringify({ command: 'tradeTransaction', arguments: { tradeTransInfo: info }, customTag: '1' }),
    );
    client.main.write(JSON.stringify({ command: 'oops', customTag: '{"2"} ż' }));
    client.main.write(JSON.stringify({ command: 'ping', customTag: '' }));
    client.main.write(PING);
    client.wait(1_000);
    const replies = client.main.received.slice(1).map(({ message }) => JSON.parse(message) as JsonObject);
    expect(replies.map(({ customTag }) => customTag)).toEqual(['1', '{"2"} ż', '', undefined]);
  });

  it('are printed prettily on demand, never with an empty line', () => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.login(EXAMPLE_PASSWORD);
    const text = client.askForText('getServerTime', undefined, { prettyPrint: true });
    expect(text.split('\n').length).toBeGreaterThan(4);
    expect(text).not.toMatch(/\n\s*\n/);
  });

  it('take arguments that are absent, null or empty where none are needed', () => {
    const client = new MemoryClient(aSimulator(), '10001');
    client.login(EXAMPLE_PASSWORD);
    const replies = [{}, { arguments: null }, { arguments: {} }].map((more) =>
      client.ask('getVersion', undefined, more),
    );
    expect(replies.map(code)).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('orders are refused', () => {
  const trade = (
    behaviour: BehaviourChanges,
    info: JsonObject,
    before?: (control: BrokerControl, simulator: ReturnType<typeof aSimulator>) => void,
  ) => {
    const simulator = aSimulator(behaviour, { startMs: TUESDAY_MS + 5 * 24 * 3_600_000 });
    const client = aTrader(simulator);
    before?.(new BrokerControl(simulator), simulator);
    const defaults = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1 };
    return { client, reply: client.ask('tradeTransaction', { tradeTransInfo: { ...defaults, ...info } }) };
  };

  it.each<[string, JsonObject, BehaviourChanges?]>([
    ['EX000', { price: undefined }],
    ['EX000', { volume: undefined }],
    ['EX000', { symbol: undefined }],
    ['EX000', { type: undefined }],
    ['BE102', { type: 1 }],
    ['BE102', { type: 9 }],
    ['BE101', { symbol: 'NOTHING' }],
    ['BE018', {}, { market: { disabled: ['EURUSD'] } }],
    ['BE006', {}, { market: { alwaysOpen: false } }],
    ['BE003', { volume: 0 }],
    ['BE003', { volume: 0.015 }],
    ['BE003', { volume: 101 }],
    ['BE003', { volume: 1.5, symbol: 'AAPL.US_9' }],
    ['BE001', { price: 0 }],
    ['BE002', { sl: 1.09 }],
    ['BE002', { tp: 1.08 }],
    ['BE002', { cmd: 1, sl: 1.08 }],
    ['BE002', { cmd: 2, price: 1.05, sl: 1.06 }],
    ['BE001', { cmd: 2, price: 1.09 }],
    ['BE001', { cmd: 3, price: 1.08 }],
    ['BE001', { cmd: 4, price: 1.08 }],
    ['BE001', { cmd: 5, price: 1.09 }],
    ['BE007', { cmd: 2, price: 1.05, expiration: TUESDAY_MS }],
    ['BE007', { cmd: 6 }],
    ['BE098', { type: 2, order: 1 }],
    ['BE098', { type: 3, order: 1 }],
    ['BE098', { type: 4, order: 1 }],
    ['BE014', {}, { maxTradeRequestsPerSecond: 1 }],
  ])('with %s: %j %j', (expected, info, behaviour = {}) => {
    const { client, reply } = trade(behaviour, info, (_hand, { broker }) => {
      if (expected === 'BE014') broker.receive(broker.account('10001'), { ...NOTHING });
    });
    expect(reply).toMatchObject({
      status: false,
      errorCode: expected,
      errorDescr: errorCodes[expected as keyof typeof errorCodes],
    });
    expect(client.frames('trade')).toEqual([]);
  });

  it('by the state of what they are about', () => {
    const { client } = trade({}, {});
    const ask = (info: JsonObject): unknown =>
      code(
        client.ask('tradeTransaction', {
          tradeTransInfo: { symbol: 'EURUSD', volume: 0.1, price: 1, cmd: 0, ...info },
        }),
      );
    const { position, order2 } = client.frames('trade').at(-1) as { position: number; order2: number };
    expect(ask({ type: 2, order: order2 })).toBe('BE098');
    expect(ask({ type: 4, order: position })).toBe('BE098');
    expect(ask({ type: 2, order: position, volume: 0.2 })).toBe('BE003');
    expect(ask({ type: 3, order: position, volume: 0.2 })).toBe('BE008');
    expect(ask({ type: 2, order: position, symbol: 'GBPUSD' })).toBe('BE007');
    expect(ask({ type: 2, order: position })).toBe('ok');
    expect(ask({ type: 2, order: position })).toBe('BE097');
    expect(ask({ type: 0, cmd: 2, price: 1.05 })).toBe('ok');
    expect(ask({ type: 2, order: Number(client.frames('trade').at(-1)?.order) })).toBe('BE096');
  });

  it('at once, or as a status, as the setting says', () => {
    const { client, reply } = trade({ rejectVia: 'status' }, { volume: 0.015 });
    expect(reply).toMatchObject({ status: true });
    expect(client.frames('tradeStatus').at(-1)).toMatchObject({ requestStatus: 4, message: errorCodes.BE003 });
  });
});

const NOTHING = {
  type: 0,
  cmd: 0,
  symbol: '',
  volume: '0',
  price: '0',
  sl: '0',
  tp: '0',
  offset: 0,
  order: 0,
  expiration: null,
  customComment: null,
} as const;
