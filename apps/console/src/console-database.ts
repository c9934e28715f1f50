import { LONG_PATIENCE_MS, patience } from '@core/service/postgres-patience';
import { Pool } from 'pg';

const CONNECTIONS = 4;

/** Pool: the console's own tables. */
export const OWN_TABLES = Symbol('own tables');

/** Pool: everything else in the database; these connections change nothing. */
export const READ_ONLY = Symbol('read only');

export const openOwnTables = (url: string): Pool => open(url, LONG_PATIENCE_MS, '');

/** `timeoutMs` bounds each question. */
export const openReadOnly = (url: string, timeoutMs: number): Pool =>
  open(url, timeoutMs + 1_000, `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs}`);

function open(connectionString: string, patienceMs: number, options: string): Pool {
  const pool = new Pool({ connectionString, max: CONNECTIONS, keepAlive: true, ...patience(patienceMs), options });
  // A connection that broke while idle is replaced; whoever needs one that cannot be had gets the error.
  pool.on('error', () => undefined);
  return pool;
}
