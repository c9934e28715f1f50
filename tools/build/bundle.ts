import { build, type BuildOptions, type Plugin } from 'esbuild';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
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
  /**
   * Where packages are: each in `node_modules`; in this file too, so far as that can be, and all of it written tightly,
   * for what is read at every start; or in a bundle of their own.
   */
  readonly packages?: 'installed' | 'inside' | { readonly bundle: string; readonly loader: string };
  /** Packages that are asked for late or never: they need not be inside. */
  readonly seldom?: readonly string[];
}

export interface Bundled {
  /** The files it is made of, as paths from the root. */
  readonly sources: readonly string[];
  /** What it requires of packages by the time it has begun. */
  readonly packages: readonly string[];
}

/** Stay in `node_modules` wherever else packages are. */
const LEFT_OUT = [
  // What is no JavaScript, or is loaded late and can be required.
  ...['@node-rs/*', '@opentelemetry/*', '@swc/*', 'esbuild'],
  // TypeORM finds it by a name that it makes up as it runs: of two of them neither knows the other's errors.
  'pg',
];

/** Our own code in one file. */
export async function bundle(wanted: Bundle): Promise<Bundled> {
  const { entry, outfile, define = {}, keepsPlaces = false, packages = 'installed', seldom = [] } = wanted;
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
    ...(packages === 'inside'
      ? { ...TIGHTLY, external: [...LEFT_OUT, ...seldom] }
      : { packages: 'external', sourcemap: 'linked' }),
    ...(typeof packages === 'object' ? { banner: { js: requiring(dirname(resolve(ROOT, outfile)), packages) } } : {}),
    tsconfig: 'tsconfig.base.json',
    define,
    keepNames: true,
    plugins: [...(packages === 'inside' ? [absent] : []), decorators(ROOT, keepsPlaces)],
    logLevel: 'warning',
  });
  await Promise.all(
    outputFiles.map(({ path, contents, text }) => replace(path, path.endsWith('.js') ? lightly(text) : contents)),
  );
  const required = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external, kind, path }) => external && kind !== 'dynamic-import' && !isBuiltin(path)),
  );
  return { sources: Object.keys(metafile.inputs), packages: [...new Set(required.map(({ path }) => path))] };
}

export const isLeftOut = (name: string): boolean =>
  LEFT_OUT.some((left) => `${name}/`.startsWith(`${left.replace('/*', '')}/`));

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
const TIGHTLY = {
  minifyWhitespace: true,
  minifySyntax: true,
  supported: { 'dynamic-import': false },
} satisfies BuildOptions;

/** Packages ask for others that nobody has installed, where they could use them: that is found out as they run. */
const absent: Plugin = {
  name: 'absent packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, resolveDir }) => {
      if (isBuiltin(path)) return undefined;
      try {
        createRequire(join(resolveDir, 'any')).resolve(path);
        return undefined;
      } catch {
        return { path, external: true };
      }
    });
  },
};

/** Said before anything else, so that what follows requires so; it is strict code still. */
function requiring(folder: string, { bundle: file, loader }: { bundle: string; loader: string }): string {
  const place = (path: string): string => JSON.stringify(relative(folder, join(ROOT, path)));
  return `'use strict';\nrequire = require(${place(loader)}).requireOutOf(require.resolve(${place(file)}), require);`;
}

/** Never half a file: another system may be starting from the same clone. */
export async function replace(path: string, contents: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}
