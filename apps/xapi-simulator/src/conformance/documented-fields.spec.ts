import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { documentedFields, type DocumentedRecord } from './documented-fields.fixture.ts';
import { isOfType, withNumbersAsText } from './wire-tokens.fixture.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';

const MINUTE_MS = 60_000;

/** A market that moves, news, an order of each kind, a deal, a deposit: every record has something in it. */
function afterSomeTrading() {
  const account = { password: EXAMPLE_PASSWORD, balance: 1_000_000, leverage: 100, currency: 'USD' } as const;
  const simulator = aSimulator({ market: { ticksPerSecond: 1 } }, { accounts: [{ ...account, userId: 'IB1' }] });
  const client = aTrader(simulator, 'IB1');
  for (const command of ['getKeepAlive', 'getNews', 'getProfits']) client.subscribe(command);
  for (const command of ['getTickPrices', 'getCandles']) client.subscribe(command, { symbol: 'EURUSD' });
  const trade = { symbol: 'EURUSD', cmd: 0, type: 0, volume: 0.1, price: 1.1, customComment: 'x' };
  const send = (info: object) => client.ask('tradeTransaction', { tradeTransInfo: { ...trade, ...info } });
  send({});
  const [first] = [...simulator.broker.account('IB1').positions.keys()];
  send({ type: 2, order: first });
  send({ sl: 1.05, tp: 1.15 });
  send({ cmd: 2, price: 1.0, expiration: TUESDAY_MS + 3_600_000 * 24 });
  simulator.broker.book.book(simulator.broker.account('IB1'), 'balance', 5_000, 'Deposit', simulator.broker.time);
  for (let minute = 0; minute < 20; minute++) {
    client.wait(MINUTE_MS);
    client.ask('ping');
  }
  return { client, order: Number([...simulator.broker.account('IB1').requests.keys()].at(-1)), position: first };
}

const { client, order, position } = afterSomeTrading();
const symbol = 'EURUSD';
const info = { symbol, period: 5, start: TUESDAY_MS - 30 * MINUTE_MS };

/** Each documented answer: how to ask for it, and where in `returnData` the record stands. */
const answers: [DocumentedRecord, string, object?, string?][] = [
  ['SYMBOL_RECORD', 'getSymbol', { symbol }],
  ['SYMBOL_RECORD', 'getAllSymbols', undefined, '*'],
  ['CALENDAR_RECORD', 'getCalendar', undefined, '*'],
  ['getChartLastRequest', 'getChartLastRequest', { info }],
  ['RATE_INFO_RECORD', 'getChartLastRequest', { info }, 'rateInfos.*'],
  ['getChartRangeRequest', 'getChartRangeRequest', { info: { ...info, end: TUESDAY_MS } }],
  ['RATE_INFO_RECORD', 'getChartRangeRequest', { info: { ...info, end: TUESDAY_MS } }, 'rateInfos.*'],
  ['getCommissionDef', 'getCommissionDef', { symbol: 'AAPL.US_9', volume: 10 }],
  ['getCurrentUserData', 'getCurrentUserData'],
  ['IB_RECORD', 'getIbsHistory', { start: TUESDAY_MS - 48 * 60 * MINUTE_MS, end: TUESDAY_MS }, '*'],
  ['getMarginLevel', 'getMarginLevel'],
  ['getMarginTrade', 'getMarginTrade', { symbol, volume: 1 }],
  ['NEWS_TOPIC_RECORD', 'getNews', { start: TUESDAY_MS, end: 0 }, '*'],
  ['getProfitCalculation', 'getProfitCalculation', { symbol, cmd: 0, volume: 1, openPrice: 1.2233, closePrice: 1.3 }],
  ['getServerTime', 'getServerTime'],
  ['STEP_RULE_RECORD', 'getStepRules', undefined, '*'],
  ['STEP_RECORD', 'getStepRules', undefined, '*.steps.*'],
  ['getTickPrices', 'getTickPrices', { level: -1, symbols: [symbol], timestamp: 0 }],
  ['TICK_RECORD', 'getTickPrices', { level: -1, symbols: [symbol], timestamp: 0 }, 'quotations.*'],
  ['TRADE_RECORD', 'getTrades', { openedOnly: false }, '*'],
  ['TRADE_RECORD', 'getTradeRecords', { orders: [position] }, '*'],
  ['TRADE_RECORD', 'getTradesHistory', { start: 0, end: 0 }, '*'],
  ['TRADING_HOURS_RECORD', 'getTradingHours', { symbols: [symbol] }, '*'],
  ['QUOTES_RECORD', 'getTradingHours', { symbols: [symbol] }, '*.quotes.*'],
  ['TRADING_RECORD', 'getTradingHours', { symbols: [symbol] }, '*.trading.*'],
  ['getVersion', 'getVersion'],
  [
    'tradeTransaction',
    'tradeTransaction',
    {
      tradeTransInfo: {
        type: 0,
        cmd: 2,
        symbol,
        volume: 0.1,
        price: 1.0,
        expiration: TUESDAY_MS + 48 * 60 * MINUTE_MS,
      },
    },
  ],
  ['tradeTransactionStatus', 'tradeTransactionStatus', { order }],
];

