import type { RecordedEvent } from '@core/contracts/event';
import type { EventLog } from '@core/event-log/event-log';
import { folding } from '@core/projection-runner/unfoldable-event';
import type { Build } from '@core/projection-runner/releases';
import type { TableProjection } from '@core/projection-runner/table-projection';
import { historyTables } from '@core/views/tradingview/history-tables';
import type { PoolClient } from 'pg';
import { HistoryBooks } from './history-books.ts';
import { rowsOf, type ExecutionRow, type OrderRow } from './history-rows.ts';

/** Fills `order_history` and `execution`. Change the version with anything that changes a row's text. */
export const historyTable = (log: EventLog, booksMax: number): TableProjection => ({
  ...historyTables,
  version: 6,

  writer(build) {
    const books = new HistoryBooks(log, booksMax);
    return async (transaction, events) => {
      const { orders, executions } = await rowsOfAll(books, events);
      if (orders.length > 0) await insertOrders(transaction, build, orders);
      if (executions.length > 0) await insertExecutions(transaction, build, executions);
    };
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
    const added = folding(historyTables.name, event, () => rowsOf(event, book));
    rows.orders.push(...added.orders);
    rows.executions.push(...added.executions);
  }
  return rows;
}

// One statement each, whatever the number of rows. An id that is there already is the same row.
const insertOrders = (transaction: PoolClient, { version, build }: Build, rows: readonly OrderRow[]) =>
  transaction.query(
    `insert into tv_gateway.order_history (version, build, account_id, order_id, position, finished_at, json, note)
     select $1, $2, * from unnest($3::uuid[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::json[])
     on conflict do nothing`,
    [
      version,
      build,
      rows.map(({ accountId }) => accountId),
      rows.map(({ orderId }) => orderId),
      rows.map(({ position }) => position),
      rows.map(({ finishedAt }) => finishedAt),
      rows.map(({ json }) => json),
      rows.map(({ note }) => note && JSON.stringify(note)),
    ],
  );

const insertExecutions = (transaction: PoolClient, { version, build }: Build, rows: readonly ExecutionRow[]) =>
  transaction.query(
    `insert into tv_gateway.execution (version, build, account_id, execution_id, instrument, position, at, json)
     select $1, $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[])
     on conflict do nothing`,
    [
      version,
      build,
      rows.map(({ accountId }) => accountId),
      rows.map(({ executionId }) => executionId),
      rows.map(({ instrument }) => instrument),
      rows.map(({ position }) => position),
      rows.map(({ at }) => at),
      rows.map(({ json }) => json),
    ],
  );
