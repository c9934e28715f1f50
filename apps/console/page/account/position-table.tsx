import type { PositionState } from '@core/projections/positions';
import { DataTable } from '../parts/data-table.tsx';
import { moment, money, short } from '../words.ts';

export const PositionTable = ({ positions }: { readonly positions: readonly PositionState[] }) => (
  <DataTable
    label="Positions"
    rows={positions}
    keyOf={({ id }) => id}
    none="No positions."
    columns={[
      { name: 'position', cell: ({ id }) => <a href={`/thing/${id}`}>{short(id)}</a> },
      { name: 'status', cell: ({ status, close }) => (close ? `closed, ${close.reason}` : status) },
      { name: 'side', cell: ({ side }) => side },
      {
        name: 'lots',
        isNumber: true,
        cell: ({ volumeLots, openedLots, status }) => (status === 'open' ? volumeLots : openedLots),
      },
      { name: 'instrument', cell: ({ instrument }) => instrument },
      { name: 'open', isNumber: true, cell: ({ openPrice }) => openPrice },
      { name: 'stop loss', isNumber: true, cell: ({ stopLoss }) => stopLoss },
      { name: 'take profit', isNumber: true, cell: ({ takeProfit }) => takeProfit },
      { name: 'swap', isNumber: true, cell: ({ swap }) => money(swap) },
      { name: 'realized', isNumber: true, cell: ({ realizedProfit }) => money(realizedProfit) },
      { name: 'opened', cell: ({ openedAt }) => moment(openedAt).slice(0, 19) },
    ]}
  />
);