const asked = answers.map(([record, command, given, path]) => ({ record, command, given, path }));

const frames: [DocumentedRecord, string][] = [
  ['STREAMING_BALANCE_RECORD', 'balance'],
  ['STREAMING_CANDLE_RECORD', 'candle'],
  ['STREAMING_KEEP_ALIVE_RECORD', 'keepAlive'],
  ['STREAMING_NEWS_RECORD', 'news'],
  ['STREAMING_PROFIT_RECORD', 'profit'],
  ['STREAMING_TICK_RECORD', 'tickPrices'],
  ['STREAMING_TRADE_RECORD', 'trade'],
  ['STREAMING_TRADE_STATUS_RECORD', 'tradeStatus'],
];

describe('documented fields', () => {
  it.each(asked)('of $record are in the answer of $command, each of its type', ({ record, command, given, path }) => {
    const reply = withNumbersAsText(client.askForText(command, given ? { ...given } : undefined));
    expect(reply).toMatchObject({ status: true });
    const records = at([(reply as { returnData: unknown }).returnData], path);
    expect(records.length).toBeGreaterThan(0);
    for (const each of records) expect(wrongFields(each, record)).toEqual([]);
  });

  it.each(asked)(
    'of $record are the same when $command is to be printed prettily',
    ({ record, command, given, path }) => {
      const printed = client.askForText(command, given ? { ...given } : undefined, { prettyPrint: true });
      expect(printed.split('\n').every((line) => line.trim() !== '')).toBe(true);
      expect(printed.split('\n').length).toBeGreaterThan(3);
      const { returnData } = withNumbersAsText(printed) as { returnData: unknown };
      for (const each of at([returnData], path)) expect(wrongFields(each, record)).toEqual([]);
    },
  );

  it.each(frames)('of %s are in every %s frame, each of its type', (record, command) => {
    const seen = client.stream.received
      .map(({ message }) => withNumbersAsText(message) as { command: string; data: unknown })
      .filter((frame) => frame.command === command);
    expect(seen.length).toBeGreaterThan(0);
    for (const { data } of seen) expect(wrongFields(data, record)).toEqual([]);
  });

  it('of every command and stream are looked at here', () => {
    const looked = new Set([...answers, ...frames].map(([record]) => record));
    expect(Object.keys(documentedFields).filter((record) => !looked.has(record as DocumentedRecord))).toEqual([]);
  });

  it('are told apart by the check itself', () => {
    expect(wrongFields(withNumbersAsText('{"profit":-0.2}'), 'getProfitCalculation')).toEqual([]);
    expect(wrongFields(withNumbersAsText('{"profit":3}'), 'getProfitCalculation')).toEqual(['profit']);
    expect(wrongFields(withNumbersAsText('{"profit":9e-5}'), 'getProfitCalculation')).toEqual(['profit']);
    expect(wrongFields(withNumbersAsText('{}'), 'getProfitCalculation')).toEqual(['profit']);
    expect(wrongFields(withNumbersAsText('{"order":3.0}'), 'tradeTransaction')).toEqual(['order']);
  });

  it('of a trade are null while they do not apply, and only then', () => {
    const [open, history] = [
      client.ask('getTrades', { openedOnly: false }).returnData as JsonObject[],
      client.ask('getTradesHistory', { start: 0, end: 0 }).returnData as JsonObject[],
    ];
    const nulls = (record: JsonObject): string[] =>
      Object.keys(record).filter((field) => record[field] === null && field !== 'customComment');
    const dates = ['close_time', 'close_timeString', 'expiration', 'expirationString'];
    for (const record of open.filter(({ cmd }) => Number(cmd) < 2)) expect(nulls(record)).toEqual(dates);
    for (const record of open.filter(({ cmd }) => Number(cmd) >= 2)) expect(nulls(record)).toEqual(dates.slice(0, 2));
    for (const record of history) {
      expect(nulls(record)).toEqual([
        ...(Number(record.cmd) >= 6 ? ['symbol'] : []),
        ...['nominalValue', 'expiration', 'expirationString'],
      ]);
    }
    expect(open.map(({ cmd }) => cmd)).toEqual(expect.arrayContaining([0, 2]));
    expect(history.map(({ cmd }) => cmd)).toEqual(expect.arrayContaining([0, 6]));
  });

  it('that are times as text are the server’s wall clock, in winter and in summer', () => {
    for (const [at, long, medium] of [
      ['2024-03-05T16:00:30Z', 'Tue Mar 05 17:00:30 CET 2024', 'Mar 05, 2024 5:00:30 PM'],
      ['2024-03-31T00:59:59Z', 'Sun Mar 31 01:59:59 CET 2024', 'Mar 31, 2024 1:59:59 AM'],
      ['2024-03-31T01:00:00Z', 'Sun Mar 31 03:00:00 CEST 2024', 'Mar 31, 2024 3:00:00 AM'],
      ['2024-10-27T00:59:59Z', 'Sun Oct 27 02:59:59 CEST 2024', 'Oct 27, 2024 2:59:59 AM'],
      ['2024-10-27T01:00:00Z', 'Sun Oct 27 02:00:00 CET 2024', 'Oct 27, 2024 2:00:00 AM'],
    ] as const) {
      const other = new MemoryClient(aSimulator({}, { startMs: Date.parse(at) }), '10001');
      other.main.write(
        JSON.stringify({ command: 'login', arguments: { userId: '10001', password: EXAMPLE_PASSWORD } }),
      );
      other.main.write('{"command":"getServerTime"}');
      other.main.write('{"command":"getSymbol","arguments":{"symbol":"EURUSD"}}');
      const [time, symbolRecord] = other.main.received.slice(1).map(({ message }) => JSON.parse(message) as JsonObject);
      expect(time?.returnData).toEqual({ time: Date.parse(at), timeString: medium });
      expect(symbolRecord?.returnData).toMatchObject({ time: Date.parse(at), timeString: long });
    }
  });

  it('of a login: a token, and the tag that was sent', () => {
    const other = new MemoryClient(aSimulator(), '10001');
    const reply = other.ask('login', { userId: '10001', password: EXAMPLE_PASSWORD }, { customTag: 'mine {"}' });
    expect(reply).toEqual({ status: true, streamSessionId: expect.any(String), customTag: 'mine {"}' });
  });
});

function wrongFields(value: unknown, record: DocumentedRecord): string[] {
  const fields = documentedFields[record].trim().split(/\s+/);
  return fields.flatMap((field) => {
    const [name = '', type = ''] = field.split(':');
    const given: unknown = (value as Record<string, unknown>)[name];
    return given !== undefined && isOfType(given, type) ? [] : [name];
  });
}

/** Follows a path, `*` into every item. */
function at(values: readonly unknown[], path = ''): readonly unknown[] {
  if (path === '') return values;
  const [step = '', ...rest] = path.split('.');
  const next = values.flatMap((value) =>
    step === '*' ? (value as unknown[]) : [(value as Record<string, unknown>)[step]],
  );
  return at(next, rest.join('.'));
}
