import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { aSimulator, aTrader, EXAMPLE_PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';

// The document's tables of arguments (seed §5 and §6), each field with its type; `?` may be left out. A command without
// one that it needs, or with one of another type, is answered with an error and keeps its connection (seed §4.1).

const day = { start: TUESDAY_MS - 86_400_000, end: TUESDAY_MS };
const chart = { period: 60, symbol: 'EURUSD' };
const order = { type: 0, cmd: 2, symbol: 'EURUSD', volume: 0.1, price: 1.05 };
const more = { sl: 0, tp: 0, offset: 0, order: 0, expiration: 0, customComment: 'a1' };

interface Documented {
  readonly command: string;
  readonly fields: string;
  readonly example: JsonObject;
  /** The argument that holds them all, where there is one. */
  readonly inside?: string;
  /** The code when one is missing. */
  readonly missing?: string;
}

const documented: readonly Documented[] = [
  {
    command: 'getChartLastRequest',
    fields: 'period:number start:number symbol:string',
    example: { ...chart, start: day.start },
    inside: 'info',
  },
  {
    command: 'getChartRangeRequest',
    fields: 'end:number? period:number start:number symbol:string ticks:number?',
    example: { ...chart, ...day, ticks: 0 },
    inside: 'info',
  },
  { command: 'getCommissionDef', fields: 'symbol:string volume:number', example: { symbol: 'GOLD', volume: 1.5 } },
  { command: 'getIbsHistory', fields: 'end:number start:number', example: day },
  { command: 'getMarginTrade', fields: 'symbol:string volume:number', example: { symbol: 'GOLD', volume: 0.1 } },
  { command: 'getNews', fields: 'end:number start:number', example: { start: day.start, end: 0 } },
  {
    command: 'getProfitCalculation',
    fields: 'closePrice:number cmd:number openPrice:number symbol:string volume:number',
    example: { closePrice: 1.3, cmd: 0, openPrice: 1.2233, symbol: 'EURPLN', volume: 1 },
  },
  { command: 'getSymbol', fields: 'symbol:string', example: { symbol: 'EURPLN' } },
  {
    command: 'getTickPrices',
    fields: 'level:number symbols:array timestamp:number',
    example: { level: 0, symbols: ['EURPLN', 'AGO.PL'], timestamp: 0 },
  },
  { command: 'getTradeRecords', fields: 'orders:array', example: { orders: [7489839, 7489841] } },
  { command: 'getTrades', fields: 'openedOnly:boolean', example: { openedOnly: true } },
  { command: 'getTradesHistory', fields: 'end:number start:number', example: { end: 0, start: day.start } },
  { command: 'getTradingHours', fields: 'symbols:array', example: { symbols: ['EURPLN', 'AGO.PL'] } },
  {
    command: 'tradeTransaction',
    fields:
      'cmd:number? customComment:string? expiration:number? offset:number? order:number? price:number sl:number? ' +
      'symbol:string tp:number? type:number volume:number',
    example: { ...order, ...more },
    inside: 'tradeTransInfo',
    missing: 'EX000',
  },
];

const cases = documented.flatMap((command) =>
  command.fields.split(' ').map((field) => {
    const [name = '', type = ''] = field.split(':');
    return { ...command, name, type: type.replace('?', ''), optional: field.endsWith('?') };
  }),
);

/** Something that is not of a type. */
const WRONG: Record<string, unknown> = { number: 'text', string: 5, array: 5, boolean: 'yes' };

const client = new MemoryClient(aSimulator(), '10001');
client.login(EXAMPLE_PASSWORD);

function outcome(command: string, example: JsonObject, inside: string | undefined): unknown {
  const { status, errorCode } = client.ask(command, inside === undefined ? example : { [inside]: example });
  return status === true ? 'ok' : errorCode;
}

describe('documented arguments', () => {
  it.each(documented)('of $command are taken', ({ command, example, inside }) => {
    expect(outcome(command, example, inside)).toBe('ok');
  });

  it.each(cases)('$command without $name', ({ command, example, inside, name, optional, missing = 'BE106' }) => {
    const { [name]: _left, ...others } = example;
    // An order without a cmd is one to buy at market.
    expect(outcome(command, others, inside)).toBe(optional ? 'ok' : missing);
  });

  it.each(cases)('$command with a $name that is no $type', ({ command, example, inside, name, type }) => {
    expect(outcome(command, { ...example, [name]: WRONG[type] }, inside)).toBe('EX000');
  });

  it.each(documented.filter(({ inside }) => inside))(
    '$command without its $inside',
    ({ command, missing = 'BE106' }) => {
      expect(outcome(command, {}, undefined)).toBe(missing);
    },
  );

  it('of login: who and with what; the names of the application may be left out', () => {
    const login = (takes: JsonObject) => new MemoryClient(aSimulator(), '').ask('login', takes).errorCode ?? 'ok';
    const needed = { userId: '10001', password: EXAMPLE_PASSWORD };
    expect(login(needed)).toBe('ok');
    expect(login({ ...needed, appId: 'test', appName: 'test' })).toBe('ok');
    expect(login({ userId: '10001' })).toBe('BE106');
    expect(login({ password: EXAMPLE_PASSWORD })).toBe('BE106');
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['getTickPrices', { symbol: 'EURUSD', minArrivalTime: 5_000, maxLevel: 2 }, []],
    ['getTickPrices', { symbol: 'EURUSD' }, []],
    ['getCandles', { symbol: 'EURUSD' }, []],
    ['getKeepAlive', {}, []],
    ['ping', {}, []],
    ['stopTickPrices', { symbol: 'EURUSD' }, []],
    ['stopCandles', { symbol: 'EURUSD' }, []],
    ['stopTrades', { streamSessionId: undefined }, []],
    ['getTickPrices', {}, ['BE106']],
    ['getCandles', {}, ['BE106']],
    ['getCandles', { symbol: 'NOTHING' }, ['BE115']],
    ['getTickPrices', { symbol: 5 }, ['BE110']],
    ['getTickPrices', { symbol: 'EURUSD', maxLevel: 'deep' }, ['BE110']],
    ['getTickPrices', { symbol: 'EURUSD', minArrivalTime: 0.5 }, ['BE110']],
    ['getNothing', {}, ['BE104']],
    ['getTrades', { streamSessionId: undefined }, ['BE117']],
  ])('of the stream: %s %j is refused with %j', (command, fields, codes) => {
    const before = client.stream.received.length;
    client.subscribe(command, fields);
    const refusals = client.stream.received
      .slice(before)
      .map(({ message }) => JSON.parse(message) as JsonObject)
      .filter(({ status }) => status === false);
    expect(refusals.map(({ errorCode }) => errorCode)).toEqual(codes);
    expect(client.stream.ended).toBeNull();
  });
});

describe('a time with a fraction of a millisecond, which clients in use send', () => {
  const ask = (fractionalTimes: 'cut' | 'refuse', command: string, given: JsonObject) => {
    const simulator = aSimulator({ fractionalTimes });
    return aTrader(simulator).ask(command, given);
  };
  const asked = [
    ['getChartLastRequest', { info: { ...chart, start: day.start + 0.085 } }],
    ['getTradesHistory', { ...day, start: day.start + 0.5 }],
    ['getTickPrices', { level: 0, symbols: ['EURUSD'], timestamp: 0.5 }],
  ] as const;

  it.each(asked)('is cut off or refused in %s, as the setting says', (command, given) => {
    expect(ask('cut', command, given)).toMatchObject({ status: true });
    expect(ask('refuse', command, given)).toMatchObject({ status: false, errorCode: 'EX000' });
  });
});

describe('fields of real servers that no document tells of', () => {
  it('are sent with symbols and ticks', () => {
    const client = aTrader(aSimulator());
    expect(client.ask('getSymbol', { symbol: 'EURUSD' }).returnData).toMatchObject({ exemode: 2, quoteIdCross: 3 });
    const { quotations } = client.ask('getTickPrices', { level: 0, symbols: ['EURUSD'], timestamp: 0 }).returnData as {
      quotations: object[];
    };
    expect(quotations).toMatchObject([{ exemode: 2 }]);
  });
});
