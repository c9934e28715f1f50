import type { RecordedEvent } from '@core/contracts/event';
import type { TableProjection } from '@core/projection-runner/table-runner';
import type { PoolClient } from 'pg';
import type { HistoryBooks } from './history-books.ts';
import { rowsOf, type ExecutionRow, type OrderRow } from './history-rows.ts';

/** Fills `order_history` and `execution`. Change the version with anything that changes a row's text. */
export const historyTable = (books: HistoryBooks): TableProjection => ({
  name: 'tv-gateway-history',
  version: 6,

  async write(transaction, events) {
    const { orders, executions } = await rowsOfAll(books, events);
    if (orders.length > 0) await insertOrders(transaction, orders);
    if (executions.length > 0) await insertExecutions(transaction, executions);
  },

  async clear(transaction) {
    await transaction.query('truncate tv_gateway.order_history, tv_gateway.execution');
  },
});

async function rowsOfAll(
  books: HistoryBooks,
  events: readonly RecordedEvent[],
): Promise<{ orders: OrderRow[]; executions: ExecutionRow[] }> {
  const rows = { orders: [] as OrderRow[], executions: [] as ExecutionRow[] };
  for (const event of events) {
    const book = await books.after(event);
    if (book === null) continue;
    const added = rowsOf(event, book);
    rows.orders.push(...added.orders);
    rows.executions.push(...added.executions);
  }
  return rows;
}

// One statement each, whatever the number of rows. An id that is there already is the same row.
const insertOrders = (transaction: PoolClient, rows: readonly OrderRow[]) =>
  transaction.query(
    `insert into tv_gateway.order_history (account_id, order_id, position, finished_at, json, note)
     select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[], $6::json[])
     on conflict do nothing`,
    [
      rows.map(({ accountId }) => accountId),
      rows.map(({ orderId }) => orderId),
      rows.map(({ position }) => position),
      rows.map(({ finishedAt }) => finishedAt),
      rows.map(({ json }) => json),
      rows.map(({ note }) => note && JSON.stringify(note)),
    ],
  );

const insertExecutions = (transaction: PoolClient, rows: readonly ExecutionRow[]) =>
  transaction.query(
    `insert into tv_gateway.execution (account_id, execution_id, instrument, position, at, json)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[])
     on conflict do nothing`,
    [
      rows.map(({ accountId }) => accountId),
      rows.map(({ executionId }) => executionId),
      rows.map(({ instrument }) => instrument),
      rows.map(({ position }) => position),
      rows.map(({ at }) => at),
      rows.map(({ json }) => json),
    ],
  );
