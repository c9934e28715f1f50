import type { AccountId, Uuid } from '@core/contracts/primitives';
import { join } from 'node:path';
import { endOf, type DetachedRange } from './detached-ranges.ts';
import type { SectionIndex } from './log-file.ts';
import { LogFile, LogFileFault, type ReadSection } from './log-file-reader.ts';

/** Lines in one page. */
const PAGE = 5_000;

/**
 * What was detached from the table, read from its files. Whatever cannot be read is an error that names the file and what
 * should be in it, and never an empty answer.
 */
export class DetachedLog {
  /** By their SHA-256: one that came back and was detached again may be written otherwise under the same name. */
  private readonly files = new Map<string, Promise<LogFile>>();
  /** Whoever reads page by page asks for the same one many times. */
  private latest: { readonly file: LogFile; readonly index: SectionIndex; readonly section: ReadSection } | undefined;

  constructor(
    /** Where the files are; undefined where nobody said so. */
    readonly folder: string | undefined,
  ) {}

  async file(range: DetachedRange): Promise<LogFile> {
    const file = this.files.get(range.sha256) ?? this.opened(range);
    this.files.set(range.sha256, file);
    try {
      return await file;
    } catch (error) {
      this.files.delete(range.sha256);
      throw error;
    }
  }

  pathOf({ first, last, file }: Pick<DetachedRange, 'first' | 'last' | 'file'>): string {
    if (this.folder !== undefined) return join(this.folder, file);
    throw new LogFileFault(
      `positions ${first} to ${last} of the log are in ${file}, and DATABASE_DETACHED does not say in which folder`,
    );
  }

  /** Sections that hold something after a position. */
  async *sections(ranges: readonly DetachedRange[], after: number): AsyncGenerator<ReadSection> {
    for (const range of ranges) {
      if (range.last <= after) continue;
      const file = await this.file(range);
      for (const section of file.index.sections) if (section.last > after) yield await this.section(file, section);
    }
  }

  /** The same from the last section back to the first, of what stands before a position. */
  async *sectionsBack(ranges: readonly DetachedRange[], before: number): AsyncGenerator<ReadSection> {
    for (const range of ranges.toReversed()) {
      if (range.first >= before) continue;
      const file = await this.file(range);
      for (const section of file.index.sections.toReversed())
        if (section.first < before) yield await this.section(file, section);
    }
  }

  /** Lines after a position up to another, in pages. Throws where one is missing. */
  async *lines(ranges: readonly DetachedRange[], after: number, last: number): AsyncGenerator<readonly string[]> {
    if (after >= Math.min(last, endOf(ranges))) return;
    for await (const { head, lines } of this.sections(ranges, after)) {
      if (lines.length !== head.last - head.first + 1)
        throw new LogFileFault(`positions ${head.first} to ${head.last} of the log are not all in their file`);
      const end = Math.min(lines.length, last + 1 - head.first);
      for (let from = Math.max(0, after + 1 - head.first); from < end; from += PAGE)
        yield lines.slice(from, Math.min(from + PAGE, end));
      if (head.last >= last) return;
    }
  }

  /** The lines at these positions, by position. */
  async at(ranges: readonly DetachedRange[], positions: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    for (const position of positions.toSorted((one, two) => one - two)) {
      if (found.has(position)) continue;
      for await (const { head, lines } of this.sections(ranges, position - 1)) {
        for (const wanted of positions) {
          const line = lines[wanted - head.first];
          if (line !== undefined) found.set(wanted, line);
        }
        break;
      }
    }
    return found;
  }

  /** An account's lines after one of its versions. */
  async *ofAccount(
    ranges: readonly DetachedRange[],
    account: AccountId,
    afterVersion = 0,
  ): AsyncGenerator<readonly string[]> {
    for (const range of ranges) yield* (await this.file(range)).ofAccount(account, afterVersion);
  }

  /** Positions of ids from one up to another. */
  async places(ranges: readonly DetachedRange[], from: string, to = from): Promise<ReadonlyMap<Uuid, number>> {
    const found = new Map<Uuid, number>();
    for (const range of ranges)
      for (const [id, position] of await (await this.file(range)).places(from, to)) found.set(id, position);
    return found;
  }

  /** The lines of one chain of cause. */
  async correlated(ranges: readonly DetachedRange[], id: Uuid): Promise<readonly string[]> {
    const found: string[] = [];
    for (const range of ranges) found.push(...(await (await this.file(range)).correlated(id)));
    return found;
  }

  private async section(file: LogFile, index: SectionIndex): Promise<ReadSection> {
    if (this.latest?.file !== file || this.latest.index !== index)
      this.latest = { file, index, section: await file.section(index) };
    return this.latest.section;
  }

  private async opened(range: DetachedRange): Promise<LogFile> {
    const { first, last, bytes } = range;
    const path = this.pathOf(range);
    const what = `, which should hold positions ${first} to ${last} of the log`;
    const file = await LogFile.open(path).catch((error: unknown) => {
      throw new LogFileFault(`${(error as Error).message}${what}`);
    });
    const { head } = file;
    if (head.first !== first || head.last !== last)
      throw new LogFileFault(`${path} holds positions ${head.first} to ${head.last}${what}`);
    if (file.bytes !== bytes) throw new LogFileFault(`${path} has ${file.bytes} bytes instead of ${bytes}${what}`);
    return file;
  }
}
