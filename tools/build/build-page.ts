import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replace } from './bundle.ts';

/** What an app gives to browsers, where it has such a folder: its script, its style, its shell, in one file each. */
export async function buildPage(folder: string, to: string): Promise<void> {
  if (!existsSync(join(folder, 'main.tsx'))) return;
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: folder,
    entryPoints: ['main.tsx'],
    outdir: to,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    tsconfig: join(folder, 'tsconfig.json'),
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => replace(path, contents)));
  for (const name of ['index.html', 'icon.svg']) await replace(join(to, name), await readFile(join(folder, name)));
}
