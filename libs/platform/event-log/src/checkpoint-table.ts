import { SignedCheckpoint, type LogCheckpoint } from '@core/log-proof/checkpoint';
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';

/** Answers keep coming at the head; before it no new one comes. */
const ANSWERS = `
  select encode(sha256(convert_to(coalesce(string_agg(concat_ws(e'\\x1f', command_id, position, answer), e'\\n'
    order by position, command_id), ''), 'UTF8')), 'hex') as digest
  from core.command_answer where position >= $1 and position < $2`;

/** `answersDigest` where there are none. */
export const NO_ANSWERS = createHash('sha256').digest('hex');

export async function answersDigest(
  client: ClientBase,
  { first, last }: Pick<LogCheckpoint, 'first' | 'last'>,
): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(ANSWERS, [first - 1, last]);
  return rows[0]?.digest ?? '';
}

/** Those after a position, in order. */
export async function checkpointsAfter(client: ClientBase, position: number): Promise<SignedCheckpoint[]> {
  const { rows } = await client.query<{ signed: unknown }>(
    'select signed from core.checkpoint where last > $1 order by last',
    [position],
  );
  return rows.map(({ signed }) => SignedCheckpoint.parse(signed));
}

export const lastCheckpoint = (client: ClientBase): Promise<SignedCheckpoint | null> =>
  one(client, 'select signed from core.checkpoint order by last desc limit 1');

/** The one that ends at a position. */
export const checkpointAt = (client: ClientBase, last: number): Promise<SignedCheckpoint | null> =>
  one(client, 'select signed from core.checkpoint where last = $1', [last]);

async function one(client: ClientBase, text: string, values: unknown[] = []): Promise<SignedCheckpoint | null> {
  const { rows } = await client.query<{ signed: unknown }>(text, values);
  return rows[0] ? SignedCheckpoint.parse(rows[0].signed) : null;
}

export async function keepCheckpoint(client: ClientBase, checkpoint: SignedCheckpoint): Promise<void> {
  await client.query('insert into core.checkpoint (last, first, signed) values ($1, $2, $3)', [
    checkpoint.last,
    checkpoint.first,
    JSON.stringify(checkpoint),
  ]);
}
