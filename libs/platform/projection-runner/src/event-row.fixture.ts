// A toy table: a row of every event, in two versions of what a row says.
import type { Pool } from 'pg';
import type { Build } from './releases.ts';
import type { TableProjection } from './table-projection.ts';

export const createEventRow = `
  create table projection.event_row (
    version int not null,
    build int not null,
    account_id uuid not null,
    event_id uuid not null,
    position bigint not null,
    says text not null,
    primary key (version, build, account_id, event_id)
  )`;

/** What a row of this version says of an event. */
export const saidBy = (version: number, type: string): string => `${version}: ${type}`;

/** `afterwards` is called in the transaction, and may throw. */
export const eventRow = (version = 1, afterwards: () => void = () => undefined): TableProjection => ({
  name: 'event-row',
  tables: [{ table: 'event_row', key: 'event_id' }],
  version,
  writer:
    ({ build }) =>
    async (transaction, events) => {
      for (const { position, id, subject, type } of events)
        await transaction.query('insert into projection.event_row values ($1, $2, $3, $4, $5, $6)', [
          ...[version, build, subject, id, position, saidBy(version, type)],
        ]);
      afterwards();
    },
});

export interface EventRow {
  readonly position: number;
  readonly eventId: string;
  readonly says: string;
}

/** The rows of a build, read at once. */
export async function rowsOfBuild(pool: Pool, { version, build }: Build): Promise<readonly EventRow[]> {
  const { rows } = await pool.query<EventRow>(
    `select position::int, event_id as "eventId", says from projection.event_row
     where version = $1 and build = $2 order by position`,
    [version, build],
  );
  return rows;
}
