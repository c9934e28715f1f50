import { z } from 'zod';
import { readFlatJson } from './foreign-json.ts';

const SHOWN_MAX = 200;

/** A file or a setting does not say what it must. Tells the place, and nothing of what stands there: it may be secret. */
export class UnreadableJson extends Error {
  readonly code = 'unreadable-json';

  constructor(source: string, why: string) {
    super(`${source} cannot be read: ${why}`);
    this.name = 'UnreadableJson';
  }
}

/** What JSON text says in the terms of a schema. Throws `UnreadableJson`, which names the source: a path or a setting. */
export function jsonAs<Schema extends z.ZodType>(source: string, text: string, schema: Schema): z.output<Schema> {
  const json = readFlatJson(text);
  if (json === undefined) throw new UnreadableJson(source, 'it is no JSON');
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.map(String).join('.') || 'the whole';
  throw new UnreadableJson(source, printable(`${where}: ${issue?.message ?? 'not as expected'}`));
}

/** Names of keys are as long and as strange as whoever wrote them likes. */
const printable = (text: string): string => text.slice(0, SHOWN_MAX).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
