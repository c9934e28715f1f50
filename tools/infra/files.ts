import { readFileSync } from 'node:fs';

/** The text of a file, empty when there is no such file; any other failure to read is thrown. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** ESRCH is what files of a process that ended meanwhile answer. */
const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code));
