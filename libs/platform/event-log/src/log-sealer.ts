import { checkpointHash, signed, type SignedCheckpoint } from '@core/log-proof/checkpoint';
import { leafHash, rootOf } from '@core/log-proof/merkle';
import type { KeyObject } from 'node:crypto';
import type { ClientBase } from 'pg';
import { walkBatches } from './batch-walk.ts';
import type { CheckedBatch } from './checked-batch.ts';
import { answersDigest, keepCheckpoint, lastCheckpoint } from './checkpoint-table.ts';

/**
 * Signs what was committed since the last checkpoint, at least one event and about `events` at most; null where there
 * is nothing new. Throws `LogFault` where the log is not what was committed: nobody signs that.
 */
export async function sealNext(client: ClientBase, key: KeyObject, events: number): Promise<SignedCheckpoint | null> {
  const before = await lastCheckpoint(client);
  const { rows } = await client.query<{ position: string }>('select position from core.log_head');
  const head = Number(rows[0]?.position ?? 0);
  const leaves: Buffer[] = [];
  let end: CheckedBatch | undefined;
  const start = { after: before?.last ?? 0, digest: before?.digest ?? '' };
  for await (const batch of walkBatches(client, start, head)) {
    for (const line of batch.lines) leaves.push(leafHash(line));
    end = batch;
    if (leaves.length >= events) break;
  }
  if (!end) return null;
  const range = { first: start.after + 1, last: end.last };
  const checkpoint = signed(
    {
      ...range,
      recordedtime: end.recordedtime,
      root: rootOf(leaves).toString('hex'),
      digest: end.digest,
      answers: await answersDigest(client, range),
      previous: before === null ? null : checkpointHash(before),
    },
    key,
  );
  await keepCheckpoint(client, checkpoint);
  return checkpoint;
}
