import { bundleOf } from '@core/machine/app-process';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { buildDocuments } from './build-documents.ts';
import { buildPage } from './build-page.ts';
import { buildDependencies, DEPENDENCIES } from './build-dependencies.ts';
import { bundle } from './bundle.ts';

/** Every folder under `apps` that is a process, by name. */
export const allApps = (): readonly string[] =>
  readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'src', 'main.ts')));

/** Bundles the named apps, all by default: our own code in one file each, their packages in one for all of them. */
export async function buildApps(
  names: readonly string[] = [],
): Promise<{ readonly apps: readonly string[]; readonly milliseconds: number }> {
  const started = performance.now();
  const apps = names.length === 0 ? allApps() : names;
  const stamp = JSON.stringify(buildStamp());
  const required = await Promise.all(
    apps.map(async (app) => {
      const { packages } = await bundle({
        entry: join('apps', app, 'src', 'main.ts'),
        outfile: bundleOf(app),
        define: { 'process.env.TRADING_CORE_BUILD': stamp },
        packages: DEPENDENCIES,
      });
      await buildDocuments(app, join(dirname(bundleOf(app)), 'docs'));
      await buildPage(app, join(dirname(bundleOf(app)), 'page'));
      return packages;
    }),
  );
  await buildDependencies(required.flat());
  return { apps, milliseconds: Math.round(performance.now() - started) };
}

/** Version and commit, as far as they are known: an archive of the sources has no commit. */
function buildStamp(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const commit = spawnSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return commit.status === 0 ? `${version}+${commit.stdout.trim()}` : version;
}
