import { setImmediate as turn } from 'node:timers/promises';
import { toServerLocalMs } from '@core/xapi/wire/server-clock';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { Fault } from '../core/faults.ts';
import { BehaviourSettings, type BehaviourChanges } from '../core/behaviour-settings.ts';
import type { RunningSimulator } from '../running.ts';
import { startExample } from './running-example.fixture.ts';
import { connectTo, LOGIN, type SocketClient } from './socket-client.fixture.ts';

// Every code of the protocol document's list of errors, seen by a client on a real socket: what brings it about, and
// where it shows. What a broker would only do when it is sick is brought about by a fault.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The document's own list, ranges written out; not taken from the simulator's table. */
const DOCUMENTED = [
  ...numbered('BE', [
    [0, 14],
    [16, 37],
    [94, 99],
    [101, 106],
    [110, 110],
    [115, 118],
    [200, 200],
  ]),
  ...numbered('EX', [[0, 11]]),
  'SE199',
];

/** A client that has logged in, and ways to bring it into trouble. */
interface Scene {
  readonly running: RunningSimulator;
  readonly main: SocketClient;
  readonly token: string;
  /** Another connection; nobody has logged in on it. */
  open(kind?: 'main' | 'stream'): Promise<SocketClient>;
  ask(command: string, takes?: object, on?: SocketClient): Promise<JsonObject>;
  trade(info: object): Promise<JsonObject>;
  turn(behaviour: BehaviourChanges): void;
  /** The number of a position that a human opens, or of an order that he places. */
  position(): number;
  pending(): number;
}

/** Brings the error about and gives the message that shows it. */
type Way = (scene: Scene) => Promise<JsonObject>;

const trading =
  (info: object, behaviour: BehaviourChanges = {}): Way =>
  (scene) => {
    scene.turn(behaviour);
    return scene.trade(info);
  };

const asking =
  (command: string, takes?: object): Way =>
  ({ ask }) =>
    ask(command, takes);

/** What only a sick broker answers. */
const faulty =
  (code: string, command = 'getVersion'): Way =>
  ({ running, ask, open }) => {
    running.simulator.faults.set(Fault.parse({ kind: 'reply-error', command, code, times: 1 }));
    return command === 'login' ? open().then((other) => ask(command, LOGIN.arguments, other)) : ask(command);
  };

/** Taken, and then rejected: the status carries the document's words, not the code. */
const rejected =
  (info: object, message?: string): Way =>
  async ({ running, open, token, trade }) => {
    if (message) running.simulator.faults.set(Fault.parse({ kind: 'reject', message, times: 1 }));
    const stream = await open('stream');
    stream.write(JSON.stringify({ command: 'getTradeStatus', streamSessionId: token }));
    await sent(stream, { command: 'noSuchCommand' });
    await trade(info);
    await stream.next();
    return (await stream.next()).data as JsonObject;
  };

const ORDER = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1 };

const ways: Record<string, Way> = {
  BE000: faulty('BE000'),
  BE001: trading({ price: 0 }),
  BE002: trading({ sl: 2 }),
  BE003: trading({ volume: 0.015 }),
  BE004: async ({ running, ask, open }) => {
    running.control.loginDisabled({ userId: '10002', disabled: true });
    const reply = await ask('login', { userId: '10002', password: 'demo-10002' }, await open());
    running.control.loginDisabled({ userId: '10002', disabled: false });
    return reply;
  },
  BE005: async ({ ask, open }) => ask('login', { userId: '10002', password: 'wrong' }, await open()),
  /** New York sleeps at three in the morning of the server's clock, whenever that is. */
  BE006: ({ turn, trade }) => {
    const sinceMidnight = toServerLocalMs(Date.now()) % DAY_MS;
    turn({ market: { alwaysOpen: false }, clockSkewMs: 3 * HOUR_MS - sinceMidnight });
    return trade({ symbol: 'AAPL.US_9', volume: 1 });
  },
  BE007: trading({ cmd: 6 }),
  BE008: ({ position, trade }) => trade({ type: 3, order: position(), volume: 0.2 }),
  BE009: rejected({ volume: 100 }),
  BE010: rejected({}, 'Off quotes'),
  BE011: faulty('BE011'),
  BE012: trading({ symbol: 'MSFT.US_4', cmd: 1, volume: 1 }),
  BE013: rejected({}, 'Price has changed'),
  BE014: async ({ turn, trade }) => {
    turn({ maxTradeRequestsPerSecond: 1 });
    await trade({});
    return trade({});
  },
  BE016: async ({ turn, trade }) => {
    turn({ maxTradeRequestsPerSecond: 1 });
    await Promise.all([trade({}), trade({})]);
    return trade({});
  },
  BE017: async ({ turn, trade }) => {
    turn({ maxStandingTrades: 1 });
    await trade({ cmd: 2, price: 1.01 });
    return trade({ cmd: 2, price: 1.01 });
  },
  BE018: trading({}, { market: { disabled: ['EURUSD'] } }),
  BE096: ({ pending, trade }) => trade({ type: 2, order: pending() }),
  BE097: async ({ running, position, trade }) => {
    const closed = position();
    running.driver.act(() => running.control.closePosition({ position: closed }));
    return trade({ type: 2, order: closed });
  },
  BE098: trading({ type: 2, order: 1 }),
  BE101: trading({ symbol: 'NOTHING' }),
  BE102: trading({ type: 1 }),
  BE103: async ({ ask, open }) => ask('ping', undefined, await open()),
  BE104: asking('noSuchCommand'),
  BE105: asking('getChartLastRequest', { info: { period: 7, start: 0, symbol: 'EURUSD' } }),
  BE106: asking('getSymbol', {}),
  BE110: ({ main }) => sent(main, { command: 5 }),
  BE115: asking('getSymbol', { symbol: 'NOTHING' }),
  BE117: async ({ open }) => sent(await open('stream'), { command: 'getTrades', streamSessionId: 'stale' }),
  BE118: asking('login', LOGIN.arguments),
  BE200: ({ running, ask }) => {
    running.control.endSession({ userId: '10001', how: 'expire' });
    return ask('ping');
  },
  EX000: asking('getSymbol', { symbol: 5 }),
  EX004: faulty('EX004', 'login'),
  EX007: async ({ ask, open }) => {
    const wrong = { userId: '10003', password: 'wrong' };
    await ask('login', wrong, await open());
    return ask('login', wrong, await open());
  },
  EX008: async ({ turn, open }) => {
    turn({ maxConnectionsPerAddress: 1 });
    return (await open()).next();
  },
  EX009: asking('getChartLastRequest', { info: { period: 1, start: 0, symbol: 'EURUSD' } }),
  EX010: async ({ turn, ask, open }) => {
    turn({ login: { blacklist: ['10002'] } });
    return ask('login', { userId: '10002', password: 'demo-10002' }, await open());
  },
};

