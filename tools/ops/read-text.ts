import { readFileSync } from 'node:fs';
import { BadInput } from './bad-input.ts';

/** What a file that an operator names says. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new BadInput(`${file} cannot be read`);
  }
}
