import { parseJson } from '@core/bus/plain-json';
import { CandlesAnswer } from '@core/contracts/market/candle';
import { HoursAnswer } from '@core/contracts/market/hours';
import { instantFromMs } from '@core/kernel/instant';
import { fuzz } from '@core/testing/fuzz';
import { ManualClock } from '@core/testing/manual-clock';
import type { AskedSession } from './broker-questions.ts';
import { CandleBlocks } from './candle-blocks.ts';
import { CandleService } from './candle-service.ts';
import { TradingHoursService } from './trading-hours-service.ts';

const NOW_MS = Date.UTC(2026, 0, 7, 10);
const clock = new ManualClock();
const questions = {
  nowMs: NOW_MS,
  ask: <Answer>(question: (session: AskedSession) => Promise<Answer>): Promise<Answer> =>
    question({
      now: instantFromMs(NOW_MS),
      candles: () => Promise.resolve({ values: [], unreadable: 0 }),
      hours: (instruments) => Promise.resolve({ values: [], unreadable: 0, asked: instruments.length }),
      quotes: () => Promise.reject(new Error('nobody asks for prices')),
    }),
};
const isKnown = (instrument: string): boolean => instrument === 'EURUSD';
const candles = new CandleService({
  blocks: new CandleBlocks({ size: 100, freshMs: 0, candlesMax: 1_000 }, clock),
  ...{ questions, clock, isKnown, blocksMax: 3, gatherMs: 1_000 },
  candlesBackMs: () => 86_400_000,
  onUnreadable: () => undefined,
});
const hours = new TradingHoursService({ questions, clock, isKnown, maxAgeMs: 1_000, onUnreadable: () => undefined });

const last = { venue: 'sim', instrument: 'EURUSD', period: 'M1', count: 10, to: null };
const range = { venue: 'sim', instrument: 'EURUSD', period: 'D1', from: '2026-01-01T00:00:00.000000Z', to: null };
const week = { venue: 'sim', instruments: ['EURUSD', 'GOLD'] };

it('a question about a market is answered, or refused in its own words', () =>
  fuzz({
    name: 'market questions',
    examples: [last, range, week].map((question) => JSON.stringify(question)),
    take: async (input) => {
      const body = parseJson(input);
      expect(CandlesAnswer.safeParse(await candles.answer(body, 1_000_000)).error).toBeUndefined();
      expect(HoursAnswer.safeParse(await hours.answer(body)).error).toBeUndefined();
    },
    others: async () => expect(await candles.answer(last, 1_000_000)).toMatchObject({ ok: true }),
  }));
