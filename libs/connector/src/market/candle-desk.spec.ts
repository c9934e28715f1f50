import type { Candle, Candles, CandlesAnswer } from '@core/contracts/market/candle';
import { instantFromMs } from '@core/kernel/instant';
import type { ChartRangeInfo } from '@core/xapi/wire/market-record';
import { CommandRefused } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { NoTurn } from '../requests/pacer.ts';
import { CandleBlocks, type BlockOptions } from './candle-blocks.ts';
import { CandleDesk } from './candle-desk.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A Wednesday. */
const NOW = Date.UTC(2026, 0, 7, 10, 20, 30);
const BYTES = 1024 * 1024;
const series = { venue: 'sim', instrument: 'EURUSD', period: 'M1' } as const;

/** A broker with a candle for every minute from its first to its clock's, weekends excepted. */
class Broker {
  nowMs = NOW;
  firstMs = NOW - 60 * DAY;
  /** Periods in one answer. */
  limit = 50_000;
  readonly asked: ChartRangeInfo[] = [];
  trouble: Error | null = null;

  async ask(_command: string, { info }: { info: ChartRangeInfo }): Promise<unknown> {
    this.asked.push(info);
    await Promise.resolve();
    if (this.trouble) throw this.trouble;
    const { start, end } = info;
    const step = info.period * MINUTE;
    if ((end ?? 0) - start > this.limit * step) throw new CommandRefused('getChartRangeRequest', 'EX009', 'too much');
    const rateInfos: object[] = [];
    // Both ends rounded down, and left out.
    const last = Math.min(floor(end ?? 0, step) - step, floor(this.nowMs, step));
    for (let ctm = floor(start, step) + step; ctm <= last; ctm += step) {
      const day = new Date(ctm).getUTCDay();
      if (ctm < this.firstMs || day === 0 || day === 6) continue;
      const close = ctm === floor(this.nowMs, step) ? (this.nowMs % step) / 1_000 : 60;
      rateInfos.push({ ctm, open: 100_000, high: 60, low: 0, close, vol: 1 });
    }
    return { digits: 5, rateInfos };
  }

  /** Minutes asked for, beyond the margin of each command. */
  get minutes(): number[] {
    return this.asked.map(({ start, end }) => ((end ?? 0) - start) / MINUTE - 3);
  }
}

const floor = (atMs: number, step: number): number => atMs - (atMs % step);
const at = (ms: number): string => instantFromMs(ms);

