import fc from 'fast-check';
import { ZodError } from 'zod';
import { commands } from '@core/xapi/wire/commands';
import { parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import { subscriptions } from '@core/xapi/wire/streams';
import { actions, type ActionName } from '../control/actions.ts';
import { ActionRefused, BrokerControl } from '../control/broker-control.ts';
import { performers } from '../control/perform.ts';
import { aSimulator, aTrader, TUESDAY_MS } from '../in-memory/example.fixture.ts';

// Whatever a client or a script says, it gets an answer, and the broker lives on for everyone else.

const EXTREMES = [
  ...[0, -1, 0.1, 1e-300, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53 - 1, 1 - 2 ** 53, 8.64e15 + 1, 1.7e12, 1440, 43_200],
];
const VALUES = fc.oneof(
  fc.constantFrom<unknown>(
    ...EXTREMES,
    'EURUSD',
    'GOLD',
    '',
    'żółć{"}',
    '1e300',
    true,
    null,
    [],
    ['EURUSD'],
    [1e15],
    {},
  ),
  fc.integer({ min: -10, max: 10 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const FIELDS = [
  ...['symbol', 'symbols', 'volume', 'price', 'sl', 'tp', 'type', 'cmd', 'order', 'orders', 'offset', 'expiration'],
  ...[
    'customComment',
    'period',
    'start',
    'end',
    'ticks',
    'level',
    'timestamp',
    'openedOnly',
    'closePrice',
    'openPrice',
  ],
  ...['userId', 'password', 'streamSessionId', 'minArrivalTime', 'maxLevel'],
];
const anything = fc.dictionary(fc.constantFrom(...FIELDS), VALUES);
/** Orders that are nearly right, so that the checks behind the first are reached too. */
const price = fc.constantFrom(0, 1, 1.05, 1.2, 3_000, ...EXTREMES);
const order = fc.record({
  ...{ type: fc.constantFrom(0, 0, 0, 2, 3, 4), cmd: fc.integer({ min: 0, max: 7 }) },
  ...{ symbol: fc.constantFrom('EURUSD', 'GOLD', 'BITCOIN'), volume: fc.constantFrom(0.1, 0.1, 1e-300, 1e308) },
  ...{ price, sl: fc.oneof(fc.constant(0), price), tp: fc.oneof(fc.constant(0), price) },
  offset: fc.constantFrom(0, 0, 10, -10, 2 ** 53 - 1),
  order: fc.constantFrom(0, 1, 1e15),
  expiration: fc.constantFrom(0, null, TUESDAY_MS + 3_600_000, 8.64e15 + 1, 2 ** 53 - 1, -1),
});
const given = fc.oneof(
  anything,
  anything.map((info) => ({ info })),
  order.map((tradeTransInfo) => ({ tradeTransInfo })),
);

const RUNS = { numRuns: 3_000 };

function trader() {
  const simulator = aSimulator({
    market: { ticksPerSecond: 5 },
    pacing: { enforce: false },
    maxCommandBytes: 65_536,
    execDelayMs: { reply: 0, execute: 0, status: 0, trade: 0, balance: 0 },
  });
  const client = aTrader(simulator);
  client.ask('tradeTransaction', {
    tradeTransInfo: { type: 0, cmd: 0, symbol: 'GOLD', volume: 0.1, price: 1, offset: 10 },
  });
  return { simulator, client };
}

/** That everything an account can see is still there, and is JSON. */
function expectAlive({ simulator, client }: ReturnType<typeof trader>): void {
  client.wait(2_000);
  for (const { message } of client.stream.received.splice(0)) expect(parseObject(message)).toBeDefined();
  for (const [command, takes] of [
    ['getMarginLevel', undefined],
    ['getTrades', { openedOnly: false }],
    ['getTradesHistory', { start: 0, end: 0 }],
  ] as const) {
    expect(client.ask(command, takes)).toMatchObject({ status: true });
  }
  expect(() => simulator.capture()).not.toThrow();
}

describe('hostile input', () => {
  it('on the main connection is always answered, with a status', () => {
    const trading = trader();
    const { client } = trading;
    const names = Object.keys(commands).filter((command) => command !== 'logout');
    fc.assert(
      fc.property(fc.constantFrom(...names, 'tradeTransaction', 'nothing'), given, (command, takes) => {
        const before = client.main.received.length;
        client.main.write(JSON.stringify({ command, arguments: takes }));
        const answer: JsonObject = parseObject(client.main.received[before]?.message ?? '') ?? {};
        expect(typeof answer.status).toBe('boolean');
        if (answer.status === false) expect(answer).toMatchObject({ errorCode: expect.stringMatching(/^(BE|EX)\d+$/) });
      }),
      RUNS,
    );
    expectAlive(trading);
  });

  it('on the streaming connection leaves it and its subscriptions alive', () => {
    const trading = trader();
    const { client } = trading;
    const names = Object.values(subscriptions).flatMap(({ start, stop }) => [start, stop]);
    fc.assert(
      fc.property(fc.constantFrom(...names, 'ping'), anything, (command, fields) => {
        client.stream.write(JSON.stringify({ streamSessionId: client.token, ...fields, command }));
        expect(client.stream.ended).toBeNull();
      }),
      RUNS,
    );
    expectAlive(trading);
  });

  it('of whoever controls the broker is refused with a reason, or done', () => {
    const trading = trader();
    const control = new BrokerControl(trading.simulator);
    const position = [...trading.simulator.broker.account('10001').positions.keys()][0];
    const names = (Object.keys(actions) as ActionName[]).filter(
      (name) => name !== 'disconnect' && name !== 'endSession',
    );
    const input = fc.dictionary(
      fc.constantFrom(
        ...['symbol', 'bid', 'ask', 'points', 'volume', 'sl', 'tp', 'price', 'amount', 'balance', 'leverage', 'count'],
        ...['expiration', 'weekday', 'what', 'kind', 'side', 'userId', 'position', 'order', 'hold'],
      ),
      VALUES,
    );
    const plausible = { symbol: 'EURUSD', userId: '10001', position, side: 'buy', password: 'x', kind: 'buy-stop' };
    fc.assert(
      fc.property(fc.constantFrom(...names), input, fc.boolean(), (name, fields, isPlausible) => {
        const fitting = Object.keys(actions[name].shape);
        const likely = Object.entries({ ...plausible, ...fields }).filter(([field]) => fitting.includes(field));
        try {
          performers[name](control, isPlausible ? Object.fromEntries(likely) : fields);
        } catch (error) {
          if (!(error instanceof ActionRefused || error instanceof ZodError)) throw error;
        }
      }),
      RUNS,
    );
    expectAlive(trading);
  });
});
