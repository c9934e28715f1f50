import { bundleOf } from '@core/machine/app-process';
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { decorators } from './decorators.ts';

const ROOT = resolve(__dirname, '../..');

/** Every folder under `apps` that is a process, by name. */
export const allApps = (): readonly string[] =>
  readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'src', 'main.ts')));

/** Bundles the named apps, all by default: our own code in one file each, packages from `node_modules`. */
export async function buildApps(
  names: readonly string[] = [],
): Promise<{ readonly apps: readonly string[]; readonly milliseconds: number }> {
  const started = performance.now();
  const apps = names.length === 0 ? allApps() : names;
  const stamp = JSON.stringify(buildStamp());
  await Promise.all(
    apps.map(async (app) => {
      const { outputFiles } = await build({
        write: false,
        absWorkingDir: ROOT,
        entryPoints: [join('apps', app, 'src', 'main.ts')],
        outfile: bundleOf(app),
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        packages: 'external',
        tsconfig: 'tsconfig.base.json',
        define: { 'process.env.TRADING_CORE_BUILD': stamp },
        sourcemap: 'linked',
        keepNames: true,
        plugins: [decorators(ROOT)],
        logLevel: 'warning',
      });
      await Promise.all(outputFiles.map(({ path, contents }) => replace(path, contents)));
    }),
  );
  return { apps, milliseconds: Math.round(performance.now() - started) };
}

/** Never half a file: another system may be starting from the same clone. */
async function replace(path: string, contents: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}

/** Version and commit, as far as they are known: an archive of the sources has no commit. */
function buildStamp(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const commit = spawnSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return commit.status === 0 ? `${version}+${commit.stdout.trim()}` : version;
}
