import type { AccountId } from '@core/contracts/primitives';
import type { ClientBase } from 'pg';
import { LogFault } from './checked-batch.ts';

/** What settles a case of the quarantine: it may be forgotten then. */
export const SETTLING = ['MessageReleased', 'MessageReplaced', 'MessageSkipped'] as const;

/** What the walk over the log has found. */
export interface WalkedLog {
  readonly head: number;
  /** How many events each account has. */
  readonly versions: ReadonlyMap<AccountId, number>;
  /** Positions of the cases that the log tells of, by `messageId`. */
  readonly quarantined: ReadonlyMap<string, number>;
  /** Of those, the ones that were settled so long ago that they may be gone. */
  readonly forgettable: ReadonlySet<string>;
  /** Up to which position it lies in files. */
  readonly detachedTo: number;
  /** How many ids of events are known at once. */
  readonly known: number;
  /** Of accounts, of what lies in files: the number that they had reached, and that of their last departure. */
  readonly detached: ReadonlyMap<AccountId, { readonly reached: number; readonly departed: number }>;
}

/**
 * The writer's own books beside the log: a wrong one shows nobody anything untrue, and makes the ledger do wrong,
 * e.g. take a new fact for one that it knows. Queryable of the same moment as the walk.
 */
export async function verifyBooks(client: ClientBase, log: WalkedLog): Promise<void> {
  const ask = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query(text, values)).rows as Row[];

  const beyond = await ask<{ position: string | null }>(
    `select min(position) as position from (
       select position from core.event where position > $1 union all select last from core.batch where last > $1
     ) found`,
    [log.head],
  );
  if (beyond[0]?.position) throw new LogFault(Number(beyond[0].position), 'it lies beyond the head');

  const ids = await ask<{ id: string; position: string }>(
    `select i.event_id as id, i.position from core.event_identity i
     left join core.event e on e.position = i.position and e.event_id = i.event_id
     where e.position is null and i.position > $1 order by i.position limit 1`,
    [log.detachedTo],
  );
  if (ids[0]) throw new LogFault(Number(ids[0].position), `the id ${ids[0].id} is known and no event has it`);

  // What lies in files is not joined with: there it is counted.
  const [{ count = '0' } = {}] = await ask<{ count?: string }>('select count(*) from core.event_identity');
  if (Number(count) !== log.known)
    throw new LogFault(log.detachedTo, `${Number(count) - log.known} more ids are known up to it than events have`);

  const accounts = await ask<{ account: AccountId; reached: string; departed: string | null }>(
    `select account_id as account, detached_version as reached, departed_version as departed from core.account`,
  );
  const booked = new Set(accounts.map(({ account }) => account));
  for (const [account, told] of log.versions) {
    if (!booked.has(account))
      throw new LogFault(log.head, `account ${account} has ${told} events and is not among the known ones`);
  }
  for (const { account, reached, departed } of accounts) {
    const told = log.detached.get(account) ?? { reached: 0, departed: 0 };
    if (told.reached !== Number(reached))
      throw new LogFault(
        log.detachedTo,
        `account ${account} has ${told.reached} events up to it and its book says ${reached}`,
      );
    if (told.departed !== Number(departed ?? 0))
      throw new LogFault(log.head, `whether account ${account} has departed is not what the log tells`);
  }

  const cases = await ask<{ id: string }>('select message_id as id from core.quarantine');
  const kept = new Set(cases.map(({ id }) => id));
  for (const [id, position] of log.quarantined) {
    if (!kept.has(id) && !log.forgettable.has(id)) throw new LogFault(position, `what it set aside is gone (${id})`);
  }
  for (const id of kept) {
    if (!log.quarantined.has(id))
      throw new LogFault(log.head, `something was set aside that the log does not tell of (${id})`);
  }

  const answers = await ask<{ id: string }>(
    'select command_id as id from core.command_answer where position > $1 limit 1',
    [log.head],
  );
  if (answers[0]) throw new LogFault(log.head + 1, `the answer to command ${answers[0].id} lies beyond the head`);
}
