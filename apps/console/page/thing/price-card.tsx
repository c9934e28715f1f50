import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { PriceMark, ThingAnswer } from '../../src/things.ts';
import { useAnswer } from '../answer.ts';
import { CandleChart } from '../charts/candle-chart.tsx';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { nowMs } from '../words.ts';

const MINUTE_MS = 60_000;
const PERIODS: readonly (readonly [CandlePeriod, number])[] = [
  ['M1', MINUTE_MS],
  ['M5', 5 * MINUTE_MS],
  ['M15', 15 * MINUTE_MS],
  ['H1', 60 * MINUTE_MS],
  ['H4', 240 * MINUTE_MS],
  ['D1', 1_440 * MINUTE_MS],
];
const CANDLES = 240;
const AROUND = 40;

interface PriceCardProps {
  readonly market: NonNullable<ThingAnswer['market']>;
  readonly marks: readonly PriceMark[];
}

/** The market around what was dealt, with its prices. */
export function PriceCard({ market: { venue, instrument }, marks }: PriceCardProps) {
  const times = marks.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const [period, periodMs] = PERIODS.find(([, ms]) => (last - first) / ms < CANDLES - 2 * AROUND) ?? [
    'D1',
    1_440 * MINUTE_MS,
  ];
  const from = iso(first - AROUND * periodMs);
  const to = last + AROUND * periodMs > nowMs.peek() ? '' : `&to=${iso(last + AROUND * periodMs)}`;
  const { answer, error } = useAnswer<readonly Candle[]>(
    `/api/market/candles?venue=${venue}&instrument=${encodeURIComponent(instrument)}&period=${period}&from=${from}${to}`,
  );
  return (
    <Card title={`${instrument}, ${period}`} aside={`bid prices at ${venue}`}>
      {error !== null && <Failure text={error} />}
      {answer?.length === 0 && <p class="empty">The venue tells no candles of that time.</p>}
      {answer && answer.length > 0 && <CandleChart candles={answer} marks={marks} />}
    </Card>
  );
}

const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
