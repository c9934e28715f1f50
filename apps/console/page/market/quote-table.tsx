import type { MarketSnapshot } from '@core/contracts/market/quote';
import { withQuery } from '../address.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Dot } from '../parts/dot.tsx';
import { clock, many, moment } from '../words.ts';

/** Every price of a venue; an instrument leads to its course. */
export function QuoteTable({ snapshot: { quotes, states = [], instruments } }: { readonly snapshot: MarketSnapshot }) {
  const standings = new Map(states.map(({ instrument, state }) => [instrument, state]));
  const described = new Map(instruments.map(({ instrument, description }) => [instrument, description]));
  return (
    <DataTable
      label="Prices"
      rows={quotes.toSorted((one, two) => (one.instrument < two.instrument ? -1 : 1))}
      keyOf={({ instrument }) => instrument}
      none="No prices yet."
      columns={[
        {
          name: 'instrument',
          cell: ({ instrument }) => <a href={withQuery({ instrument })}>{instrument}</a>,
        },
        { name: 'bid', isNumber: true, cell: ({ bid }) => bid },
        { name: 'ask', isNumber: true, cell: ({ ask }) => ask },
        {
          name: 'state',
          cell: ({ instrument }) => {
            const state = standings.get(instrument) ?? 'live';
            return (
              <>
                <Dot tone={state === 'live' ? 'good' : 'off'} /> {state}
              </>
            );
          },
        },
        { name: 'time', cell: ({ time }) => <time title={moment(time)}>{clock(time)}</time> },
        { name: 'depth', isNumber: true, cell: ({ bids }) => many(bids.length, 'level') },
        { name: 'what it is', cell: ({ instrument }) => described.get(instrument) },
      ]}
    />
  );
}
