import type { RecordedEvent } from '@core/contracts/event';
import type { SchemaElement } from 'hyparquet-writer';
import { createReadStream } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { BadInput } from './bad-input.ts';
import { cellOf, csvHead, csvLine, EVENT_COLUMNS } from '@core/operations/event-rows';

/** Where exported events go. */
export interface EventFile {
  write(events: readonly RecordedEvent[]): Promise<void>;
  /** The file is whole. */
  end(): Promise<void>;
}

/** A file of lines, to be written from its end on. */
export async function lineFile(path: string, lineOf: (event: RecordedEvent) => string, head = ''): Promise<EventFile> {
  const file = await open(path, 'a');
  if (head !== '' && (await file.stat()).size === 0) await file.write(`${head}\n`);
  return {
    write: async (events) => {
      if (events.length > 0) await file.write(events.map((event) => `${lineOf(event)}\n`).join(''));
    },
    end: () => file.close(),
  };
}

export const csvFile = (path: string): Promise<EventFile> => lineFile(path, csvLine, csvHead());

const NUMBERS: readonly string[] = ['position', 'version', 'schemaversion'];

const PARQUET_SCHEMA: SchemaElement[] = [
  { name: 'event', num_children: EVENT_COLUMNS.length },
  ...EVENT_COLUMNS.map((name): SchemaElement => ({
    name,
    repetition_type: name === 'causationid' ? 'OPTIONAL' : 'REQUIRED',
    ...(NUMBERS.includes(name) ? { type: 'INT64' } : { type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
  })),
];

/** Rows in columns, one group of rows for each page. It can be read once it was ended, and only begun anew. */
export async function parquetFile(path: string): Promise<EventFile> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const writer = new ParquetWriter({ writer: fileWriter(path), schema: PARQUET_SCHEMA });
  return {
    async write(events) {
      if (events.length === 0) return;
      const columnData = EVENT_COLUMNS.map((name) => ({
        name,
        data: events.map((event) => {
          const cell = cellOf(event, name);
          return typeof cell === 'number' ? BigInt(cell) : cell;
        }),
      }));
      await writer.write({ columnData, rowGroupSize: events.length });
    },
    async end() {
      await writer.finish();
    },
  };
}

/** Where a file of lines that was cut short may be gone on with: after its last whole line that is an end. */
export interface ResumePoint {
  readonly position: number;
  readonly line: string;
}

/** Looks through a file of lines, and cuts off what comes after the last one at which it may be gone on. */
export async function resumeAfter(
  path: string,
  positionOf: (line: string) => number | null,
): Promise<ResumePoint | null> {
  let found: (ResumePoint & { readonly bytes: number }) | null = null;
  let [rest, bytes] = [Buffer.alloc(0), 0];
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.subarray(0, end).toString();
      bytes += end + 1;
      rest = rest.subarray(end + 1);
      const position = positionOf(line);
      if (position !== null) found = { position, line, bytes };
    }
  }
  if (found === null && bytes > 0 && rest.length === 0)
    throw new BadInput(`${path} is no export that could be gone on with`);
  await truncate(path, found?.bytes ?? 0);
  return found;
}
