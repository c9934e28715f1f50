import { PERIOD_MS, type Candle, type CandlePeriod } from '@core/contracts/market/candle';
import type { Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { SingleFlights } from '@core/kernel/single-flight';
import { QuestionRefused } from '../broker-failure.ts';
import type { BrokerQuestions } from './broker-questions.ts';
import type { Block, CandleBlocks } from './candle-blocks.ts';

/** How often a broker may say that it is too much before it is told so. */
const HALVINGS_MAX = 3;

/** Reads blocks of candles from the broker; whoever wants the same block waits for the same question. */
export class CandleReader {
  private readonly reading = new SingleFlights<string, Block>();
  /** Periods that the broker gives at once; less once it has refused as much. */
  private stretch: number;

  constructor(
    private readonly blocks: CandleBlocks,
    private readonly questions: Pick<BrokerQuestions, 'ask' | 'nowMs'>,
    private readonly onUnreadable: () => void,
  ) {
    this.stretch = blocks.options.size;
  }

  /** The block as it is known, if that is still to be believed. */
  known(instrument: Instrument, period: CandlePeriod, startMs: number): Block | null {
    const block = this.blocks.get(instrument, period, startMs);
    return block && this.blocks.isFresh(block) ? block : null;
  }

  /** Rejects with what a question to the broker may reject with. */
  read(instrument: Instrument, period: CandlePeriod, startMs: number): Promise<Block> {
    const key = `${period} ${startMs} ${instrument}`;
    return this.reading.run(key, () => this.refresh(instrument, period, startMs));
  }

  /** What has ended stays as it was read, so a running block is read from there on. */
  private async refresh(instrument: Instrument, period: CandlePeriod, startMs: number): Promise<Block> {
    const before = this.blocks.get(instrument, period, startMs);
    const fromMs = before && before.candles.length > 0 ? before.endedBeforeMs : startMs;
    const nowMs = this.questions.nowMs;
    const toMs = Math.min(this.blocks.endOf(period, startMs), nowMs + 1);
    const fresh = await this.stretches(instrument, period, fromMs, toMs);
    const from = instantFromMs(fromMs);
    const ended = before?.candles.filter(({ openedAt }) => openedAt < from) ?? [];
    return this.blocks.put(instrument, period, startMs, [...ended, ...fresh], nowMs);
  }

  private async stretches(
    instrument: Instrument,
    period: CandlePeriod,
    fromMs: number,
    toMs: number,
  ): Promise<Candle[]> {
    const candles: Candle[] = [];
    const least = Math.max(1, Math.floor(this.blocks.options.size / 2 ** HALVINGS_MAX));
    for (let [atMs, stretch] = [fromMs, this.stretch]; atMs < toMs;) {
      const untilMs = Math.min(toMs, atMs + stretch * PERIOD_MS[period]);
      try {
        const read = await this.questions.ask((session) => session.candles(instrument, period, atMs, untilMs));
        if (read.unreadable > 0) this.onUnreadable();
        candles.push(...read.values);
        this.stretch = stretch;
        atMs = untilMs;
      } catch (error) {
        const isTooLarge = error instanceof QuestionRefused && error.reason === 'too-large';
        if (!isTooLarge || stretch <= least) throw error;
        stretch = Math.max(least, Math.floor(stretch / 2));
      }
    }
    return candles;
  }
}
