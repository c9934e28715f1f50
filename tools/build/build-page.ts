import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { replace } from './bundle.ts';

const PAGES = join(ROOT, 'apps', 'console', 'page');

/** Which script draws what an app shows to browsers: the simulator's own page is one of the console's. */
const ENTRIES: Readonly<Record<string, string>> = {
  console: 'main.tsx',
  'xapi-simulator': join('simulator', 'main.tsx'),
};

/** What an app gives to browsers, where it does: its script, its style, its shell, in one file each. */
export async function buildPage(app: string, to: string): Promise<void> {
  const entry = ENTRIES[app];
  if (entry === undefined) return;
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: PAGES,
    entryPoints: [{ in: entry, out: 'main' }],
    outdir: to,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    tsconfig: join(PAGES, 'tsconfig.json'),
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => replace(path, contents)));
  for (const name of ['index.html', 'icon.svg']) await replace(join(to, name), await readFile(join(PAGES, name)));
}
