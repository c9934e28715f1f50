import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { PostgresEventLog } from '@core/event-log/postgres-event-log';
import type { DetachedLog } from '@core/event-log/detached/detached-log';
import { whileNothingMoves } from '@core/event-log/detached/detached-ranges';
import { correlationIn } from '@core/event-log/detached/log-section';
import { parseLine } from '@core/event-log/stored-line';
import type { Pool } from 'pg';
import { AskedWrongly } from './asked-wrongly.ts';

const PREFIX_PATTERN = /^[0-9a-f]{4}[0-9a-f-]{0,32}$/;
const UUID_TEXT = 36;
/** Most candidates named when an id is ambiguous. */
const SHOWN_MAX = 5;
/** Most rows that a search for an abbreviated id looks at. */
const MATCHES_MAX = 1_000;

/** Most positions whose later life is told beside a chain. */
const POSITIONS_MAX = 20;

/** The fields of events by which people name things. */
const NAMES = ['orderId', 'positionId', 'requestId', 'signalId'] as const;

/** What one id is rather than another, where it is several. */
const KINDS: readonly Named['kind'][] = ['order', 'position', 'signal', 'request', 'event', 'command', 'correlation'];

/** Something the log speaks of: its id, and the account it belongs to. */
export interface Named {
  readonly kind: 'order' | 'position' | 'request' | 'signal' | 'event' | 'correlation' | 'command';
  readonly id: Uuid;
  readonly account: AccountId;
}

/** An id typed in full or in part: at least its first four digits. */
export function prefixOf(text: string): string {
  const prefix = text.trim().toLowerCase();
  if (!PREFIX_PATTERN.test(prefix)) throw new AskedWrongly(`${text} is no id: give at least its first four hex digits`);
  return prefix;
}

/** The one of `items` that an abbreviated id means. */
export function onlyMatch<Item extends { readonly id: string }>(
  items: readonly Item[],
  text: string,
  what: string,
): Item {
  const prefix = prefixOf(text);
  const found = items.filter(({ id }) => id.startsWith(prefix));
  const [only] = found;
  if (!only) throw new AskedWrongly(`there is no ${what} ${text}`);
  if (found.length > 1) {
    const some = found.slice(0, SHOWN_MAX).map(({ id }) => id);
    throw new AskedWrongly(`${text} may be ${some.join(' or ')}${found.length > SHOWN_MAX ? ' or yet others' : ''}`);
  }
  return only;
}

/** What an id in the log means, wherever it stands: as an event, a command, or inside what events tell; or a number of the broker's. */
export async function named(pool: Pool, detached: DetachedLog, text: string): Promise<Named> {
  const found = await allNamed(pool, detached, text);
  const [first, second] = found;
  if (first && !second) return first;
  return onlyMatch(found, text, 'order, position, request, signal or event');
}

/**
 * Everything that may be meant: by an id or its first digits, a number of the broker's, or the sender's own reference.
 * Files are looked through where the table knows nothing of it.
 */
export async function allNamed(pool: Pool, detached: DetachedLog, text: string): Promise<readonly Named[]> {
  const words = text.trim();
  const prefix = PREFIX_PATTERN.test(words.toLowerCase()) ? words.toLowerCase() : null;
  const inTable = await namedInTable(pool, words, prefix);
  if (inTable.length > 0) return inTable;
  return whileNothingMoves(pool, async (ranges) => {
    const found: Named[] = [];
    for await (const { lines } of detached.sections(ranges, 0)) found.push(...namedIn(lines, words, prefix));
    return each(found);
  });
}

async function namedInTable(pool: Pool, words: string, prefix: string | null): Promise<readonly Named[]> {
  const found = await Promise.all([
    byReference(pool, words),
    ...(prefix === null ? [] : [byIndex(pool, prefix), byContent(pool, prefix)]),
  ]);
  return each(found.flat());
}

/** Once each: an order is the request that placed it, too. */
function each(found: readonly Named[]): readonly Named[] {
  const inOrder = found.toSorted((one, two) => KINDS.indexOf(two.kind) - KINDS.indexOf(one.kind));
  return [...new Map(inOrder.map((one) => [one.id, one])).values()];
}

/** The same of lines of files, which have no other index of it. */
function namedIn(lines: readonly string[], words: string, prefix: string | null): Named[] {
  const mentions = lines.filter((line) => line.includes(prefix ?? words) || line.includes(words));
  return mentions.map(parseLine).flatMap((event) => {
    const { id, subject: account, correlationid, data: told } = event;
    const data = told as Mentioning;
    const refers = [data.brokerPosition, data.brokerOrder, data.brokerRequest, data.requester?.reference].includes(
      words,
    );
    const begins = (one: Uuid | undefined): one is Uuid =>
      one !== undefined && prefix !== null && one.startsWith(prefix);
    const found: Named[] = NAMES.flatMap((name) => {
      const value = data[name] ?? data.signal?.[name];
      return value && (refers || begins(value)) ? [{ kind: kindOf(name), id: value, account }] : [];
    });
    if (begins(id)) found.push({ kind: 'event', id, account });
    if (begins(correlationid)) found.push({ kind: 'correlation', id: correlationid, account });
    return found;
  });
}

