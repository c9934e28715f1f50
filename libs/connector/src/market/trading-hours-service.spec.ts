import type { TradingHours } from '@core/contracts/market/hours';
import { ManualClock } from '@core/testing/manual-clock';
import { NoTurn, QuestionRefused, UnreadableAnswer } from '../broker-failure.ts';
import { TradingHoursService } from './trading-hours-service.ts';

const readAt = '2026-01-07T10:00:00.000000Z';
const sessions = [{ day: 1, fromMinute: 0, toMinute: 60 }];
const hoursOf = (instrument: string): TradingHours => ({
  ...{ instrument, zone: 'Europe/Warsaw', readAt },
  ...{ quotes: sessions, trading: sessions },
});
/** As many as the broker tells at once. */
const AT_ONCE = 40;

describe('trading hours', () => {
  const asked: string[][] = [];
  let answerOf: (instruments: readonly string[]) => { values: TradingHours[]; unreadable: number };
  let unreadable: number;

  beforeEach(() => {
    asked.length = unreadable = 0;
    answerOf = (instruments) => ({ values: instruments.map(hoursOf), unreadable: 0 });
  });

  const serviceOf = (maxAgeMs = 60_000, isKnown: (instrument: string) => boolean | null = () => true) =>
    new TradingHoursService({
      questions: {
        ask: (question) =>
          question({
            now: readAt,
            candles: () => Promise.reject(new Error('nobody asked for candles')),
            quotes: () => Promise.reject(new Error('nobody asked for prices')),
            hours: async (instruments) => {
              const first = instruments.slice(0, AT_ONCE);
              asked.push([...first]);
              await Promise.resolve();
              return { ...answerOf(first), asked: first.length };
            },
          }),
      },
      ...{ clock: new ManualClock(), maxAgeMs, isKnown },
      onUnreadable: () => (unreadable += 1),
    });
  const body = (...instruments: string[]) => ({ venue: 'sim', instruments });

  it('are those that were asked for, in their order, with the moment they were read', async () => {
    expect(await serviceOf().answer(body('B', 'A'))).toEqual({
      ok: true,
      venue: 'sim',
      hours: ['B', 'A'].map(hoursOf),
    });
  });

  it('are read once for all who want them, and again when they are old', async () => {
    const service = serviceOf();
    await Promise.all([service.answer(body('A', 'B')), service.answer(body('B', 'C')), service.answer(body('C'))]);
    await service.answer(body('A', 'B', 'C'));
    expect(asked).toEqual([['A', 'B'], ['C']]);
    const forgetful = serviceOf(0);
    await forgetful.answer(body('A'));
    await forgetful.answer(body('A'));
    expect(asked.slice(2)).toEqual([['A'], ['A']]);
  });

  it('of many instruments are asked for in as many questions as it takes', async () => {
    const instruments = Array.from({ length: 100 }, (_, n) => `INSTRUMENT_${n}`);
    expect(await serviceOf().answer(body(...instruments))).toMatchObject({ ok: true, hours: instruments.map(hoursOf) });
    expect(asked.flat()).toEqual(instruments);
    expect(asked).toHaveLength(3);
  });

  it('that the broker does not tell, or not readably, are left out', async () => {
    answerOf = () => ({ values: [hoursOf('A')], unreadable: 1 });
    const answer = await serviceOf().answer(body('A', 'B', 'C'));
    expect(answer).toMatchObject({ ok: true, hours: [{ instrument: 'A' }] });
    expect(unreadable).toBe(1);
  });

  it('are not given for what nobody knows', async () => {
    expect(await serviceOf(1, (each) => each !== 'X').answer(body('A', 'X'))).toMatchObject({
      ...{ ok: false, reason: 'unknown-instrument', text: 'X' },
    });
    expect(await serviceOf(1, () => null).answer(body('A'))).toMatchObject({ reason: 'broker-unavailable' });
    expect(await serviceOf().answer(body())).toMatchObject({ reason: 'malformed' });
    expect(asked).toEqual([]);
  });

  it.each([
    [new NoTurn('gone'), 'broker-unavailable'],
    [new QuestionRefused('broker-error', 'Internal error'), 'broker-error'],
    [new UnreadableAnswer('not a list'), 'broker-error'],
  ])('are not given when asking fails, and are asked for again: %#', async (trouble, reason) => {
    const usual = answerOf;
    answerOf = () => {
      throw trouble;
    };
    const service = serviceOf();
    expect(await service.answer(body('A'))).toMatchObject({ ok: false, reason });
    answerOf = usual;
    expect(await service.answer(body('A'))).toMatchObject({ ok: true, hours: [{ instrument: 'A' }] });
  });
});
