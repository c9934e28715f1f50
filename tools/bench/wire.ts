import { eurusdTerms, exampleAccount } from '@core/contracts/examples.fixture';
import { instantFromMs } from '@core/kernel/instant';
import { brokerBook } from '@core/projections/broker-book/fold';
import { AccountTracker } from '@core/execution/account-tracker';
import { translateStreamedBalance } from '@core/xapi/translate/balance';
import { QuoteBook } from '@core/xapi/translate/tick';
import { translateStreamedTrade } from '@core/xapi/translate/trade';
import { decodeStreamFrame } from '@core/xapi/wire/frames';
import { JsonSplitter } from '@core/xapi/wire/json-splitter';
import { median, throughput, type Row } from './row.ts';

const RUNS = 5;
/** A connector runs for weeks: what is measured is code that has been compiled. */
const WARM_UPS = 6;
const MESSAGE_MAX_BYTES = 1024 * 1024;
const DRAIN_BYTES = 64 * 1024;
const START_MS = Date.UTC(2026, 0, 5, 10);
/** Messages in which one position opens and closes. */
const CYCLE = 200;

/** How the bytes of a stream may come: as brokers write them, and as badly as they may. */
const SHAPES = [
  {
    id: 'xapi.decode',
    what: 'a stream through splitter, decode and translate, beside JSON.parse of its messages',
    ...{ delimiter: '\n\n', pieceBytes: 64 * 1024, floor: 0.5 },
  },
  {
    id: 'xapi.decode.packets',
    what: 'the same with nothing between the messages, packet by packet',
    ...{ delimiter: '', pieceBytes: 1_448, floor: null },
  },
];

/** A stream as a broker writes it to a brisk trader: ticks, and every so often a position that opens, moves and closes. */
export function wire(messages: number): Row[] {
  const texts = Array.from({ length: messages }, (_, n) => JSON.stringify(frame(n)));
  return SHAPES.map(({ id, what, delimiter, pieceBytes, floor }) => {
    const bytes = Buffer.from(texts.map((text) => text + delimiter).join(''));
    const [ours, limits]: [number[], number[]] = [[], []];
    for (let run = 0; run < WARM_UPS + RUNS; run += 1) {
      limits.push(rate(bytes, () => texts.forEach((text) => JSON.parse(text))));
      ours.push(rate(bytes, () => readAll(bytes, pieceBytes)));
    }
    return throughput({
      ...{ id, what, value: median(ours.slice(WARM_UPS)), unit: 'MB/s' },
      ...{ limit: median(limits.slice(WARM_UPS)), floor },
    });
  });
}

/** What a connector does with bytes, up to the facts and quotes. */
function readAll(bytes: Buffer, pieceBytes: number): void {
  const splitter = new JsonSplitter(MESSAGE_MAX_BYTES);
  const quotes = new QuoteBook(() => eurusdTerms.digits);
  const tracker = new AccountTracker({
    account: exampleAccount,
    book: brokerBook.initial(),
    source: 'bench',
    contractOf: () => eurusdTerms,
    ...{ graceMs: 3_000, raceMs: 1_000 },
  });
  const now = { ms: 0, at: instantFromMs(START_MS) };
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    for (const message of splitter.push(bytes.subarray(from, from + pieceBytes)).messages) {
      const read = decodeStreamFrame(message);
      if (read?.kind !== 'data') continue;
      if (read.command === 'tickPrices') quotes.take(read.data);
      if (read.command === 'balance') {
        const figures = translateStreamedBalance(read.data);
        if (figures.ok) tracker.balance(figures.value, now);
      }
      if (read.command === 'trade') {
        const report = translateStreamedTrade(read.data);
        if (report.ok && report.value) tracker.report(report.value, now);
      }
    }
    if (from % DRAIN_BYTES < pieceBytes) quotes.drain();
  }
}

/** Megabytes a second of CPU, collecting garbage included: nothing here waits, so what others do to the machine is left out. */
function rate(bytes: Buffer, read: () => void): number {
  const before = process.cpuUsage();
  read();
  const { user, system } = process.cpuUsage(before);
  return bytes.length / (user + system);
}

function frame(n: number): object {
  const phase = n % CYCLE;
  const position = 500_000_000 + Math.floor(n / CYCLE);
  if (phase === 5) return tradeFrame(position, {});
  if (phase === 10) return tradeFrame(position, { sl: 1.09, profit: 3.4 });
  if (phase === 6 || phase === 18) return { command: 'balance', data: balance(n) };
  if (phase === 16) return tradeFrame(position, { state: 'Deleted' });
  if (phase === 17) return tradeFrame(position, closing(n));
  return { command: 'tickPrices', data: tick(n) };
}

const tick = (n: number): object => ({
  ...{ symbol: 'EURUSD', ask: 1.1 + (n % 97) / 100_000, bid: 1.09986 + (n % 97) / 100_000, askVolume: 500_000 },
  ...{ bidVolume: 500_000, high: 1.12, low: 1.08, level: 0, spreadRaw: 0.00014, spreadTable: 1.4, quoteId: 0 },
  timestamp: START_MS + n,
});

const balance = (n: number): object => ({
  ...{
    balance: Math.round((100_000 - 0.2 * Math.floor((n + CYCLE - 18) / CYCLE)) * 100) / 100,
    credit: 0,
    equity: 100_003.2,
    equityFX: 100_003.2,
    stockValue: 0.1,
  },
  ...{ stockLock: 0.1, cashStockValue: 0.1, margin: 361.14, marginFree: 99_638.26, marginLevel: 27_689.93 },
});

const closing = (n: number): object => ({
  ...{
    order: 73_000_000 + n,
    type: 2,
    closed: true,
    close_price: 1.10012,
    close_time: START_MS + n,
    nominalValue: null,
  },
});

/** The record of a trade as a broker streams it. */
export const tradeFrame = (position: number, fields: object): object => ({
  command: 'trade',
  data: {
    ...{ cmd: 0, order: position, digits: 5, offset: 0, order2: position - 7, position, symbol: 'EURUSD', comment: '' },
    ...{ customComment: null, commission: 0, storage: 0, margin_rate: 0.1, close_price: 1.09652, open_price: 1.09654 },
    ...{ nominalValue: 0.1, profit: -0.2, volume: 0.1, sl: 0, tp: 0, closed: false, type: 0, open_time: START_MS },
    ...{ close_time: null, expiration: null, state: 'Modified', ...fields },
  },
});
