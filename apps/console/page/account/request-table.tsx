import type { OpenRequest } from '@core/projections/requests';
import { DataTable } from '../parts/data-table.tsx';
import { age, short } from '../words.ts';

export const RequestTable = ({ requests }: { readonly requests: readonly OpenRequest[] }) => (
  <DataTable
    label="Requests without an outcome"
    rows={requests}
    keyOf={({ id }) => id}
    none="Every request is settled."
    columns={[
      { name: 'request', cell: ({ id }) => <a href={`/thing/${id}`}>{short(id)}</a> },
      { name: 'kind', cell: ({ wish }) => wish.kind },
      { name: 'status', cell: ({ status }) => status },
      { name: 'asked by', cell: ({ requester }) => requester.edge },
      { name: 'connector', cell: ({ connector }) => connector },
      { name: 'cause', cell: ({ cause }) => cause },
      { name: 'for', cell: ({ doubted, dispatched, requested }) => age((doubted ?? dispatched ?? requested).at) },
    ]}
  />
);
