import { documentedFields, type DocumentedRecord } from './documented-fields.fixture.ts';
import { isOfType, withNumbersAsText } from './wire-tokens.fixture.ts';
import { aSimulator, aTrader, PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';

const MINUTE_MS = 60_000;

/** A market that moves, news, an order of each kind, a deal, a deposit: every record has something in it. */
function afterSomeTrading() {
  const account = { password: PASSWORD, balance: 1_000_000, leverage: 100, currency: 'USD' };
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

  it.each(frames)('of %s are in every %s frame, each of its type', (record, command) => {
    const seen = client.stream.received
      .map(({ message }) => withNumbersAsText(message) as { command: string; data: unknown })
      .filter((frame) => frame.command === command);
    expect(seen.length).toBeGreaterThan(0);
    for (const { data } of seen) expect(wrongFields(data, record)).toEqual([]);
  });

  it('of every command and stream are looked at here', () => {
    const looked = new Set([...answers, ...frames].map(([record]) => record));
    // The answer of tradeTransaction is a number alone; it is read while trading above.
    expect(Object.keys(documentedFields).filter((record) => !looked.has(record as DocumentedRecord))).toEqual([
      'tradeTransaction',
    ]);
  });

  it('are told apart by the check itself', () => {
    expect(wrongFields(withNumbersAsText('{"profit":-0.2}'), 'getProfitCalculation')).toEqual([]);
    expect(wrongFields(withNumbersAsText('{"profit":3}'), 'getProfitCalculation')).toEqual(['profit']);
    expect(wrongFields(withNumbersAsText('{"profit":9e-5}'), 'getProfitCalculation')).toEqual(['profit']);
    expect(wrongFields(withNumbersAsText('{}'), 'getProfitCalculation')).toEqual(['profit']);
    expect(wrongFields(withNumbersAsText('{"order":3.0}'), 'tradeTransaction')).toEqual(['order']);
  });

  it('of a login: a token, and the tag that was sent', () => {
    const other = new MemoryClient(aSimulator(), '10001');
    const reply = other.ask('login', { userId: '10001', password: PASSWORD }, { customTag: 'mine {"}' });
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
