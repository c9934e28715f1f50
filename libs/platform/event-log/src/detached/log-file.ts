// A part of the log in a file: text in gzip members one behind the other, so that `zcat` shows all of it to whoever has
// nothing else. First what it holds, then section by section, then where in it what lies.
import { CommittedBatch } from '@core/log-proof/committed-batch';
import { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { AccountId, Uuid } from '@core/contracts/primitives';
import { z } from 'zod';

const Position = z.int().positive();

/** What a file says first. */
export const LogFileHead = z.strictObject({
  format: z.literal('trading-core log 1'),
  /** Positions, both inclusive: whole checkpoints. */
  first: Position,
  last: Position,
  /** The checkpoint that ends before it; null at the beginning of the log. */
  before: SignedCheckpoint.nullable(),
});
export type LogFileHead = z.output<typeof LogFileHead>;

/** What proves the lines that follow: whole checkpoints, and all batches of them. */
export const SectionHead = z.strictObject({
  first: Position,
  last: Position,
  batches: z.array(CommittedBatch).min(1),
  checkpoints: z.array(SignedCheckpoint).min(1),
});
export type SectionHead = z.output<typeof SectionHead>;

/** Where a member begins, and how many bytes it has. */
const ByteRange = z.tuple([z.int().nonnegative(), z.int().positive()]);
export type ByteRange = z.output<typeof ByteRange>;

/** What a block begins with, an account or an id, and where it lies. */
const Block = z.tuple([Uuid, z.int().nonnegative(), z.int().positive()]);

/** Where a section lies. */
export const SectionIndex = z.strictObject({
  first: Position,
  last: Position,
  head: ByteRange,
  /** A filter of the correlation ids that stand in it, as `SeenIds` has it, in base64. */
  correlations: ByteRange,
  /** Its lines by account and position. */
  blocks: z.array(Block),
});
export type SectionIndex = z.output<typeof SectionIndex>;

export const LogFileIndex = z.strictObject({
  sections: z.tuple([SectionIndex], SectionIndex),
  /** Which numbers of an account lie in the file: the first and the last. */
  accounts: z.record(AccountId, z.tuple([Position, Position])),
  /** The ids of all its events in order, each with its position. */
  ids: z.array(Block),
});
export type LogFileIndex = z.output<typeof LogFileIndex>;

/** `log-000000000001-000005000000.gz` */
export const logFileName = (first: number, last: number): string =>
  `log-${[first, last].map((position) => String(position).padStart(12, '0')).join('-')}.gz`;

const OFFSET_DIGITS = 15;
const LENGTH_DIGITS = 10;

/** The last line of a file, which says where its index lies; always as long. */
export const endLine = ([offset, length]: ByteRange): string =>
  `index ${String(offset).padStart(OFFSET_DIGITS)} ${String(length).padStart(LENGTH_DIGITS)}\n`;

/** Null for what is no last line. */
export function extentIn(line: string): ByteRange | null {
  const [, offset, length] = /^index +(\d+) +(\d+)\n$/.exec(line) ?? [];
  return offset === undefined || length === undefined ? null : [Number(offset), Number(length)];
}
