import { fileText } from '@core/machine/files';
import { join } from 'node:path';
import { ROOT } from '../check/command.ts';

export interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** What stands in the repository now, empty when there is no such file. */
export const contentOf = (path: string): string => fileText(join(ROOT, path));
