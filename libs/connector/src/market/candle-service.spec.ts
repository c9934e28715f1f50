import { PERIOD_MS, type Candle, type Candles, type CandlesAnswer } from '@core/contracts/market/candle';
import { instantFromMs } from '@core/kernel/instant';
import { add, divide, fromNumber } from '@core/kernel/decimal';
import { ManualClock } from '@core/testing/manual-clock';
import type { BrokerAdapter, BrokerSession, Readable } from '../broker-adapter.ts';
import { NoTurn, QuestionRefused, UnreadableAnswer } from '../broker-failure.ts';
import type { AskedSession } from './broker-questions.ts';
import { CandleBlocks, longestMs, type BlockOptions } from './candle-blocks.ts';
import { CandleService } from './candle-service.ts';

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
  /** Ranges asked for, in minutes. */
  readonly minutes: number[] = [];
  trouble: Error | null = null;

  ask = <Answer>(question: (session: AskedSession) => Promise<Answer>): Promise<Answer> =>
    question({
      now: instantFromMs(this.nowMs),
      candles: (...asked) => this.candles(...asked),
      hours: () => Promise.reject(new Error('nobody asked for hours')),
      quotes: () => Promise.reject(new Error('nobody asked for prices')),
    });

  candles: BrokerSession['candles'] = async (_instrument, period, fromMs, toMs): Promise<Readable<Candle>> => {
    this.minutes.push((toMs - fromMs) / MINUTE);
    await Promise.resolve();
    if (this.trouble) throw this.trouble;
    const step = PERIOD_MS[period];
    if (toMs - fromMs > this.limit * step) throw new QuestionRefused('too-large', 'too much');
    const values: Candle[] = [];
    for (let atMs = ceiling(fromMs, step); atMs < toMs; atMs += step) {
      const day = new Date(atMs).getUTCDay();
      if (atMs < this.firstMs || atMs > this.nowMs || day === 0 || day === 6) continue;
      const points = atMs === floor(this.nowMs, step) ? (this.nowMs % step) / 1_000 : 60;
      const close = add('1', divide(fromNumber(points), '100000', 6));
      values.push({ openedAt: instantFromMs(atMs), open: '1', high: '1.0006', low: '1', close, volume: '1' });
    }
    return { values, unreadable: 0 };
  };
}

const ceiling = (atMs: number, step: number): number => floor(atMs + step - 1, step);
const floor = (atMs: number, step: number): number => atMs - (atMs % step);
const at = (ms: number): string => instantFromMs(ms);

