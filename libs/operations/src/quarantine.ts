import { parseEvent } from '@core/contracts/event';
import type { AccountId, Instant } from '@core/contracts/primitives';
import { accountOfLane } from '@core/contracts/quarantine';
import { readFlatJson } from '@core/kernel/foreign-json';
import type { AccountState } from '@core/projections/account';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AskedWrongly } from './asked-wrongly.ts';

/** Most cases that are listed; the newest. */
const CASES_MAX = 1_000;

/** A message that could not be recorded, as it was kept. */
export interface QuarantineCase {
  readonly id: string;
  readonly receivedAt: Instant;
  /** On whose lane it came; null where that cannot be told. It holds nobody up: what came after it was recorded. */
  readonly account: AccountId | null;
  readonly origin: string;
  readonly reason: string;
  readonly detail: string;
  readonly bytes: number;
  /** For an operator. */
  readonly isWaiting: boolean;
}

/** What a message says, as far as this build can read it. */
export interface DecodedMessage {
  /** As text, in lines where it is JSON; what is no UTF-8 in it is replaced. */
  readonly text: string;
  /** What it holds, each with why this build does not read it; null where it does. */
  readonly events: readonly { readonly type: string; readonly id: string; readonly why: string | null }[];
}

const CASES = `
  select message_id as id, core.instant(received_at) as "receivedAt", origin, reason, detail, octet_length(body) as bytes
  from core.quarantine order by received_at desc limit ${CASES_MAX}`;

/** The newest first. `quarantined` is the system account's, and says which of them wait. */
export async function quarantineCases(
  pool: Pool,
  quarantined: AccountState['quarantined'],
): Promise<readonly QuarantineCase[]> {
  const { rows } = await pool.query<Omit<QuarantineCase, 'isWaiting' | 'account'>>(CASES);
  return rows.map((row) => ({
    ...row,
    account: accountOfLane(row.origin),
    isWaiting: quarantined[row.id] !== undefined,
  }));
}

/** By its id, or by the beginning of what follows the name of its stream. Throws `AskedWrongly`. */
export function caseNamed(cases: readonly QuarantineCase[], text: string): QuarantineCase {
  const found = cases.filter(({ id }) => text !== '' && (id === text || id.split('/')[1]?.startsWith(text)));
  const [only] = found;
  if (!only) throw new AskedWrongly(`there is no quarantined message ${text}`);
  if (found.length > 1) throw new AskedWrongly(`${text} may be ${found.map(({ id }) => id).join(' or ')}`);
  return only;
}

export async function bodyOf(pool: Pool, id: string): Promise<DecodedMessage> {
  const { rows } = await pool.query<{ body: Buffer }>('select body from core.quarantine where message_id = $1', [id]);
  return decoded(rows[0]?.body ?? Buffer.alloc(0));
}

/** A whole message of the intake, one event of such, or anything else. */
function decoded(body: Uint8Array): DecodedMessage {
  const text = Buffer.from(body).toString('utf8');
  const given = readFlatJson(text);
  if (typeof given !== 'object' || given === null) return { text, events: [] };
  const events = 'events' in given ? (Array.isArray(given.events) ? given.events : []) : [given];
  return { text: JSON.stringify(given, null, 2), events: events.map(lookedAt) };
}

function lookedAt(event: unknown): DecodedMessage['events'][number] {
  const named = Named.safeParse(event).data;
  const read = parseEvent(event);
  return { type: named?.type ?? '', id: named?.id ?? '', why: read.ok ? null : read.error };
}

const name = z
  .string()
  .transform((text) => text.slice(0, 64))
  .catch('');
const Named = z.object({ type: name, id: name });
