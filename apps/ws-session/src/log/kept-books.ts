import type { AccountId } from '@core/contracts/primitives';
import { FIELD } from '@core/log-proof/line';
import { unpackColumn, withPacked } from '@core/service/packed-column';
import { textColumns } from '@core/service/text-columns';
import type { Pool } from 'pg';

/** The book of an account, as JSON, with all of the account's events up to a position. */
export interface KeptBook {
  readonly account: AccountId;
  readonly position: number;
  readonly book: string;
}

/** Books as they stood now and then, of one version of their fold: shared by all instances. */
export abstract class KeptBooks {
  /** Of each of these accounts the newest that has nothing after `position`; none of whom nothing such is kept. */
  abstract before(accounts: readonly AccountId[], position: number): Promise<readonly KeptBook[]>;
  abstract keep(books: readonly KeptBook[]): Promise<void>;
  /** Forgets what nobody needs who goes back to `position` at most: all older ones but the newest of each account. */
  abstract forget(position: number): Promise<void>;
  /** How far the book goes that goes furthest; 0 where there is none. */
  abstract newest(): Promise<number>;
  abstract clear(): Promise<void>;
}

const BEFORE = `
  select account_id as account, position, book from unnest($2::uuid[]) as wanted (id) cross join lateral (
    select * from ws_session.kept_book
    where fold = $1 and account_id = wanted.id and position <= $3 order by position desc limit 1
  ) newest`;
const KEEP = `
  insert into ws_session.kept_book (fold, account_id, position, book)
    select $1, account::uuid, position::bigint, decode(book, 'base64')
    from rows from (string_to_table($2, $5), string_to_table($3, $5), string_to_table($4, $5))
      as kept (account, position, book)
  on conflict do nothing`;
const FORGET = `
  delete from ws_session.kept_book old using (
    select account_id, max(position) as newest from ws_session.kept_book
    where fold = $1 and position <= $2 group by account_id
  ) needed
  where old.fold = $1 and old.account_id = needed.account_id and old.position < needed.newest`;
/** Those of an older fold stay as long as a deployment may be taken back. */
const FORGET_FOLDS = `delete from ws_session.kept_book where fold < $1 and kept_at < now() - interval '7 days'`;
const NEWEST = `select coalesce(max(position), 0) as newest from ws_session.kept_book where fold = $1`;
const CLEAR = `delete from ws_session.kept_book where fold = $1`;

export class PostgresKeptBooks extends KeptBooks {
  constructor(
    private readonly pool: Pool,
    private readonly fold: number,
  ) {
    super();
  }

  override async before(accounts: readonly AccountId[], position: number): Promise<readonly KeptBook[]> {
    const { rows } = await this.pool.query<{ account: AccountId; position: string; book: Buffer }>(BEFORE, [
      ...[this.fold, accounts, position],
    ]);
    return rows.map((row) => ({ ...row, position: Number(row.position), book: unpackColumn(row.book) }));
  }

  override async keep(books: readonly KeptBook[]): Promise<void> {
    const rows = await withPacked(books, 'book');
    await this.pool.query(KEEP, [this.fold, ...textColumns(rows, ['account', 'position', 'book']), FIELD]);
  }

  override async forget(position: number): Promise<void> {
    await this.pool.query(FORGET, [this.fold, position]);
    await this.pool.query(FORGET_FOLDS, [this.fold]);
  }

  override async newest(): Promise<number> {
    const { rows } = await this.pool.query<{ newest: string }>(NEWEST, [this.fold]);
    return Number(rows[0]?.newest);
  }

  override async clear(): Promise<void> {
    await this.pool.query(CLEAR, [this.fold]);
  }
}
