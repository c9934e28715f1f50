import { SeenIds } from '@core/kernel/seen-ids';
import { FIELD, LINE, placeOf } from '@core/log-proof/line';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { SectionIndex } from './log-file.ts';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Text in one block: small enough that one account costs little, and large enough to be compressed well. */
const BLOCK_CHARS = 131_072;
/** For each correlation id of a section: one in five hundred of the others is looked for in vain. */
const FILTER_BYTES = 2;
const FILTER_BYTES_MIN = 64;
/** No more is unpacked of what was made to burst. */
const MEMBER_BYTES_MAX = 1_073_741_824;

/** Lines of one account after the other. */
export interface PackedBlock {
  /** The account it begins with. */
  readonly account: AccountId;
  readonly member: Buffer;
}

export const packText = (text: string): Buffer => gzipSync(text);
export const unpackText = (member: Uint8Array): string =>
  gunzipSync(member, { maxOutputLength: MEMBER_BYTES_MAX }).toString('utf8');

/** The lines of a section, sorted so that those of an account lie together. */
export function packBlocks(lines: readonly string[]): PackedBlock[] {
  const sorted = lines
    .map((line) => ({ line, account: placeOf(line).account }))
    .toSorted((one, two) => (one.account < two.account ? -1 : one.account > two.account ? 1 : 0));
  const blocks: PackedBlock[] = [];
  let [text, first] = ['', sorted[0]?.account ?? ''];
  const end = (): void => {
    if (text !== '') blocks.push({ account: first, member: packText(text) });
  };
  for (const { line, account } of sorted) {
    if (text.length > BLOCK_CHARS) {
      end();
      [text, first] = ['', account];
    }
    text += line + LINE;
  }
  end();
  return blocks;
}

export const linesOf = (text: string): string[] => text.split(LINE).slice(0, -1);

/** Which of a section's blocks may hold lines of an account. */
export function blocksOf({ blocks }: Pick<SectionIndex, 'blocks'>, account: AccountId): number[] {
  const found: number[] = [];
  for (const [index, [first]] of blocks.entries()) {
    const next = blocks[index + 1]?.[0];
    if (first <= account && (next === undefined || next >= account)) found.push(index);
  }
  return found;
}

/** Lines of blocks in the order of their positions; what does not stand where it should is left out. */
export function inOrder(lines: readonly string[], first: number, last: number): string[] {
  const places = new Array<string | undefined>(last - first + 1);
  for (const line of lines) {
    const index = linePosition(line) - first;
    if (index >= 0 && index < places.length) places[index] = line;
  }
  return places.filter((line) => line !== undefined);
}

export const linePosition = (line: string): number => Number(line.slice(0, line.indexOf(FIELD)));
export const idIn = (line: string): Uuid => line.split(FIELD, 4)[3] ?? '';
export const correlationIn = (line: string): Uuid => line.split(FIELD, 9)[8] ?? '';
export const causationIn = (line: string): Uuid => line.split(FIELD, 10)[9] ?? '';

export function packCorrelations(lines: readonly string[]): Buffer {
  const ids = new Set(lines.map(correlationIn));
  const bytes = new Uint8Array(Math.max(FILTER_BYTES_MIN, ids.size * FILTER_BYTES));
  const seen = new SeenIds(bytes);
  for (const id of ids) seen.add(id);
  return packText(Buffer.from(bytes).toString('base64') + LINE);
}

export const unpackCorrelations = (member: Uint8Array): SeenIds =>
  new SeenIds(Buffer.from(unpackText(member), 'base64'));
