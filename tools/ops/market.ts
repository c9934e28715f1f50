import { CANDLES_MAX, CandlePeriod, type Candle, type CandleRequest } from '@core/contracts/market/candle';
import type { MarketFailure } from '@core/contracts/market/failure';
import { HOURS_INSTRUMENTS_MAX, type TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { MarketSnapshot, PriceStatus, Quote } from '@core/contracts/market/quote';
import type { Venue } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { Option, type Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { addMarketBars } from './market-bars.ts';
import { momentFromText } from '@core/operations/moment';
import { shortTime } from './output.ts';
import { table } from './table.ts';
import type { OperatedSystem } from './system.ts';
import { inWords } from '@core/operations/trading-week';
import { venueNamed } from './venue-named.ts';

/** A connector gathers candles for a few seconds, and others may be asking too. */
const ANSWER_TIMEOUT_MS = 30_000;
const CANDLES_ALL_MAX = 100_000;

interface CandleOptions {
  readonly period: CandlePeriod;
  readonly count?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `ops market …`: prices and instruments as the services see them, asked of the connector that speaks for a venue. */
export function addMarket(program: Command): void {
  const market = group(program, 'market', 'prices, instruments and trading hours of a venue');

  market
    .command('quotes <venue> [instrument]')
    .description('the last prices, and how they stand')
    .action(
      withSystem(async (system, output, _options, [venue = '', instrument]) => {
        const { quotes, states = [] } = await snapshotOf(system, venue);
        const standings = new Map(states.map(({ instrument: name, state, since }) => [name, { state, since }]));
        const chosen = only(quotes, instrument).map((quote) => ({ ...quote, ...standings.get(quote.instrument) }));
        output.say(chosen, () => quoteTable(chosen));
      }),
    );

  market
    .command('depth <venue> <instrument>')
    .description('the order book of an instrument, as far as the broker shows it')
    .action(
      withSystem(async (system, output, _options, [venue = '', instrument]) => {
        const [quote] = only((await snapshotOf(system, venue)).quotes, instrument);
        output.say(quote ?? null, () => (quote ? depthTable(quote) : 'no price yet'));
      }),
    );

  market
    .command('instruments <venue> [instrument]')
    .description('what can be traded, in which sizes')
    .action(
      withSystem(async (system, output, _options, [venue = '', instrument]) => {
        const chosen = only((await snapshotOf(system, venue)).instruments, instrument);
        output.say(chosen, () => instrumentTable(chosen));
      }),
    );

  market
    .command('hours <venue> [instrument]')
    .description('when instruments trade, by the wall clock of their zone')
    .action(
      withSystem(async (system, output, _options, [venue = '', instrument]) => {
        const instruments = only((await snapshotOf(system, venue)).instruments, instrument);
        const hours = await hoursOf(
          system,
          venue,
          instruments.map((spec) => spec.instrument),
        );
        output.say(hours, () => hoursTable(hours));
      }),
    );

  market
    .command('candles <venue> <instrument>')
    .description('candles: the last of them, or those of a range')
    .addOption(
      new Option('--period <period>', 'length of a candle').choices(CandlePeriod.options).default('H1' as CandlePeriod),
    )
    .option('--count <number>', 'the last so many; 20 without --from')
    .option('--from <time>', 'from then on: 2026-01-05T10:00:00Z')
    .option('--to <time>', 'before then; now where it is not said')
    .action(
      withSystem<CandleOptions>(async (system, output, options, [venue = '', instrument = '']) => {
        const request = requestOf(venueNamed(venue), instrument, options);
        const limits = { candlesMax: CANDLES_ALL_MAX, pageTimeoutMs: ANSWER_TIMEOUT_MS };
        const candles = granted(await (await system.market()).allCandles(request, limits));
        output.say(candles, () => candleTable(candles));
      }),
    );

  addMarketBars(market);
}

async function snapshotOf(system: OperatedSystem, venue: string): Promise<MarketSnapshot> {
  const snapshot = await (await system.market()).snapshot(venueNamed(venue));
  if (!snapshot) throw new Error(`nobody speaks for ${venue}: no connector has a session there`);
  return snapshot;
}

/** All, or the one of that name. */
function only<Item extends { readonly instrument: string }>(items: readonly Item[], name: string | undefined): Item[] {
  const chosen = items.filter(({ instrument }) => instrument === (name ?? instrument));
  if (name !== undefined && chosen.length === 0) throw new BadInput(`there is no ${name}`);
  return chosen.toSorted((one, two) => (one.instrument < two.instrument ? -1 : 1));
}

async function hoursOf(system: OperatedSystem, venue: string, instruments: readonly string[]): Promise<TradingHours[]> {
  const market = await system.market();
  const hours: TradingHours[] = [];
  for (let at = 0; at < instruments.length; at += HOURS_INSTRUMENTS_MAX) {
    const request = { venue: venueNamed(venue), instruments: instruments.slice(at, at + HOURS_INSTRUMENTS_MAX) };
    hours.push(...granted(await market.hours(request, ANSWER_TIMEOUT_MS)).hours);
  }
  return hours;
}

const ASKED_WRONGLY: readonly MarketFailure['reason'][] = [
  'malformed',
  'unknown-instrument',
  'unknown-period',
  'range-too-large',
];

/** The answer, or what was wrong with the question, or what failed. */
function granted<Answer extends object>(answer: Answer | MarketFailure): Answer {
  if (!isFailure(answer)) return answer;
  const { reason, text } = answer;
  const line = text === null ? reason : `${reason}, ${text}`;
  throw ASKED_WRONGLY.includes(reason) ? new BadInput(line) : new Error(line);
}

const isFailure = <Answer extends object>(answer: Answer | MarketFailure): answer is MarketFailure =>
  'ok' in answer && answer.ok === false;

const LAST = 20;

function requestOf(venue: Venue, instrument: string, { period, count, from, to }: CandleOptions): CandleRequest {
  if (count !== undefined && from !== undefined) throw new BadInput('say --count or --from, not both');
  const before = to === undefined ? null : instantOf('--to', to);
  const series = { venue, instrument, period };
  if (from !== undefined) return { ...series, from: instantOf('--from', from), to: before };
  const asked = count === undefined ? LAST : Number(count);
  if (!Number.isInteger(asked) || asked < 1 || asked > CANDLES_MAX)
    throw new BadInput(`--count is a number from 1 to ${CANDLES_MAX}`);
  return { ...series, count: asked, to: before };
}

function instantOf(option: string, text: string): string {
  const ms = momentFromText(text);
  if (ms === null) throw new BadInput(`${option} is a moment like 2026-01-05T10:00:00Z, not ${text}`);
  return instantFromMs(ms);
}

type StandingQuote = Quote & Partial<Pick<PriceStatus, 'state' | 'since'>>;

const quoteTable = (quotes: readonly StandingQuote[]): string =>
  table(
    ['instrument', 'bid', 'ask', 'levels', 'time', 'state'],
    quotes.map(({ instrument, bid, ask, bids, time, state, since }) => [
      ...[instrument, bid, ask, bids.length, shortTime(time)],
      state === undefined || state === 'live' ? 'live' : `${state} since ${shortTime(since ?? time)}`,
    ]),
    'no prices yet',
  );

function depthTable({ bids, asks }: Quote): string {
  const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, level) => [
    level,
    bids[level]?.[1],
    bids[level]?.[0],
    asks[level]?.[0],
    asks[level]?.[1],
  ]);
  return table(['level', 'lots', 'bid', 'ask', 'lots'], rows, 'no levels');
}

const instrumentTable = (instruments: readonly InstrumentSpec[]): string =>
  table(
    ['instrument', 'kind', 'contract', 'lots', 'step', 'tick', 'margin %', 'swap long', 'swap short', 'description'],
    instruments.map((spec) => [
      spec.instrument,
      spec.category,
      `${spec.contract.contractSize} ${spec.contract.baseCurrency}/${spec.contract.quoteCurrency}`,
      `${spec.minLots} to ${spec.maxLots}`,
      spec.stepLots,
      spec.tickSize,
      spec.marginPercent,
      spec.swapLong,
      spec.swapShort,
      spec.description,
    ]),
  );

const hoursTable = (hours: readonly TradingHours[]): string =>
  table(
    ['instrument', 'zone', 'trades', 'quoted'],
    hours.map(({ instrument, zone, trading, quotes }) => {
      const [trades, quoted] = [inWords(trading), inWords(quotes)];
      return [instrument, zone, trades, quoted === trades ? 'the same' : quoted];
    }),
    'the broker tells none',
  );

const candleTable = (candles: readonly Candle[]): string =>
  table(
    ['opened', 'open', 'high', 'low', 'close', 'volume'],
    candles.map(({ openedAt, open, high, low, close, volume }) => [
      ...[shortTime(openedAt).slice(0, 16), open, high, low, close, volume],
    ]),
    'no candles',
  );
