import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { chartCommand, periodMs, translateChart } from '@core/xapi/translate/candle';
import { isTooLarge, UnreadableMarket, type BrokerQuestions } from './broker-questions.ts';
import type { Block, CandleBlocks } from './candle-blocks.ts';

/** How often a broker may say that it is too much before it is told so. */
const HALVINGS_MAX = 3;

/** Reads blocks of candles from the broker; whoever wants the same block waits for the same command. */
export class CandleReader {
  private readonly reading = new Map<string, Promise<Block>>();
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
    return block && performance.now() < block.freshUntilMs ? block : null;
  }

  /** Rejects with what a question to the broker may reject with, and with `UnreadableMarket`. */
  read(instrument: Instrument, period: CandlePeriod, startMs: number): Promise<Block> {
    const key = `${period} ${startMs} ${instrument}`;
    const under = this.reading.get(key);
    if (under) return under;
    const reading = this.refresh(instrument, period, startMs).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }

  /** What has ended stays as it was read, so a running block is read from there on. */
  private async refresh(instrument: Instrument, period: CandlePeriod, startMs: number): Promise<Block> {
    const before = this.blocks.get(instrument, period, startMs);
    const fromMs = before && before.candles.length > 0 ? before.endedBeforeMs : startMs;
    const nowMs = this.questions.nowMs;
    const toMs = Math.min(this.blocks.endOf(period, startMs), nowMs + 1);
    const read = await this.stretches(instrument, period, fromMs, toMs);
    const [from, to] = [instantFromMs(fromMs), instantFromMs(toMs)];
    const ended = before?.candles.filter(({ openedAt }) => openedAt < from) ?? [];
    const fresh = read.filter(({ openedAt }) => openedAt >= from && openedAt < to);
    return this.blocks.put(instrument, period, startMs, [...ended, ...fresh], nowMs);
  }

  private async stretches(
    instrument: Instrument,
    period: CandlePeriod,
    fromMs: number,
    toMs: number,
  ): Promise<Candle[]> {
    const candles = new Map<string, Candle>();
    const least = Math.max(1, Math.floor(this.blocks.options.size / 2 ** HALVINGS_MAX));
    for (let [atMs, stretch] = [fromMs, this.stretch]; atMs < toMs;) {
      const untilMs = Math.min(toMs, atMs + stretch * periodMs(period));
      try {
        for (const candle of await this.stretchOf(instrument, period, atMs, untilMs))
          candles.set(candle.openedAt, candle);
        this.stretch = stretch;
        atMs = untilMs;
      } catch (error) {
        if (!isTooLarge(error) || stretch <= least) throw error;
        stretch = Math.max(least, Math.floor(stretch / 2));
      }
    }
    return [...candles.values()];
  }

  private async stretchOf(instrument: Instrument, period: CandlePeriod, fromMs: number, toMs: number) {
    const answer = await this.questions.ask('getChartRangeRequest', chartCommand(instrument, period, fromMs, toMs));
    const chart = translateChart(answer);
    if (!chart.ok) throw new UnreadableMarket(chart.error.slice(0, TEXT_MAX));
    if (chart.value.unreadable > 0) this.onUnreadable();
    return chart.value.candles;
  }
}

const TEXT_MAX = 256;
