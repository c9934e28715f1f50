import { jsonAs } from '@core/kernel/json-as';
import type { SeenIds } from '@core/kernel/seen-ids';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { z } from 'zod';
import { extentIn, LogFileHead, LogFileIndex, SectionHead, type ByteRange, type SectionIndex } from './log-file.ts';
import { END_BYTES } from './log-file-writer.ts';
import { idBlocksOf } from './id-places.ts';
import { blocksOf, correlationIn, inOrder, linesOf, unpackCorrelations, unpackText } from './log-section.ts';
import { LINE, placeOf } from '@core/log-proof/line';

/** A file is not what it should be, or cannot be read. */
export class LogFileFault extends Error {
  readonly code = 'log-file';
}

/** A section with its lines in the order of their positions. */
export interface ReadSection {
  readonly head: SectionHead;
  readonly lines: readonly string[];
}

/** One file of the log. It is open only while something is read. */
export class LogFile {
  private constructor(
    readonly path: string,
    readonly bytes: number,
    readonly head: LogFileHead,
    readonly index: LogFileIndex,
  ) {}

  /** Throws `LogFileFault` where it is no such file, or not all of one. */
  static async open(path: string): Promise<LogFile> {
    return reading(path, async (file) => {
      const { size } = await file.stat();
      const end = size < END_BYTES ? null : endIn(await bytesAt(file, [size - END_BYTES, END_BYTES]));
      if (end === null) throw new Error('it was cut short, or is no file of a log');
      const index = parsed(LogFileIndex, unpackText(await bytesAt(file, end)));
      const [{ head: firstSection }] = index.sections;
      const head = parsed(LogFileHead, unpackText(await bytesAt(file, [0, firstSection[0]])));
      return new LogFile(path, size, head, index);
    });
  }

  async *sections(): AsyncGenerator<ReadSection> {
    for (const section of this.index.sections) yield await this.section(section);
  }

  async section(section: SectionIndex): Promise<ReadSection> {
    const head = await reading(this.path, async (file) =>
      parsed(SectionHead, unpackText(await bytesAt(file, section.head))),
    );
    return { head, lines: inOrder((await this.blocks(section)).flat(), section.first, section.last) };
  }

  /** The lines of each block. */
  blocks({ blocks }: SectionIndex): Promise<string[][]> {
    return this.textOf(blocks);
  }

  /** Which chains of cause a section may have a part of. */
  async correlations({ correlations }: SectionIndex): Promise<SeenIds> {
    return reading(this.path, async (file) => unpackCorrelations(await bytesAt(file, correlations)));
  }

  /** An account's lines after one of its versions, a page for each section that has some. */
  async *ofAccount(account: AccountId, afterVersion: number): AsyncGenerator<readonly string[]> {
    const [, last] = this.index.accounts[account] ?? [0, 0];
    if (last <= afterVersion) return;
    for (const section of this.index.sections) {
      const blocks = await this.textOf(section.blocks, blocksOf(section, account));
      const wanted = blocks.flat().filter((line) => {
        const place = placeOf(line);
        return place.account === account && place.version > afterVersion;
      });
      if (wanted.length > 0) yield wanted;
    }
  }

  /** The lines of one chain of cause. */
  async correlated(id: Uuid): Promise<readonly string[]> {
    const found: string[] = [];
    for (const section of this.index.sections) {
      if (!(await this.correlations(section)).mayHave(id)) continue;
      const { lines } = await this.section(section);
      found.push(...lines.filter((line) => correlationIn(line) === id));
    }
    return found;
  }

  /** Ids from one up to another, each with its position. */
  async places(from: string, to: string): Promise<ReadonlyMap<Uuid, number>> {
    const lines = await this.textOf(this.index.ids, idBlocksOf(this.index.ids, from, to));
    const places = lines.flat().map((line): [Uuid, number] => [line.slice(0, ID_CHARS), Number(line.slice(ID_CHARS))]);
    return new Map(places.filter(([id]) => id >= from && id <= to));
  }

  /** The text of one block of ids. */
  async idBlock(index: number): Promise<string> {
    const [lines = []] = await this.textOf(this.index.ids, [index]);
    return lines.map((line) => line + LINE).join('');
  }

  /** Of all its bytes, in hex. */
  async sha256(): Promise<string> {
    return reading(this.path, async (file) => {
      const hash = createHash('sha256');
      for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
      return hash.digest('hex');
    });
  }

  /** The lines of some of these blocks, of each apart. */
  private async textOf(
    blocks: LogFileIndex['ids'],
    among: readonly number[] = blocks.map((_, index) => index),
  ): Promise<string[][]> {
    return reading(this.path, async (file) => {
      const lines: string[][] = [];
      for (const index of among) {
        const [, offset = 0, length = 0] = blocks[index] ?? [];
        lines.push(linesOf(unpackText(await bytesAt(file, [offset, length]))));
      }
      return lines;
    });
  }
}

const ID_CHARS = 36;

/** Null for bytes that end no file. */
function endIn(member: Uint8Array): ByteRange | null {
  try {
    return extentIn(unpackText(member));
  } catch {
    return null;
  }
}

/** Whatever goes wrong names the file. */
async function reading<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    return await work(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new LogFileFault(`${path} ${isMissing ? 'is missing' : `cannot be read: ${(error as Error).message}`}`);
  } finally {
    await file?.close();
  }
}

async function bytesAt(file: FileHandle, [offset, length]: ByteRange): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
  if (bytesRead < length) throw new Error('it ends too early');
  return buffer;
}

const parsed = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> =>
  jsonAs('a part of it', text, schema);