type ByName = Partial<Record<(typeof NAMES)[number], Uuid>>;
interface Mentioning extends ByName {
  readonly signal?: ByName;
  readonly brokerPosition?: string;
  readonly brokerOrder?: string;
  readonly brokerRequest?: string;
  readonly requester?: { readonly reference?: string };
}

const kindOf = (name: string): Named['kind'] => name.slice(0, -2) as Named['kind'];

/** By what others call it. */
async function byReference(pool: Pool, text: string): Promise<Named[]> {
  const { rows } = await pool.query<{ name: string; id: Uuid; account: AccountId }>(
    `select distinct on (name, id) name, coalesce(e.data->>name, e.data->'signal'->>name) as id, e.account_id as account
     from core.event e, unnest($1::text[]) as name
     where $2 in (e.data->>'brokerPosition', e.data->>'brokerOrder', e.data->>'brokerRequest', e.data->'requester'->>'reference')
       and coalesce(e.data->>name, e.data->'signal'->>name) is not null
     limit ${MATCHES_MAX}`,
    [NAMES, text],
  );
  return rows.map(({ name, ...rest }) => ({ ...rest, kind: kindOf(name) }));
}

/** Ids with an index of their own: events, their chains, and commands, whose ids are those of the requests they made. */
async function byIndex(pool: Pool, prefix: string): Promise<Named[]> {
  const range = [prefix.padEnd(UUID_TEXT, '0'), prefix.padEnd(UUID_TEXT, 'f')].map(withDashes);
  const { rows } = await pool.query<Named>(
    `select 'event' as kind, i.event_id as id, e.account_id as account
       from core.event_identity i join core.event e on e.position = i.position
       where i.event_id between $1 and $2
     union all
     select distinct 'correlation', e.correlation_id, e.account_id from core.event e where e.correlation_id between $1 and $2
     union all
     select 'command', a.command_id, e.account_id
       from core.command_answer a join core.event e on e.position = a.position
       where a.command_id between $1 and $2
     limit ${MATCHES_MAX}`,
    range,
  );
  return rows;
}

/**
 * Reads the whole log once, so it is bounded by the time of a statement; ids of positions, and those of events that
 * retention has forgotten, stand nowhere else.
 */
async function byContent(pool: Pool, prefix: string): Promise<Named[]> {
  const { rows } = await pool.query<{ name: string; id: Uuid; account: AccountId }>(
    `select distinct name, id, account from (
       select e.account_id as account, name, coalesce(e.data->>name, e.data->'signal'->>name) as id
       from core.event e, unnest($1::text[]) as name
       where e.data::text like '%"' || $2 || '%'
       union all
       select account_id, 'eventId', event_id::text from core.event
       where position <= (select ids_to from core.retention) and event_id::text like $2 || '%'
     ) as mentioned where id like $2 || '%' limit ${MATCHES_MAX}`,
    [NAMES, prefix],
  );
  return rows.map(({ name, ...rest }) => ({ ...rest, kind: kindOf(name) }));
}

/** Every chain of cause that something has a part in, oldest first; with the later lives of the positions it led to. */
export async function chainsOf(pool: Pool, log: PostgresEventLog, { id, account }: Named): Promise<RecordedEvent[][]> {
  const chains = new Map<Uuid, RecordedEvent[]>();
  const add = async (name: Uuid): Promise<void> => {
    for (const correlation of await correlationsOf(pool, log.detached, account, name))
      if (!chains.has(correlation)) chains.set(correlation, [...(await log.readCorrelation(correlation))]);
  };
  await add(id);
  const opened = [...chains.values()].flat().filter((event) => event.type === 'PositionOpened');
  for (const { data } of opened.slice(0, POSITIONS_MAX)) await add(data.positionId);
  return [...chains.values()].toSorted(([left], [right]) => (left?.position ?? 0) - (right?.position ?? 0));
}

const correlationsOf = (pool: Pool, detached: DetachedLog, account: AccountId, id: Uuid): Promise<Uuid[]> =>
  whileNothingMoves(pool, async (ranges) => {
    const found = new Set(await correlationsInTable(pool, account, id));
    for await (const lines of detached.ofAccount(ranges, account))
      for (const line of lines) if (line.includes(id)) found.add(correlationIn(line));
    return [...found];
  });

async function correlationsInTable(pool: Pool, account: AccountId, id: Uuid): Promise<Uuid[]> {
  const { rows } = await pool.query<{ correlation: Uuid }>(
    `select distinct correlation_id as correlation from core.event
     where account_id = $1 and (event_id = $2 or correlation_id = $2 or causation_id = $2 or data::text like '%' || $3 || '%')
     limit ${MATCHES_MAX}`,
    [account, id, id],
  );
  return rows.map(({ correlation }) => correlation);
}

function withDashes(text: string): string {
  const hex = text.replaceAll('-', '');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
