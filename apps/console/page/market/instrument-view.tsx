import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import { inWords } from '@core/operations/trading-week';
import { useMemo } from 'preact/hooks';
import type { InstrumentAnswer } from '../../src/market.controller.ts';
import { query, withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { CandleChart } from '../charts/candle-chart.tsx';
import { Card } from '../parts/card.tsx';
import { Facts } from '../parts/facts.tsx';
import { Failure } from '../parts/failure.tsx';
import { moment } from '../words.ts';

const MINUTE_MS = 60_000;
const PERIODS = { M1: 1, M5: 5, M15: 15, H1: 60, H4: 240, D1: 1_440 } as const satisfies Partial<
  Record<CandlePeriod, number>
>;
type Period = keyof typeof PERIODS;
const CANDLES = 180;
const EVERY_MS = 5_000;

interface InstrumentViewProps {
  readonly venue: string;
  readonly instrument: string;
}

/** Candles, hours, and how far bars reach. */
export function InstrumentView({ venue, instrument }: InstrumentViewProps) {
  const asked = query.value.get('period');
  const period: Period = asked !== null && asked in PERIODS ? (asked as Period) : 'M5';
  const of = `venue=${venue}&instrument=${encodeURIComponent(instrument)}`;
  const from = useMemo(
    () => new Date(Date.now() - CANDLES * PERIODS[period] * MINUTE_MS).toISOString().replace('Z', '000Z'),
    [venue, instrument, period],
  );
  const candles = useAnswer<readonly Candle[]>(`/api/market/candles?${of}&period=${period}&from=${from}`, {
    everyMs: EVERY_MS,
  });
  const { answer, error } = useAnswer<InstrumentAnswer>(`/api/market/instrument?${of}`);
  return (
    <Card
      title={instrument}
      aside={
        <span class="tabs">
          {Object.keys(PERIODS).map((each) => (
            <a key={each} href={withQuery({ period: each })} aria-current={each === period ? 'true' : undefined}>
              {each}
            </a>
          ))}
        </span>
      }
    >
      {candles.error !== null && <Failure text={candles.error} />}
      {candles.answer?.length === 0 && <p class="empty">The venue tells no candles of that time.</p>}
      {candles.answer && candles.answer.length > 0 && <CandleChart candles={candles.answer} />}
      {error !== null && <Failure text={error} />}
      {answer && (
        <Facts
          facts={[
            [
              'trades',
              answer.hours ? `${inWords(answer.hours.trading)} (${answer.hours.zone})` : 'the broker tells no hours',
            ],
            ['quoted', answer.hours ? inWords(answer.hours.quotes) : '–'],
            [
              'bars kept',
              answer.bars.length === 0
                ? 'none yet'
                : answer.bars.map(({ from: since, until }) => (
                    <div key={since}>
                      {moment(since).slice(0, 16)} to {moment(until).slice(0, 16)}
                    </div>
                  )),
            ],
          ]}
        />
      )}
    </Card>
  );
}
