import { exampleId } from '@core/contracts/examples.fixture';
import { migrateProjections } from '@core/projection-runner/migrations';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { Pool } from 'pg';
import { migrateWsSession } from '../migrations.ts';
import { MemoryKeptBooks } from '../ws-session-harness.fixture.ts';
import { PostgresKeptBooks, type KeptBooks } from './kept-books.ts';

const [one, other, third] = [exampleId(1), exampleId(2), exampleId(3)];
const book = (account: string, position: number) => ({ account, position, book: `{"of":${position}}` });

let database: FreshDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await freshDatabase();
  await migrateProjections(database.url, 'ws_session');
  await migrateWsSession(database.url);
  pool = new Pool({ connectionString: database.url });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

let fold = 0;
const places: [string, () => KeptBooks][] = [
  ['Postgres', () => new PostgresKeptBooks(pool, (fold += 1))],
  ['memory', () => new MemoryKeptBooks()],
];

describe.each(places)('books that are kept in %s', (_where, make) => {
  let kept: KeptBooks;
  beforeEach(async () => {
    kept = make();
    await kept.keep([book(one, 10), book(other, 12)]);
    await kept.keep([book(one, 20), book(one, 30)]);
  });
  const found = async (position: number) =>
    (await kept.before([one, other, third], position)).map((each) => [each.account, each.position, each.book]);

  it('are found by the last position that they may have', async () => {
    expect(await found(9)).toEqual([]);
    expect(await found(11)).toEqual([[one, 10, '{"of":10}']]);
    expect(await found(20)).toEqual([
      [one, 20, '{"of":20}'],
      [other, 12, '{"of":12}'],
    ]);
    expect(await found(1_000)).toEqual([
      [one, 30, '{"of":30}'],
      [other, 12, '{"of":12}'],
    ]);
  });

  it('are forgotten once nobody goes back so far, but the newest of each account before', async () => {
    await kept.forget(25);
    expect(await found(19)).toEqual([[other, 12, '{"of":12}']]);
    expect(await found(25)).toEqual([
      [one, 20, '{"of":20}'],
      [other, 12, '{"of":12}'],
    ]);
    expect(await found(30)).toContainEqual([one, 30, '{"of":30}']);
  });

  it('say how far they go, and are forgotten together', async () => {
    expect(await kept.newest()).toBe(30);
    await kept.clear();
    expect([await found(1_000), await kept.newest()]).toEqual([[], 0]);
  });
});

it('books of another fold are not found', async () => {
  const [old, changed] = [new PostgresKeptBooks(pool, 1_000), new PostgresKeptBooks(pool, 1_001)];
  await old.keep([book(one, 10)]);
  expect(await changed.before([one], 10)).toEqual([]);
});
