import { fuzz } from '@core/testing/fuzz';
import { decodeReply, decodeStreamFrame } from '../wire/frames.ts';
import { JsonSplitter } from '../wire/json-splitter.ts';
import { translateUserData } from './account.ts';
import { translateMarginLevel, translateStreamedBalance } from './balance.ts';
import { translateChart } from './candle.ts';
import { translateHours } from './hours.ts';
import { translateReceipt, translateTradeStatus } from './outcome.ts';
import { translateSymbol } from './symbol.ts';
import { translateListedPrice, translateTickPrices } from './tick.ts';
import { translateListedTrade, translateStreamedTrade, translateTrades } from './trade.ts';

const trade = {
  ...{ cmd: 0, order: 500000107, digits: 5, offset: 0, order2: 500000100, position: 500000107, symbol: 'EURUSD' },
  ...{ comment: '[S/L]', customComment: 'c7f3a1', commission: 0, storage: -7.87, margin_rate: 0, close_price: 1.09652 },
  ...{ open_price: 1.09654, nominalValue: 0, profit: -0.2, volume: 0.1, sl: 0, tp: 1.2, closed: false, type: 0 },
  ...{ open_time: 1700000000123, close_time: null, expiration: 1800000000000, state: 'Modified' },
};
const status = { customComment: 'c7', message: null, order: 5, price: 1.1, requestStatus: 3 };
const balance = { balance: 1, credit: 0, equity: 1, margin: 0, marginFree: 1, marginLevel: 0 };
const symbol = {
  ...{ symbol: 'EURUSD', description: 'Euro', categoryName: 'FX', contractSize: 100000, currency: 'EUR', bid: 1.1 },
  ...{ ask: 1.2, high: 1.3, low: 1, time: 1700000000123, currencyPair: true, currencyProfit: 'USD', leverage: 3.33 },
  ...{ lotMin: 0.01, lotMax: 50, lotStep: 0.01, precision: 5, pipsPrecision: 4, tickSize: 0.00001, tickValue: 1 },
  ...{
    type: 21,
    marginMode: 101,
    profitMode: 5,
    stopsLevel: 0,
    swapEnable: true,
    shortSelling: true,
    expiration: null,
  },
};
const tick = { ...{ symbol: 'EURUSD', bid: 1.1, ask: 1.2, high: 1.3, low: 1, bidVolume: 1, askVolume: 1 }, level: 0 };
const ticks = { quotations: [{ ...tick, timestamp: 1700000000123, spreadRaw: 0.1, spreadTable: 1 }] };
const chart = { digits: 5, rateInfos: [{ ctm: 1700000000000, open: 1, close: 1, high: 1, low: -1, vol: 1 }] };
const hours = [{ symbol: 'EURUSD', trading: [{ day: 1, fromT: 0, toT: 86399000 }], quotes: [] }];
const user = {
  currency: 'EUR',
  group: 'demo',
  leverageMultiplier: 0.01,
  leverage: 1,
  companyUnit: 8,
  ibAccount: false,
};
const answers = [trade, [trade], status, balance, symbol, ticks, chart, hours, user, { order: 7 }];
const examples = [
  ...answers.map((returnData) => ({ status: true, returnData })),
  { status: false, errorCode: 'BE005', errorDescr: 'no', redirect: { address: 'a', mainPort: 1, streamingPort: 2 } },
  ...(['trade', 'tradeStatus', 'balance', 'tickPrices'] as const).map((command, at) => ({
    command,
    data: [trade, status, balance, ticks.quotations[0]][at],
  })),
].map((message) => JSON.stringify(message));

const READERS: readonly ((data: unknown) => unknown)[] = [
  ...[translateStreamedTrade, translateListedTrade, translateTradeStatus, translateStreamedBalance],
  ...[translateMarginLevel, translateUserData, translateChart, translateListedPrice],
  (data) => translateHours(data, '2026-01-05T10:00:00.000000Z'),
  (data) => translateSymbol('demo', data),
  (data) => translateTickPrices(data, []),
  (data) => translateTrades(data, data),
];

/** What everybody of ours can be told: no half of a character, no NUL. */
function expectTellable(said: unknown): void {
  expect(JSON.stringify(said) ?? '').not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
}

it('whatever a broker sends is told in words of ours, or said to be unreadable', () =>
  fuzz({
    name: 'xapi broker',
    examples,
    take: (input) => {
      const splitter = new JsonSplitter(2_000_000);
      const cut = input.length >> 1;
      for (const message of [input.subarray(0, cut), input.subarray(cut)].flatMap(
        (part) => splitter.push(part).messages,
      )) {
        const reply = decodeReply(message);
        const frame = decodeStreamFrame(message);
        if (reply) translateReceipt(reply);
        const told = [reply?.status === true && reply.returnData, frame?.kind === 'data' && frame.data];
        for (const data of told) for (const read of READERS) expectTellable(read(data));
      }
    },
    others: () => expect(translateStreamedTrade(trade)).toMatchObject({ ok: true, value: { about: 'position' } }),
  }));
