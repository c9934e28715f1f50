import type { RecordedEvent } from '@core/contracts/event';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { BadInput } from './bad-input.ts';
import { csvFile, lineFile, parquetFile, resumeAfter, type EventFile, type ResumePoint } from './event-file.ts';
import type { PositionRange } from './moment-in-log.ts';
import { progressOf } from './progress.ts';

interface ExportFormat {
  readonly open: (path: string) => Promise<EventFile>;
  /** Of a whole line; null where a file of this format cannot be gone on with. */
  readonly positionOf: ((line: string) => number | null) | null;
}

const FORMATS: Readonly<Record<string, ExportFormat>> = {
  ndjson: { open: (path) => lineFile(path, (event) => JSON.stringify(event)), positionOf: readPosition },
  csv: { open: csvFile, positionOf: (line) => (/^\d/.test(line) ? Number(line.split(',', 1)[0]) : null) },
  parquet: { open: async (path) => parquetFile(path), positionOf: null },
};

/** By its name, unless it is said. */
export function exportFormatOf(path: string, said: string = extname(path).slice(1)): ExportFormat {
  const format = FORMATS[said];
  if (!format) throw new BadInput(`${path} says no format: name it .ndjson, .csv or .parquet`);
  return format;
}

/** Nothing is written over: what is there is gone on with when that is said, and refused otherwise. */
export async function beginningOf(
  path: string,
  resume: boolean,
  positionOf: ExportFormat['positionOf'],
): Promise<ResumePoint | null> {
  if (!existsSync(path)) return null;
  if (!resume) throw new BadInput(`${path} is there already: go on with it by --resume, or name another`);
  if (!positionOf) throw new BadInput(`${path} cannot be gone on with: delete it, or export .ndjson or .csv`);
  return resumeAfter(path, positionOf);
}

/** Events up to the end of a range; resolves to how many. */
export async function exportPages(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  isWanted: (event: RecordedEvent) => boolean,
  { from, to }: PositionRange,
  file: EventFile,
): Promise<number> {
  const progress = progressOf('positions');
  let events = 0;
  try {
    for await (const page of pages) {
      const wanted = page.filter(isWanted);
      await file.write(wanted);
      events += wanted.length;
      const { position = to } = page.at(-1) ?? {};
      progress.at(position - from, to - from);
      if (position >= to) break;
    }
  } finally {
    progress.end();
    await file.end();
  }
  return events;
}

function readPosition(line: string): number | null {
  const position = /"position":(\d+)/.exec(line)?.[1];
  return position === undefined || !line.endsWith('}') ? null : Number(position);
}
