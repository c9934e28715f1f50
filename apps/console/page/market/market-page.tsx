import type { MarketSnapshot } from '@core/contracts/market/quote';
import { useEffect } from 'preact/hooks';
import type { VenueAnswer } from '../../src/market.controller.ts';
import { query, withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { InstrumentView } from './instrument-view.tsx';
import { QuoteTable } from './quote-table.tsx';

const EVERY_MS = 1_000;

/** Prices of a venue as they move, and the course of an instrument. */
export function MarketPage() {
  const venues = useAnswer<readonly VenueAnswer[]>('/api/market/venues');
  const venue = query.value.get('venue') ?? venues.answer?.[0]?.venue ?? null;
  const instrument = query.value.get('instrument');
  const { answer, error } = useAnswer<MarketSnapshot>(venue === null ? null : `/api/market/snapshot?venue=${venue}`, {
    everyMs: EVERY_MS,
  });
  const isReading =
    venue === null ? venues.answer === null && venues.error === null : answer === null && error === null;
  useEffect(() => void (document.title = 'Market · Trading core'), []);
  return (
    <>
      <header class="page-head">
        <h1>Market</h1>
        <nav class="tabs" aria-label="Venues">
          {venues.answer?.map((each) => (
            <a
              key={each.venue}
              href={withQuery({ venue: each.venue, instrument: null })}
              aria-current={each.venue === venue ? 'page' : undefined}
            >
              {each.venue}
            </a>
          ))}
        </nav>
      </header>
      {venues.error !== null && <Failure text={venues.error} />}
      {venues.answer?.length === 0 && <p class="empty">No venues yet: npm run ops -- accounts add</p>}
      {error !== null && <Failure text={error} />}
      {venue !== null && instrument !== null && <InstrumentView venue={venue} instrument={instrument} />}
      {isReading && <p class="waiting">Reading…</p>}
      {answer && (
        <Card title={`Prices at ${answer.venue}`} aside="the last ones, and how they stand">
          <QuoteTable snapshot={answer} />
        </Card>
      )}
    </>
  );
}
