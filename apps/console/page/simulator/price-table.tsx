import type { SimulatorAnswer } from '../../src/simulator.controller.ts';
import { mayOperate } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Failure } from '../parts/failure.tsx';
import { useDeed } from '../use-deed.ts';
import type { OfControl } from './of-control.ts';

/** A hundred points: what one press moves a price. */
const STEP_POINTS = 100;

/** Prices, each to be held and moved. */
export function PriceTable({ prices, at }: Pick<SimulatorAnswer, 'prices'> & OfControl) {
  const { failure, run } = useDeed(`${at}/`);
  const priceOf = (symbol: string): string => `prices/${encodeURIComponent(symbol)}`;
  const move = (symbol: string, points: number) => (
    <button
      type="button"
      class="small"
      disabled={!mayOperate()}
      onClick={() => run(`${priceOf(symbol)}/move`, { points })}
      aria-label={`${symbol} by ${points} points`}
    >
      {points < 0 ? '−' : '+'}
    </button>
  );
  return (
    <>
      {failure !== null && <Failure text={failure} />}
      <DataTable
        label="Prices"
        rows={prices}
        keyOf={({ symbol }) => symbol}
        none="No instruments."
        isSlim
        columns={[
          { name: 'instrument', cell: ({ symbol }) => symbol },
          { name: 'bid', isNumber: true, cell: ({ bid }) => bid },
          { name: 'ask', isNumber: true, cell: ({ ask }) => ask },
          {
            name: 'by hand',
            cell: ({ symbol, held }) => (
              <span class="by-hand">
                {move(symbol, -STEP_POINTS)}
                {move(symbol, STEP_POINTS)}
                <label>
                  <input
                    type="checkbox"
                    checked={held}
                    disabled={!mayOperate()}
                    aria-label={`Hold ${symbol}`}
                    onChange={({ currentTarget }) => run(`${priceOf(symbol)}/hold`, { hold: currentTarget.checked })}
                  />{' '}
                  hold
                </label>
              </span>
            ),
          },
        ]}
      />
    </>
  );
}