describe('error codes over a socket', () => {
  let running: RunningSimulator;
  const clients: SocketClient[] = [];

  beforeAll(async () => {
    running = await startExample({ SIMULATOR_TCP_PORT: '0' });
  });

  beforeEach(() => {
    running.simulator.changeBehaviour(
      BehaviourSettings.parse({ market: { restlessness: 0 }, pacing: { enforce: false } }),
    );
  });

  afterEach(async () => {
    clients.splice(0).forEach((client) => client.end());
    running.simulator.faults.liftAll();
    while (running.sockets > 0) await turn();
  });

  afterAll(() => running.stop());

  async function aScene(): Promise<Scene> {
    const open = async (kind: 'main' | 'stream' = 'main'): Promise<SocketClient> => {
      const client = await connectTo(running, 'tcp', kind);
      clients.push(client);
      return client;
    };
    const main = await open();
    const ask = (command: string, takes?: object, on = main) => sent(on, { command, arguments: takes });
    const { streamSessionId } = await sent(main, LOGIN);
    const account = { userId: '10001', symbol: 'EURUSD', volume: '0.1' } as const;
    return {
      ...{ running, main, token: String(streamSessionId), open, ask },
      trade: (info) => ask('tradeTransaction', { tradeTransInfo: { ...ORDER, ...info } }),
      turn: (behaviour) => void running.driver.act(() => running.simulator.changeBehaviour(behaviour)),
      position: () => running.driver.act(() => running.control.openPosition({ ...account, side: 'buy' })),
      pending: () =>
        running.driver.act(() =>
          running.control.placeOrder({ ...account, kind: 'buy-limit', price: '1', expiration: null }),
        ),
    };
  }

  it.each(DOCUMENTED)('%s', async (code) => {
    const seen = await (ways[code] ?? faulty(code))(await aScene());
    if (seen.requestStatus === undefined) {
      expect(seen).toMatchObject({ status: false, errorCode: code, errorDescr: expect.any(String) });
      expect(seen.customTag).toBe(UNASKED.includes(code) ? undefined : 'mine');
    } else {
      expect([seen.requestStatus, seen.message]).toEqual([4, REJECTIONS[code]]);
    }
  });

  it('can be of a broker’s own making, and without a word', async () => {
    const { ask } = await aScene();
    running.simulator.faults.set(
      Fault.parse({ kind: 'reply-error', command: 'ping', code: 'ZZ1', description: null, times: 1 }),
    );
    expect(await ask('ping')).toEqual({ status: false, errorCode: 'ZZ1', customTag: 'mine' });
  });
});

/** Told on a socket that asked nothing, or on the stream, which knows no tags. */
const UNASKED = ['EX008', 'BE117'];

const REJECTIONS: Record<string, string> = {
  BE009: 'Not enough money',
  BE010: 'Off quotes',
  BE013: 'Price has changed',
};

async function sent(client: SocketClient, message: object): Promise<JsonObject> {
  client.write(JSON.stringify({ ...message, customTag: 'mine' }));
  return client.next();
}

function numbered(prefix: string, ranges: readonly (readonly [number, number])[]): string[] {
  return ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${String(from + index).padStart(3, '0')}`),
  );
}
