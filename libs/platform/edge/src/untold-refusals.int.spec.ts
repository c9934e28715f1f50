import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { Pool } from 'pg';
import { describeUntoldRefusals } from './untold-refusals.contract.ts';
import { migrateUntoldRefusals, PostgresUntoldRefusals } from './untold-refusals.ts';

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  await migrateUntoldRefusals(database.url, 'ws_session');
  pool = new Pool({ connectionString: database.url });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

describeUntoldRefusals('in Postgres', async () => {
  await pool.query('truncate ws_session.untold_refusal');
  return new PostgresUntoldRefusals(pool, 'ws_session');
});
