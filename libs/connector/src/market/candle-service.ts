import {
  CANDLES_MAX,
  CandlePeriod,
  CandleRequest,
  PERIOD_MS,
  type Candle,
  type Candles,
  type CandlesAnswer,
} from '@core/contracts/market/candle';
import type { Instrument } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import type { BrokerAdapter } from '../broker-adapter.ts';
import type { Clock } from '../pacing/clock.ts';
import { failed, failureOf, type BrokerQuestions } from './broker-questions.ts';
import type { Block, CandleBlocks } from './candle-blocks.ts';
import { CandleReader } from './candle-reader.ts';

type Series = Pick<Candles, 'venue' | 'instrument' | 'period'>;
type Page = Pick<Candles, 'candles' | 'more'>;

export interface CandleServiceParts {
  readonly blocks: CandleBlocks;
  readonly questions: Pick<BrokerQuestions, 'ask' | 'nowMs'>;
  readonly candlesBackMs: BrokerAdapter['candlesBackMs'];
  readonly clock: Pick<Clock, 'now'>;
  /** Blocks that one answer may read, and how long it may take to; the rest is for the next. */
  readonly blocksMax: number;
  readonly gatherMs: number;
  /** Null while nobody knows the venue's instruments. */
  isKnown(instrument: Instrument): boolean | null;
  /** An answer of the broker held records that are no candles. */
  onUnreadable(): void;
}

/** Answers requests for candles: out of blocks that are known, and the broker's where they are not. */
export class CandleService {
  private readonly reader: CandleReader;

  constructor(private readonly parts: CandleServiceParts) {
    this.reader = new CandleReader(parts.blocks, parts.questions, () => parts.onUnreadable());
  }

  /** The answer to a body of `subjects.candles`, as many of its candles as `bytesMax` allow. */
  async answer(body: unknown, bytesMax: number): Promise<CandlesAnswer> {
    const asked = CandleRequest.safeParse(body);
    if (!asked.success) return refusalOf(body);
    const { venue, instrument, period, to } = asked.data;
    const isKnown = this.parts.isKnown(instrument);
    if (isKnown === null) return failed('broker-unavailable', 'the instruments are not known yet');
    if (!isKnown) return failed('unknown-instrument');
    const series = { venue, instrument, period };
    const isRange = 'from' in asked.data;
    const beforeMs = to === null ? Infinity : toMs(to);
    const fromMs = 'from' in asked.data ? toMs(asked.data.from) : 0;
    if (!(fromMs < beforeMs)) return failed('malformed', 'from must be a moment before to');
    const untilMs = Math.min(beforeMs, this.parts.questions.nowMs + 1);
    try {
      const page =
        'from' in asked.data
          ? await this.forwards(series, fromMs, untilMs)
          : await this.backwards(series, asked.data.count, untilMs);
      return { ok: true, ...series, ...fitting(page, isRange, bytesMax), ...this.toldFrom(period) };
    } catch (error) {
      return failureOf(error);
    }
  }

  private async forwards(series: Series, fromMs: number, untilMs: number): Promise<Page> {
    const { blocks } = this.parts;
    const { period } = series;
    const beginMs = Math.max(fromMs, this.toldFromMs(period));
    const candles: Candle[] = [];
    const budget = new Budget(this.parts);
    let startMs = blocks.startOf(period, beginMs);
    for (; startMs < untilMs && candles.length < CANDLES_MAX; startMs = blocks.endOf(period, startMs)) {
      const block = await this.block(series, startMs, budget);
      if (!block) break;
      candles.push(...between(block.candles, beginMs, untilMs));
    }
    const more = startMs < untilMs ? instantFromMs(startMs) : null;
    return { candles: candles.slice(0, CANDLES_MAX), more: candles[CANDLES_MAX]?.openedAt ?? more };
  }

  private async backwards(series: Series, count: number, untilMs: number): Promise<Page> {
    const { blocks } = this.parts;
    const { period } = series;
    const firstMs = this.toldFromMs(period);
    let candles: Candle[] = [];
    const budget = new Budget(this.parts);
    let endMs = untilMs;
    let silenceMs = 0;
    while (endMs > firstMs && candles.length < count && silenceMs < LONGEST_SILENCE_MS) {
      const startMs = blocks.startOf(period, endMs - 1);
      const block = await this.block(series, startMs, budget);
      if (!block) return { candles, more: instantFromMs(endMs) };
      candles = [...between(block.candles, firstMs, untilMs), ...candles];
      silenceMs = block.candles.length === 0 ? silenceMs + endMs - startMs : 0;
      endMs = startMs;
    }
    return { candles: candles.slice(-count), more: null };
  }

  private toldFromMs(period: CandlePeriod): number {
    const { questions, candlesBackMs } = this.parts;
    return Math.max(0, questions.nowMs - candlesBackMs(period));
  }

  /** To the minute, at which candles open. Nothing where the adapter does not know how far back its candles go. */
  private toldFrom(period: CandlePeriod): Pick<Candles, 'toldFrom'> {
    if (!Number.isFinite(this.parts.candlesBackMs(period))) return {};
    return { toldFrom: instantFromMs(Math.ceil(this.toldFromMs(period) / PERIOD_MS.M1) * PERIOD_MS.M1) };
  }

  /** Null where it would have to be read and may not. */
  private async block({ instrument, period }: Series, startMs: number, budget: Budget): Promise<Block | null> {
    const known = this.reader.known(instrument, period, startMs);
    if (known) return known;
    return budget.spend() ? this.reader.read(instrument, period, startMs) : null;
  }
}

/** What one answer may cost; the first block is always granted. */
class Budget {
  private spent = 0;
  private readonly deadlineMs: number;

  constructor(private readonly limits: Pick<CandleServiceParts, 'blocksMax' | 'gatherMs' | 'clock'>) {
    this.deadlineMs = limits.clock.now() + limits.gatherMs;
  }

  spend(): boolean {
    const isSpent = this.spent >= this.limits.blocksMax || this.limits.clock.now() > this.deadlineMs;
    if (this.spent > 0 && isSpent) return false;
    this.spent += 1;
    return true;
  }
}

function between(candles: readonly Candle[], fromMs: number, untilMs: number): readonly Candle[] {
  const [from, to] = [instantFromMs(fromMs), instantFromMs(untilMs)];
  return candles.filter(({ openedAt }) => openedAt >= from && openedAt < to);
}

/** After so long without a candle there are none before: no market is closed for a quarter of a year. */
const LONGEST_SILENCE_MS = 92 * 86_400_000;
/** What stands around the candles in an answer. */
const BODY_BYTES = 1_024;

/** As many candles as fit, from the end that was asked for; the cursor moves with them. */
function fitting(page: Page, isForwards: boolean, bytesMax: number): Page {
  let { candles, more } = page;
  while (candles.length > 0 && JSON.stringify(candles).length > bytesMax - BODY_BYTES) {
    const half = Math.floor(candles.length / 2);
    more = candles[isForwards ? half : candles.length - half]?.openedAt ?? more;
    candles = isForwards ? candles.slice(0, half) : candles.slice(candles.length - half);
  }
  return { candles, more };
}

/** A request that is none, by the field that is wrong. */
function refusalOf(body: unknown): CandlesAnswer {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { period, count } = fields;
  if (typeof period === 'string' && !CandlePeriod.safeParse(period).success) return failed('unknown-period');
  if (Number.isSafeInteger(count) && Number(count) > CANDLES_MAX)
    return failed('range-too-large', `no more than ${CANDLES_MAX} at a time`);
  return failed('malformed');
}
