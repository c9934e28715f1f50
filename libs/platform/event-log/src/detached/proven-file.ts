import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ClientBase } from 'pg';
import { faultOf, LogFault } from '../checked-batch.ts';
import { checkpointAt } from '../checkpoint-table.ts';
import type { DetachedRange } from './detached-ranges.ts';
import { committedBatches } from './detached-walk.ts';
import { isIndexRight } from './index-proof.ts';
import { LogFile, LogFileFault } from './log-file-reader.ts';
import { SectionProof } from './section-proof.ts';

/**
 * Reads a file back from the disk: every line against its digest, and every digest and checkpoint against the database and
 * the ledger's public key. Throws `LogFault` or `LogFileFault` where it is not what was committed and signed.
 */
export async function provenFile(
  client: ClientBase,
  path: string,
  { first, last }: Pick<DetachedRange, 'first' | 'last'>,
  publicKey: KeyObject,
): Promise<LogFile> {
  const file = await LogFile.open(path);
  const before = first === 1 ? null : await checkpointAt(client, first - 1);
  const { head } = file;
  if (head.first !== first || head.last !== last || !isDeepStrictEqual(head.before, before))
    throw new LogFileFault(`${path} is of another log or range: take it away`);
  const proof = new SectionProof(before, publicKey);
  for await (const { head: section, lines } of file.sections()) {
    const flaw = proof.next(section, lines);
    if (flaw !== null) throw faultOf(flaw);
    const kept = await committedBatches(client, section.first - 1, section.last);
    if (!isDeepStrictEqual(kept, section.batches))
      throw new LogFault(section.first, `${path} does not hold the batches that this log has`);
  }
  if (proof.to !== last) throw new LogFault(proof.to + 1, `${path} does not hold it`);
  if (!(await isIndexRight(file))) throw new LogFileFault(`${path} has an index that does not lead to all of it`);
  return file;
}