describe('candles', () => {
  const clock = new ManualClock();
  /** Of minutes two months, of longer periods all there is. */
  const candlesBackMs: BrokerAdapter['candlesBackMs'] = (period) => (period === 'M1' ? 62 * DAY : Infinity);
  let broker: Broker;
  let unreadable: number;
  const serviceOf = (options: Partial<BlockOptions> = {}, blocksMax = 10, gatherMs = 60_000): CandleService =>
    new CandleService({
      blocks: new CandleBlocks({ size: 100, freshMs: 0, candlesMax: 100_000, ...options }, clock),
      questions: broker,
      ...{ clock, blocksMax, gatherMs, candlesBackMs },
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

  it('that are over are answered alike a moment later, with the minute from which on they are told', async () => {
    const service = serviceOf();
    const wanted = upTo(50, floor(NOW, MINUTE) - DAY);
    const first = yes(await service.answer(wanted, BYTES));
    broker.nowMs += 7;
    expect(yes(await service.answer(wanted, BYTES))).toEqual(first);
    expect(first.toldFrom).toBe(at(ceiling(NOW - 62 * DAY, MINUTE)));
  });

  it('of a range are those that open in it, its end excepted', async () => {
    const [from, to] = [NOW - 90 * MINUTE, NOW - 30 * MINUTE];
    const answer = yes(await serviceOf().answer(range(floor(from, MINUTE), floor(to, MINUTE)), BYTES));
    const first = floor(from, MINUTE) / MINUTE;
    expect(minutesOf(answer)).toEqual(Array.from({ length: 60 }, (_, minute) => first + minute));
    expect(answer).toMatchObject({ ...series, more: null });
    expect(answer.candles[0]).toEqual({
      openedAt: at(floor(from, MINUTE)),
      ...{ open: '1', high: '1.0006', low: '1', close: '1.0006', volume: '1' },
    });
  });

  it('that have ended are asked for once', async () => {
    const service = serviceOf();
    const old = range(NOW - 10 * 60 * MINUTE, NOW - 5 * 60 * MINUTE);
    const first = await service.answer(old, BYTES);
    const asked = broker.minutes.length;
    expect(await service.answer(old, BYTES)).toEqual(first);
    expect(broker.minutes).toHaveLength(asked);
  });

  it('that run are asked for again, from the first that had not ended', async () => {
    const service = serviceOf();
    const before = yes(await service.answer(upTo(3), BYTES));
    broker.nowMs += 75_000;
    broker.minutes.length = 0;
    const after = yes(await service.answer(upTo(3), BYTES));
    expect(before.candles.map(({ close }) => close)).toEqual(['1.0006', '1.0006', '1.0003']);
    expect(after.candles.map(({ close }) => close)).toEqual(['1.0006', '1.0006', '1.00045']);
    expect(minutesOf(after)[0]).toBe((minutesOf(before)[0] ?? 0) + 1);
    expect(broker.minutes.map(Math.ceil)).toEqual([4]);
  });

  it('that run are believed for their time', async () => {
    const service = serviceOf({ freshMs: 60_000 });
    await service.answer(upTo(3), BYTES);
    await service.answer(upTo(2), BYTES);
    expect(broker.minutes).toHaveLength(1);
  });

  it('asked for at the same time cost one command', async () => {
    const service = serviceOf();
    const answers = await Promise.all([3, 3, 7, 7].map((count) => service.answer(upTo(count), BYTES)));
    expect(broker.minutes).toHaveLength(1);
    expect(answers.map((answer) => yes(answer).candles.length)).toEqual([3, 3, 7, 7]);
  });

  it('are read in pieces, and no piece larger than a block', async () => {
    const answer = yes(await serviceOf().answer(range(NOW - 450 * MINUTE, NOW), BYTES));
    expect(answer.candles).toHaveLength(450);
    expect(broker.minutes.length).toBeGreaterThan(4);
    expect(Math.max(...broker.minutes)).toBeLessThanOrEqual(100);
  });

  it('that the broker finds too many are asked for in smaller pieces, from then on', async () => {
    broker.limit = 60;
    const service = serviceOf();
    const answer = yes(await service.answer(range(NOW - 450 * MINUTE, NOW), BYTES));
    expect(answer.candles).toHaveLength(450);
    expect(broker.minutes.filter((minutes) => minutes > 60)).toEqual([100]);
  });

  it('of which the broker gives too few at once are refused', async () => {
    broker.limit = 5;
    expect(await serviceOf().answer(upTo(3, NOW - DAY), BYTES)).toMatchObject({ ok: false, reason: 'range-too-large' });
    expect(broker.minutes.length).toBeLessThan(6);
  });

  it('are counted backwards over a weekend', async () => {
    const monday = Date.UTC(2026, 0, 5, 0, 5);
    const answer = yes(await serviceOf({ size: 1_000 }).answer(upTo(10, monday), BYTES));
    expect(answer.candles).toHaveLength(10);
    expect(answer.candles[0]?.openedAt).toBe('2026-01-02T23:55:00.000000Z');
    expect(answer.more).toBeNull();
  });

  it('end where the broker’s history begins', async () => {
    broker.firstMs = NOW - 20 * DAY;
    const daily = { ...upTo(5_000), period: 'D1' };
    expect(yes(await serviceOf({ size: 500 }, 20).answer(daily, BYTES))).toMatchObject({ more: null });
    expect(broker.minutes.length).toBeLessThan(4);
  });

  it('beyond what one answer may ask for are for the next: of a range', async () => {
    const service = serviceOf({}, 2);
    const all: number[] = [];
    let [from, pages] = [at(NOW - 450 * MINUTE), 0];
    for (let more: string | null = from; more !== null; pages += 1) {
      const page = yes(await service.answer({ ...series, from, to: null }, BYTES));
      all.push(...minutesOf(page));
      more = page.more;
      from = more ?? from;
    }
    expect(pages).toBe(3);
    expect(all).toEqual(minutesOf(yes(await serviceOf().answer(range(NOW - 450 * MINUTE, null), BYTES))));
  });

  it('and of a count', async () => {
    const service = serviceOf({}, 2);
    const first = yes(await service.answer(upTo(300), BYTES));
    expect(first.candles.length).toBeLessThan(300);
    const rest = yes(await service.answer({ ...upTo(300 - first.candles.length), to: first.more }, BYTES));
    const both = [...minutesOf(rest), ...minutesOf(first)];
    expect(both).toEqual(minutesOf(yes(await serviceOf().answer(upTo(300), BYTES))));
    expect(rest.more).toBeNull();
  });

  it('that take too long to gather are for the next too, but for the first of them', async () => {
    const hurried = yes(await serviceOf({}, 10, -1).answer(range(NOW - 450 * MINUTE, NOW), BYTES));
    expect(broker.minutes).toHaveLength(1);
    expect(hurried.candles.length).toBeGreaterThan(0);
    expect(hurried.more).not.toBeNull();
  });

  it('that do not fit into a message are for the next, whichever end was asked for', async () => {
    const service = serviceOf();
    const forwards = yes(await service.answer(range(NOW - 200 * MINUTE, NOW), 8_192));
    expect(JSON.stringify(forwards).length).toBeLessThan(8_192);
    expect(forwards.more).toBe(at((minutesOf(forwards).at(-1) ?? 0) * MINUTE + MINUTE));
    const backwards = yes(await service.answer(upTo(200), 8_192));
    expect(backwards.more).toBe(backwards.candles[0]?.openedAt);
    expect(minutesOf(backwards).at(-1)).toBe(floor(NOW, MINUTE) / MINUTE);
  });

  it('are kept up to a limit, the ones that were used last', async () => {
    const service = serviceOf({ candlesMax: 250 });
    const [one, other, third] = [10, 20, 30].map((hours) =>
      range(NOW - hours * 60 * MINUTE, NOW - (hours * 60 - 1) * MINUTE),
    );
    for (const each of [one, other, one, third]) await service.answer(each, BYTES);
    const asked = broker.minutes.length;
    await service.answer(one, BYTES);
    expect(broker.minutes).toHaveLength(asked);
    await service.answer(other, BYTES);
    expect(broker.minutes).toHaveLength(asked + 1);
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
    expect(await serviceOf().answer(body, BYTES)).toMatchObject({ ok: false, reason });
    expect(broker.minutes).toEqual([]);
  });

  it.each([
    [new QuestionRefused('unknown-instrument', ''), 'unknown-instrument'],
    [new QuestionRefused('unknown-period', ''), 'unknown-period'],
    [new QuestionRefused('broker-error', ''), 'broker-error'],
    [new NoTurn('no session'), 'broker-unavailable'],
  ])('are not given when asking fails with %s: %s', async (trouble, reason) => {
    broker.trouble = trouble;
    const service = serviceOf();
    expect(await service.answer(upTo(3), BYTES)).toMatchObject({ ok: false, reason });
    broker.trouble = null;
    expect(await service.answer(upTo(3), BYTES)).toMatchObject({ ok: true });
  });

  it('that cannot be read are counted, an answer that is none is an error', async () => {
    const service = serviceOf();
    broker.candles = () => Promise.resolve({ values: [], unreadable: 1 });
    expect(await service.answer(upTo(1, NOW - DAY), BYTES)).toMatchObject({ ok: true, candles: [] });
    expect(unreadable).toBeGreaterThan(0);
    broker.candles = () => Promise.reject(new UnreadableAnswer('not a chart'));
    expect(await service.answer(upTo(1), BYTES)).toMatchObject({ ok: false, reason: 'broker-error' });
  });
});

describe('a block of candles', () => {
  const clock = new ManualClock();
  const blocks = new CandleBlocks({ size: 100, freshMs: 1_000, candlesMax: 1_000 }, clock);
  const startMs = blocks.startOf('M1', NOW - DAY);
  const candle: Candle = { openedAt: at(startMs), open: '1', high: '1', low: '1', close: '1', volume: '1' };
  const believedMs = (candles: Candle[], readMs: number): number =>
    blocks.put('EURUSD', 'M1', startMs, candles, readMs).freshUntilMs - clock.now();

  it('is believed for ever once it has ended, for a moment before, and for a while when it is empty', () => {
    expect(believedMs([candle], NOW)).toBe(Infinity);
    expect(believedMs([candle], startMs + 99 * MINUTE)).toBeLessThanOrEqual(1_000);
    const emptyMs = believedMs([], NOW);
    expect(emptyMs).toBeGreaterThan(1_000);
    expect(emptyMs).toBeLessThanOrEqual(600_000);
  });

  it('may change until it has surely ended, wherever the venue’s clocks were changed meanwhile', () => {
    expect(longestMs('M1')).toBe(MINUTE);
    expect(longestMs('H1')).toBe(60 * MINUTE);
    expect(longestMs('D1')).toBe(25 * 60 * MINUTE);
    expect(longestMs('MN1')).toBe(31 * DAY + 60 * MINUTE);
  });
});
