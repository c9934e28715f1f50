import { LINE, placeOf } from '@core/log-proof/line';
import type { AccountId } from '@core/contracts/primitives';
import { open, type FileHandle } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import {
  endLine,
  type ByteRange,
  type LogFileHead,
  type LogFileIndex,
  type SectionHead,
  type SectionIndex,
} from './log-file.ts';
import { IdPlaces } from './id-places.ts';
import { idIn, packBlocks, packCorrelations, packText } from './log-section.ts';

/** Only the owner reads it: it holds what the log holds. */
const MODE = 0o600;

/** Writes one file, section by section. It is on the disk when `end` has resolved, and nothing before. */
export class LogFileWriter {
  private readonly index = {
    sections: [] as SectionIndex[],
    accounts: {} as Record<AccountId, [first: number, last: number]>,
    ids: [] as LogFileIndex['ids'],
  };
  private offset = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly places: IdPlaces,
  ) {}

  /** What was there under the same path is gone. */
  static async create(path: string, head: LogFileHead): Promise<LogFileWriter> {
    const writer = new LogFileWriter(await open(path, 'w', MODE), new IdPlaces(head.first, head.last - head.first + 1));
    await writer.add(packText(JSON.stringify(head) + LINE));
    return writer;
  }

  async section(head: SectionHead, lines: readonly string[]): Promise<void> {
    const { first, last } = head;
    const section: SectionIndex = {
      ...{ first, last },
      head: await this.add(packText(JSON.stringify(head) + LINE)),
      correlations: await this.add(packCorrelations(lines)),
      blocks: [],
    };
    for (const { account, member } of packBlocks(lines)) section.blocks.push([account, ...(await this.add(member))]);
    this.index.sections.push(section);
    for (const line of lines) {
      this.places.add(idIn(line));
      const { account, version } = placeOf(line);
      const [from] = this.index.accounts[account] ?? [version];
      this.index.accounts[account] = [from, version];
    }
  }

  async end(): Promise<void> {
    for (const { id, text } of this.places.blocks()) this.index.ids.push([id, ...(await this.add(packText(text)))]);
    const extent = await this.add(packText(JSON.stringify(this.index) + LINE));
    await this.add(packEnd(extent));
    await this.file.sync();
  }

  /** Leaves it as far as it came. */
  async close(): Promise<void> {
    await this.file.close();
  }

  private async add(member: Buffer): Promise<ByteRange> {
    const extent: ByteRange = [this.offset, member.length];
    await this.file.writeFile(member);
    this.offset += member.length;
    return extent;
  }
}

/** Not compressed, so that it is always as long and is found from the end. */
const packEnd = (extent: ByteRange): Buffer => gzipSync(endLine(extent), { level: 0 });
export const END_BYTES = packEnd([0, 1]).length;
