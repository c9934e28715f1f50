import type { OrderState } from '@core/projections/order-state';
import { DataTable } from '../parts/data-table.tsx';
import { moment, short } from '../words.ts';

export const OrderTable = ({ orders }: { readonly orders: readonly OrderState[] }) => (
  <DataTable
    label="Orders"
    rows={orders}
    keyOf={({ id }) => id}
    none="No orders."
    columns={[
      { name: 'order', cell: ({ id }) => <a href={`/thing/${id}`}>{short(id)}</a> },
      { name: 'status', cell: ({ status }) => status },
      { name: 'side', cell: ({ side }) => side },
      { name: 'lots', isNumber: true, cell: ({ volumeLots }) => volumeLots },
      { name: 'instrument', cell: ({ instrument }) => instrument },
      { name: 'kind', cell: ({ kind }) => kind },
      { name: 'price', isNumber: true, cell: ({ price }) => price },
      { name: 'filled', isNumber: true, cell: ({ filledLots }) => filledLots },
      { name: 'average', isNumber: true, cell: ({ averagePrice }) => averagePrice },
      { name: 'why', cell: ({ rejection, endReason }) => rejection?.reason ?? endReason },
      { name: 'created', cell: ({ created }) => moment(created.at).slice(0, 19) },
    ]}
  />
);
