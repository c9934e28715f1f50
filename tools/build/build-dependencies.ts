import { NODE_ARGUMENTS } from '@core/machine/app-process';
import { fileText } from '@core/machine/files';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../check/command.ts';
import { bundle, isLeftOut, replace } from './bundle.ts';

const FOLDER = join('dist', 'dependencies');
const TABLE = join(FOLDER, 'table.js');
const MADE_OF = join(FOLDER, 'made-of.json');

/** The packages that services begin with, in one file for all of them, and what loads it. */
export const DEPENDENCIES = { bundle: join(FOLDER, 'main.js'), loader: join(FOLDER, 'load.js') } as const;

/** What else it depends on: the packages as they are installed, and this recipe. */
const BESIDES = [
  'node_modules/.package-lock.json',
  'tools/compiled.mjs',
  'tools/build/build-dependencies.ts',
  'tools/build/bundle.ts',
];

interface MadeOf {
  readonly names: readonly string[];
  readonly digest: string;
}

/**
 * Bundles these packages beside those that are there, and has V8 compile them as services run: file by file they cost a
 * start more than everything else does. Once for each installation; an app alone adds what it needs.
 */
export async function buildDependencies(wanted: Iterable<string>): Promise<void> {
  const before = madeOf();
  const names = [...new Set([...before.names, ...wanted])].filter((name) => !isLeftOut(name)).sort();
  const digest = digestOf(names);
  if (digest === before.digest) return;
  await replace(join(ROOT, TABLE), tableOf(names));
  await bundle({ entry: TABLE, outfile: DEPENDENCIES.bundle, packages: 'inside' });
  await bundle({ entry: 'tools/compiled.mjs', outfile: DEPENDENCIES.loader });
  await promisify(execFile)(process.execPath, [...NODE_ARGUMENTS, '-e', LOAD_ALL], { cwd: ROOT });
  await replace(join(ROOT, MADE_OF), JSON.stringify({ names, digest } satisfies MadeOf));
}

/** What is compiled is kept when a process ends that compiled it. */
const LOAD_ALL = `
  const { runCompiled } = require('./${DEPENDENCIES.loader}');
  for (const load of Object.values(runCompiled(require('node:path').resolve('${DEPENDENCIES.bundle}')))) load();`;

const tableOf = (names: readonly string[]): string =>
  `module.exports = {\n${names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)}),\n`).join('')}};\n`;

function madeOf(): MadeOf {
  const text = fileText(join(ROOT, MADE_OF));
  return text === '' ? { names: [], digest: '' } : (JSON.parse(text) as MadeOf);
}

/** V8 takes over what its own version made only. */
const digestOf = (names: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([names, process.version, ...BESIDES.map((file) => fileText(join(ROOT, file)))]))
    .digest('hex');
