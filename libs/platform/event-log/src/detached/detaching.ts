import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import type { SignedCheckpoint } from '@core/log-proof/checkpoint';
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { escapeIdentifier, type ClientBase } from 'pg';
import { walkBatches } from '../batch-walk.ts';
import { checkpointAt, checkpointsAfter } from '../checkpoint-table.ts';
import { SETTLING } from '../verify-books.ts';
import { DetachedLog } from './detached-log.ts';
import { detachedRanges, endOf, type DetachedRange } from './detached-ranges.ts';
import { committedBatches } from './detached-walk.ts';
import { logFileName } from './log-file.ts';
import { LogFileWriter } from './log-file-writer.ts';
import { movingAlone } from './moving.ts';
import { provenFile } from './proven-file.ts';
import { partitionsOf, type TablePartition } from './table-partitions.ts';

/** Events of a section, about: as many are unpacked for one that is asked for by its position. */
const SECTION_EVENTS = 25_000;
/** Whoever appends waits no longer for whoever reads; then it is let go, and tried again by who asked. */
const LOCK_TIMEOUT_MS = 500;

/** What is noted of events before their rows go: see sql/detached.ts. */
const NOTE_ACCOUNTS = `
  update core.account a set detached_version = d.version, departed_version = coalesce(d.departed, a.departed_version)
  from (select account_id, max(version) as version, max(version) filter (where type = 'AccountDeparted') as departed
    from core.event where position > $1 and position <= $2 group by account_id) d
  where a.account_id = d.account_id`;
const NOTE_SETTLED = `
  update core.quarantine q set settled_at = e.recorded_at from core.event e
  where e.position > $1 and e.position <= $2 and e.account_id = $3 and e.type = any($4)
    and q.message_id = e.data->>'messageId'`;
const RECORD = `
  insert into core.detached (first, last, partition_last, file, bytes, sha256, operator, note)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Who detaches, and why. */
export interface DetachDecision {
  readonly operator: string;
  readonly note: string;
}

/** What has been done of one partition. `written` and all before it leave nothing that counts. */
export type DetachStep = 'written' | 'proven' | 'named' | 'detached';

/** What came of one partition; null where there is none that may go, which `whyNot` tells. */
export type Detached = DetachedRange | { readonly whyNot: string };

/**
 * Takes whole partitions out of the table and into files, the oldest first. Nothing goes that was not read back from its
 * file and is what was committed and signed; a process that dies at any moment has lost nothing, and the next one
 * goes on from there.
 */
export class Detaching {
  constructor(
    /** With the rights of the table's owner. */
    private readonly client: ClientBase,
    private readonly folder: string,
    private readonly publicKey: KeyObject,
    private readonly decision: DetachDecision,
    private readonly onStep: (step: DetachStep, range: { readonly first: number; readonly last: number }) => void,
  ) {}

  /** The next partition of those that lie wholly at or before a position. */
  next(upTo: number): Promise<Detached> {
    return movingAlone(this.client, () => this.nextAlone(upTo));
  }

  private async nextAlone(upTo: number): Promise<Detached> {
    const ranges = await detachedRanges(this.client);
    const [partition] = await partitionsOf(this.client);
    if (!partition || partition.last > upTo)
      return {
        whyNot: `the oldest partition that is left ends at position ${partition?.last ?? 'none'}, beyond ${upTo}`,
      };
    const before = ranges.at(-1);
    if (before && partition.last <= before.last) {
      await this.drop(partition, before, before.last);
      return { ...before, partitionLast: partition.last };
    }
    const checkpoints = await checkpointsAfter(this.client, endOf(ranges));
    const seal = checkpoints.findIndex(({ last }) => last >= partition.last);
    if (seal < 0) return { whyNot: `what is signed does not reach the end of the partition, ${partition.last}` };
    const range = await this.written(partition, before, checkpoints.slice(0, seal + 1));
    await this.drop(partition, range, endOf(ranges));
    return range;
  }

  /** The range with its file, on the disk and proven. */
  private async written(
    partition: TablePartition,
    before: DetachedRange | undefined,
    checkpoints: readonly SignedCheckpoint[],
  ): Promise<DetachedRange> {
    const first = (before?.last ?? 0) + 1;
    const last = checkpoints.at(-1)?.last ?? 0;
    const file = logFileName(first, last);
    const path = new DetachedLog(this.folder).pathOf({ first, last, file });
    const range = { first, last, partitionLast: partition.last, file };
    if (existsSync(path)) return { ...range, ...(await this.proven(path, range)) };
    const part = `${path}.part`;
    await this.write(part, range, checkpoints);
    const proof = await this.proven(part, range);
    await rename(part, path);
    await syncFolder(this.folder);
    this.onStep('named', range);
    return { ...range, ...proof };
  }

  private async write(
    path: string,
    { first, last }: Pick<DetachedRange, 'first' | 'last'>,
    checkpoints: readonly SignedCheckpoint[],
  ): Promise<void> {
    const before = first === 1 ? null : await checkpointAt(this.client, first - 1);
    const writer = await LogFileWriter.create(path, { format: 'trading-core log 1', first, last, before });
    try {
      const ends = sectionEnds(first, checkpoints);
      const start = { after: first - 1, digest: before?.digest ?? '' };
      let [lines, from]: [string[], number] = [[], first];
      for await (const batch of walkBatches(this.client, start, last)) {
        lines.push(...batch.lines);
        if (!ends.has(batch.last)) continue;
        const own = checkpoints.filter((each) => each.first >= from && each.last <= batch.last);
        const batches = await committedBatches(this.client, from - 1, batch.last);
        await writer.section({ first: from, last: batch.last, batches, checkpoints: own }, lines);
        [lines, from] = [[], batch.last + 1];
      }
      await writer.end();
    } finally {
      await writer.close();
    }
    this.onStep('written', { first, last });
  }

  private async proven(
    path: string,
    range: Pick<DetachedRange, 'first' | 'last'>,
  ): Promise<Pick<DetachedRange, 'bytes' | 'sha256'>> {
    const file = await provenFile(this.client, path, range, this.publicKey);
    const sha256 = await file.sha256();
    this.onStep('proven', range);
    return { bytes: file.bytes, sha256 };
  }

  private async drop(partition: TablePartition, range: DetachedRange, after: number): Promise<void> {
    const { first, last, file, bytes, sha256 } = range;
    const { operator, note } = this.decision;
    await this.client.query('begin');
    try {
      await this.client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      if (last > after) {
        await this.client.query(NOTE_ACCOUNTS, [after, last]);
        await this.client.query(NOTE_SETTLED, [after, last, SYSTEM_ACCOUNT, SETTLING]);
        await this.client.query(RECORD, [first, last, partition.last, file, bytes, sha256, operator, note]);
      } else {
        await this.client.query('update core.detached set partition_last = $2 where first = $1', [
          first,
          partition.last,
        ]);
      }
      await this.client.query(`drop table core.${escapeIdentifier(partition.name)}`);
      await this.client.query('commit');
    } catch (error) {
      await this.client.query('rollback');
      if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE)
        throw new Error('the table is being read for longer than appending may wait: try it again');
      throw error;
    }
    this.onStep('detached', range);
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Where sections end: whole checkpoints, until there are enough events. */
function sectionEnds(first: number, checkpoints: readonly SignedCheckpoint[]): ReadonlySet<number> {
  const ends = new Set<number>();
  let from = first;
  for (const { last } of checkpoints) {
    if (last - from + 1 < SECTION_EVENTS && last !== checkpoints.at(-1)?.last) continue;
    ends.add(last);
    from = last + 1;
  }
  return ends;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
