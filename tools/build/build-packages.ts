import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runPackage } from '../check/command.ts';

/** Every library that others install, by name. */
export const allPackages = (): readonly string[] =>
  readdirSync(join(ROOT, 'libs')).filter((name) => existsSync(join(ROOT, 'libs', name, 'package.json')));

/** Makes a folder that can be published: one ES module, its declarations, its manifest and its README. */
export async function buildPackage(name: string, folder = join(ROOT, 'dist', 'packages', name)): Promise<string> {
  const from = join(ROOT, 'libs', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(from, 'src', 'index.ts')],
    outfile: join(folder, 'dist', 'index.js'),
    bundle: true,
    platform: 'neutral',
    target: 'es2022',
    format: 'esm',
    packages: 'external',
    tsconfig: 'tsconfig.base.json',
    keepNames: true,
    logLevel: 'warning',
  });
  await declarations(from, join(folder, 'dist', 'types'));
  for (const file of ['package.json', 'README.md']) copyFileSync(join(from, file), join(folder, file));
  return folder;
}

/** With the extensions of what they stand beside, as every resolver expects. */
async function declarations(from: string, folder: string): Promise<void> {
  const { code, output } = await runPackage('typescript/bin/tsc', ['-p', from, '--outDir', folder]);
  if (code !== 0) throw new Error(output);
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from ')(\.[^']*)\.ts'/g, "$1$2.js'"));
  }
}
