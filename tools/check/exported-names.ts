import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './command.ts';

/** How many names may still be defined twice. It must be what is counted, so that it can only be lowered. */
const DEFINED_TWICE_MAX = 0;

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:class|function\*?|const|let|enum|type|interface) (\w+)/gm;

/** What knows nothing of the rest: a program that speaks of other servers than ours, a package that others install. */
const STAND_ALONE = ['tools/conformance', 'libs/ws-client'].map((folder) => `${join(ROOT, folder)}/`);

/** Exported names that more than one file defines, each with its files: one name means one thing in a program. */
function definedTwice(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<string, Set<string>>();
  for (const file of files.filter((path) => !path.endsWith('.spec.ts') && !path.includes('/canary/'))) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(EXPORTED)) {
      homes.set(name, (homes.get(name) ?? new Set()).add(relative(ROOT, file)));
    }
  }
  const twice = [...homes].filter(([, at]) => at.size > 1).sort(([one], [other]) => one.localeCompare(other));
  return new Map(twice.map(([name, at]) => [name, [...at].sort()]));
}

/** Says when more names are defined twice than may be, and when fewer are. */
export function namesDefinedTwice(files: readonly string[], allowed = DEFINED_TWICE_MAX): readonly string[] {
  const home = (path: string): string => STAND_ALONE.find((folder) => path.startsWith(folder)) ?? '';
  const programs = ['', ...STAND_ALONE].map((folder) => files.filter((path) => home(path) === folder));
  const twice = new Map(programs.flatMap((program) => [...definedTwice(program)]));
  if (twice.size === allowed) return [];
  if (twice.size < allowed) return [`only ${twice.size} names are defined twice: lower DEFINED_TWICE_MAX`];
  const list = [...twice].map(([name, at]) => `${name}: ${at.join(', ')}`);
  return [`${twice.size} exported names are defined in more than one file, and ${allowed} may be:`, ...list];
}
