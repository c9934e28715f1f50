import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './command.ts';

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.nx', '.data', '.test', 'bench-results', 'coverage']);
const LONG = 300;
const SPECS = /\.(spec|fixture|contract)\.ts$/;
const FORBIDDEN_FOLDERS = ['utils', 'common', 'helpers', 'shared', 'types', 'dto'];

/** Every file of ours whose name ends so. */
export function sources(ending: string, folder: string = ROOT): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(ending, path);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

/** Files over three hundred lines that do not begin by saying why. A spec is a list and may be as long as it must. */
export const longWithoutReason = (files: readonly string[]): readonly string[] =>
  files
    .filter((file) => !SPECS.test(file))
    .filter((file) => {
      const lines = readFileSync(file, 'utf8').split('\n');
      return lines.length > LONG && !/^(\/\/|\/\*)/.test(lines[0] ?? '');
    })
    .map((file) => `${relative(ROOT, file)} is over ${LONG} lines and its first line does not say why`);

/** Things live beside what they serve, not in a drawer. */
export const drawers = (files: readonly string[]): readonly string[] =>
  files
    .map((file) => relative(ROOT, file))
    .filter((file) => file.split('/').some((folder) => FORBIDDEN_FOLDERS.includes(folder)))
    .map((file) => `${file} lies in a drawer (${FORBIDDEN_FOLDERS.join(', ')})`);