describe('candles', () => {
  let broker: Broker;
  let unreadable: number;
  const deskOf = (options: Partial<BlockOptions> = {}, blocksMax = 10, gatherMs = 60_000): CandleDesk =>
    new CandleDesk({
      blocks: new CandleBlocks({ size: 100, freshMs: 0, candlesMax: 100_000, ...options }),
      questions: broker as never,
      ...{ blocksMax, gatherMs },
      isKnown: (instrument) => instrument === 'EURUSD',
      onUnreadable: () => (unreadable += 1),
    });

  beforeEach(() => {
    broker = new Broker();
    unreadable = 0;
  });

  const yes = (answer: CandlesAnswer): Candles => {
    if (!answer.ok) throw new Error(`${answer.reason}: ${answer.text}`);
    return answer;
  };
  const minutesOf = ({ candles }: Candles): number[] => candles.map(({ openedAt }) => Date.parse(openedAt) / MINUTE);
  const range = (from: number, to: number | null) => ({ ...series, from: at(from), to: to === null ? null : at(to) });
  const upTo = (count: number, to: number | null = null) => ({ ...series, count, to: to === null ? null : at(to) });

  it('of a range are those that open in it, its end excepted', async () => {
    const [from, to] = [NOW - 90 * MINUTE, NOW - 30 * MINUTE];
    const answer = yes(await deskOf().answer(range(floor(from, MINUTE), floor(to, MINUTE)), BYTES));
    const first = floor(from, MINUTE) / MINUTE;
    expect(minutesOf(answer)).toEqual(Array.from({ length: 60 }, (_, minute) => first + minute));
    expect(answer).toMatchObject({ ...series, more: null });
    expect(answer.candles[0]).toEqual({
      openedAt: at(floor(from, MINUTE)),
      ...{ open: '1', high: '1.0006', low: '1', close: '1.0006', volume: '1' },
    });
  });

  it('that have ended are asked for once', async () => {
    const desk = deskOf();
    const old = range(NOW - 10 * 60 * MINUTE, NOW - 5 * 60 * MINUTE);
    const first = await desk.answer(old, BYTES);
    const asked = broker.asked.length;
    expect(await desk.answer(old, BYTES)).toEqual(first);
    expect(broker.asked).toHaveLength(asked);
  });

  it('that run are asked for again, from the first that had not ended', async () => {
    const desk = deskOf();
    const before = yes(await desk.answer(upTo(3), BYTES));
    broker.nowMs += 75_000;
    broker.asked.length = 0;
    const after = yes(await desk.answer(upTo(3), BYTES));
    expect(before.candles.map(({ close }) => close)).toEqual(['1.0006', '1.0006', '1.0003']);
    expect(after.candles.map(({ close }) => close)).toEqual(['1.0006', '1.0006', '1.00045']);
    expect(minutesOf(after)[0]).toBe((minutesOf(before)[0] ?? 0) + 1);
    expect(broker.minutes.map(Math.ceil)).toEqual([4]);
  });

  it('that run are believed for their time', async () => {
    const desk = deskOf({ freshMs: 60_000 });
    await desk.answer(upTo(3), BYTES);
    await desk.answer(upTo(2), BYTES);
    expect(broker.asked).toHaveLength(1);
  });

  it('asked for at the same time cost one command', async () => {
    const desk = deskOf();
    const answers = await Promise.all([3, 3, 7, 7].map((count) => desk.answer(upTo(count), BYTES)));
    expect(broker.asked).toHaveLength(1);
    expect(answers.map((answer) => yes(answer).candles.length)).toEqual([3, 3, 7, 7]);
  });

  it('are read in pieces, and no piece larger than a block', async () => {
    const answer = yes(await deskOf().answer(range(NOW - 450 * MINUTE, NOW), BYTES));
    expect(answer.candles).toHaveLength(450);
    expect(broker.asked.length).toBeGreaterThan(4);
    expect(Math.max(...broker.minutes)).toBeLessThanOrEqual(100);
  });

  it('that the broker finds too many are asked for in smaller pieces, from then on', async () => {
    broker.limit = 60;
    const desk = deskOf();
    const answer = yes(await desk.answer(range(NOW - 450 * MINUTE, NOW), BYTES));
    expect(answer.candles).toHaveLength(450);
    expect(broker.minutes.filter((minutes) => minutes > 60)).toEqual([100]);
  });

  it('of which the broker gives too few at once are refused', async () => {
    broker.limit = 5;
    expect(await deskOf().answer(upTo(3, NOW - DAY), BYTES)).toMatchObject({ ok: false, reason: 'range-too-large' });
    expect(broker.asked.length).toBeLessThan(6);
  });

  it('are counted backwards over a weekend', async () => {
    const monday = Date.UTC(2026, 0, 5, 0, 5);
    const answer = yes(await deskOf({ size: 1_000 }).answer(upTo(10, monday), BYTES));
    expect(answer.candles).toHaveLength(10);
    expect(answer.candles[0]?.openedAt).toBe('2026-01-02T23:55:00.000000Z');
    expect(answer.more).toBeNull();
  });

  it('end where the broker’s history begins', async () => {
    broker.firstMs = NOW - 20 * DAY;
    const daily = { ...upTo(5_000), period: 'D1' };
    expect(yes(await deskOf({ size: 500 }, 20).answer(daily, BYTES))).toMatchObject({ more: null });
    expect(broker.asked.length).toBeLessThan(4);
  });

  it('beyond what one answer may ask for are for the next: of a range', async () => {
    const desk = deskOf({}, 2);
    const all: number[] = [];
    let [from, pages] = [at(NOW - 450 * MINUTE), 0];
    for (let more: string | null = from; more !== null; pages += 1) {
      const page = yes(await desk.answer({ ...series, from, to: null }, BYTES));
      all.push(...minutesOf(page));
      more = page.more;
      from = more ?? from;
    }
    expect(pages).toBe(3);
    expect(all).toEqual(minutesOf(yes(await deskOf().answer(range(NOW - 450 * MINUTE, null), BYTES))));
  });

  it('and of a count', async () => {
    const desk = deskOf({}, 2);
    const first = yes(await desk.answer(upTo(300), BYTES));
    expect(first.candles.length).toBeLessThan(300);
    const rest = yes(await desk.answer({ ...upTo(300 - first.candles.length), to: first.more }, BYTES));
    const both = [...minutesOf(rest), ...minutesOf(first)];
    expect(both).toEqual(minutesOf(yes(await deskOf().answer(upTo(300), BYTES))));
    expect(rest.more).toBeNull();
  });

  it('that take too long to gather are for the next too, but for the first of them', async () => {
    const hurried = yes(await deskOf({}, 10, -1).answer(range(NOW - 450 * MINUTE, NOW), BYTES));
    expect(broker.asked).toHaveLength(1);
    expect(hurried.candles.length).toBeGreaterThan(0);
    expect(hurried.more).not.toBeNull();
  });

  it('that do not fit into a message are for the next, whichever end was asked for', async () => {
    const desk = deskOf();
    const forwards = yes(await desk.answer(range(NOW - 200 * MINUTE, NOW), 8_192));
    expect(JSON.stringify(forwards).length).toBeLessThan(8_192);
    expect(forwards.more).toBe(at((minutesOf(forwards).at(-1) ?? 0) * MINUTE + MINUTE));
    const backwards = yes(await desk.answer(upTo(200), 8_192));
    expect(backwards.more).toBe(backwards.candles[0]?.openedAt);
    expect(minutesOf(backwards).at(-1)).toBe(floor(NOW, MINUTE) / MINUTE);
  });

  it('are kept up to a limit, the ones that were used last', async () => {
    const desk = deskOf({ candlesMax: 250 });
    const [one, other, third] = [10, 20, 30].map((hours) =>
      range(NOW - hours * 60 * MINUTE, NOW - (hours * 60 - 1) * MINUTE),
    );
    for (const each of [one, other, one, third]) await desk.answer(each, BYTES);
    const asked = broker.asked.length;
    await desk.answer(one, BYTES);
    expect(broker.asked).toHaveLength(asked);
    await desk.answer(other, BYTES);
    expect(broker.asked).toHaveLength(asked + 1);
  });

  it.each([
    [{ ...upTo(1), instrument: 'NONE' }, 'unknown-instrument'],
    [{ ...upTo(1), period: 'M2' }, 'unknown-period'],
    [upTo(5_001), 'range-too-large'],
    [upTo(0), 'malformed'],
    [range(NOW, NOW), 'malformed'],
    [{ ...upTo(1), from: at(NOW) }, 'malformed'],
    [{ ...series, from: '2026-99-99T00:00:00.000000Z', to: null }, 'malformed'],
    [undefined, 'malformed'],
  ])('are not given for %j: %s', async (body, reason) => {
    expect(await deskOf().answer(body, BYTES)).toMatchObject({ ok: false, reason });
    expect(broker.asked).toEqual([]);
  });

  it.each([
    ['BE115', 'unknown-instrument'],
    ['BE105', 'unknown-period'],
    ['SE199', 'broker-error'],
    [null, 'broker-unavailable'],
  ])('are not given when the broker says %s: %s', async (code, reason) => {
    broker.trouble = code === null ? new NoTurn('no session') : new CommandRefused('getChartRangeRequest', code, '');
    const desk = deskOf();
    expect(await desk.answer(upTo(3), BYTES)).toMatchObject({ ok: false, reason });
    broker.trouble = null;
    expect(await desk.answer(upTo(3), BYTES)).toMatchObject({ ok: true });
  });

  it('that cannot be read are counted, an answer that is none is an error', async () => {
    const desk = deskOf();
    broker.ask = () => Promise.resolve({ digits: 5, rateInfos: [{}] });
    expect(await desk.answer(upTo(1, NOW - DAY), BYTES)).toMatchObject({ ok: true, candles: [] });
    expect(unreadable).toBeGreaterThan(0);
    broker.ask = () => Promise.resolve([]);
    expect(await desk.answer(upTo(1), BYTES)).toMatchObject({ ok: false, reason: 'broker-error' });
  });
});

describe('a block of candles', () => {
  const blocks = new CandleBlocks({ size: 100, freshMs: 1_000, candlesMax: 1_000 });
  const startMs = blocks.startOf('M1', NOW - DAY);
  const candle: Candle = { openedAt: at(startMs), open: '1', high: '1', low: '1', close: '1', volume: '1' };
  const believedMs = (candles: Candle[], readMs: number): number =>
    blocks.put('EURUSD', 'M1', startMs, candles, readMs).freshUntilMs - performance.now();

  it('is believed for ever once it has ended, for a moment before, and for a while when it is empty', () => {
    expect(believedMs([candle], NOW)).toBe(Infinity);
    expect(believedMs([candle], startMs + 99 * MINUTE)).toBeLessThanOrEqual(1_000);
    const emptyMs = believedMs([], NOW);
    expect(emptyMs).toBeGreaterThan(1_000);
    expect(emptyMs).toBeLessThanOrEqual(600_000);
  });
});
