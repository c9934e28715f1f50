import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The text of a file, empty when there is no such file; any other failure to read is thrown. */
export function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** Replaces a file that only its owner may read; never half of it, whenever the process ends. */
export function writePrivate(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** ESRCH is what files of a process that ended meanwhile answer. */
const isMissing = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  ['ENOENT', 'ENOTDIR', 'ESRCH'].includes(String(error.code));
