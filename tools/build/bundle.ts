import { build, type BuildOptions } from 'esbuild';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ROOT } from '../check/command.ts';
import { decorators } from './decorators.ts';

export interface Bundle {
  /** Paths, from the root of the clone. */
  readonly entry: string;
  readonly outfile: string;
  /** What stands in the place of names like `process.env.X`, as JSON. */
  readonly define?: Readonly<Record<string, string>>;
  /** For this machine only: what its sources find beside themselves they find from the bundle too. */
  readonly keepsPlaces?: boolean;
  /** Packages go into the file as well, but these, and all of it is written tightly: for what is read at every start. */
  readonly allBut?: readonly string[];
}

/** Our own code in one file, packages from `node_modules`. Resolves to the files it is made of, as paths from the root. */
export async function bundle(wanted: Bundle): Promise<readonly string[]> {
  const { entry, outfile, define = {}, keepsPlaces = false, allBut } = wanted;
  const { outputFiles, metafile } = await build({
    write: false,
    metafile: true,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: resolve(ROOT, outfile),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    ...(allBut ? tightly(allBut) : { packages: 'external' }),
    tsconfig: 'tsconfig.base.json',
    define,
    sourcemap: 'linked',
    keepNames: true,
    plugins: [decorators(ROOT, keepsPlaces)],
    logLevel: 'warning',
  });
  await Promise.all(
    outputFiles.map(({ path, contents, text }) => replace(path, path.endsWith('.js') ? lightly(text) : contents)),
  );
  return Object.keys(metafile.inputs);
}

/** The helper of `keepNames` in esbuild's output. */
const NAMING = /(var __name ?= ?\(target, ?value\) ?=> ?)(__defProp\()/;

/**
 * esbuild writes down the name of each closure whenever one is made, which took a thirtieth of a busy service's time and
 * kept V8 from seeing through it. What has no prototype of its own, as classes have, goes without.
 */
function lightly(text: string): string {
  if (!NAMING.test(text)) throw new Error('esbuild keeps names in another way than it did');
  return text.replace(NAMING, '$1!target.prototype?target:$2');
}

/** What is run from what V8 kept of it cannot import: what is loaded later is in the file too, or is required. */
const tightly = (allBut: readonly string[]) =>
  ({
    external: [...allBut],
    minifyWhitespace: true,
    minifySyntax: true,
    supported: { 'dynamic-import': false },
  }) satisfies BuildOptions;

/** Never half a file: another system may be starting from the same clone. */
export async function replace(path: string, contents: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}
