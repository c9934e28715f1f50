import { bundleOf } from '@core/machine/app-process';
import { fileText } from '@core/machine/files';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../check/command.ts';
import { sources } from '../check/sources.ts';
import { buildDocuments } from './build-documents.ts';
import { buildPage } from './build-page.ts';
import { buildDependencies, DEPENDENCIES } from './build-dependencies.ts';
import { bundle, replace } from './bundle.ts';

/** Every folder under `apps` that is a process, by name. */
export const allApps = (): readonly string[] =>
  readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'src', 'main.ts')));

/** What apps are made of, and this recipe. */
const SOURCES = ['apps', 'libs', 'docs', 'tools/build', 'tools/compiled.mjs', 'tsconfig.base.json'];

/**
 * Bundles the named apps, all by default: our own code in one file each, their packages in one for all of them. Those
 * that were built of the very same are left as they are.
 */
export async function buildApps(
  names: readonly string[] = [],
): Promise<{ readonly apps: readonly string[]; readonly milliseconds: number }> {
  const started = performance.now();
  const apps = names.length === 0 ? allApps() : names;
  const stamp = buildStamp();
  const digest = digestOf(stamp);
  const isBuilt = (app: string): boolean => existsSync(bundleOf(app)) && fileText(digestFileOf(app)) === digest;
  const old = apps.filter((app) => !isBuilt(app));
  const required = await Promise.all(old.map((app) => buildApp(app, stamp)));
  await buildDependencies(required.flat());
  await Promise.all(old.map((app) => replace(digestFileOf(app), digest)));
  return { apps, milliseconds: Math.round(performance.now() - started) };
}

/** Returns the packages that it begins with. */
async function buildApp(app: string, stamp: string): Promise<readonly string[]> {
  const { packages } = await bundle({
    entry: join('apps', app, 'src', 'main.ts'),
    outfile: bundleOf(app),
    define: { 'process.env.TRADING_CORE_BUILD': JSON.stringify(stamp) },
    packages: DEPENDENCIES,
  });
  await buildDocuments(app, join(dirname(bundleOf(app)), 'docs'));
  await buildPage(app, join(dirname(bundleOf(app)), 'page'));
  return packages;
}

const digestFileOf = (app: string): string => join(dirname(bundleOf(app)), 'made-of');

/** Of every file by its content: a checkout dates files as it likes. */
function digestOf(stamp: string): string {
  const hash = createHash('sha256')
    .update(stamp)
    .update(fileText(join(ROOT, 'node_modules/.package-lock.json')));
  const files = SOURCES.flatMap((source) =>
    source.includes('.') ? [join(ROOT, source)] : sources('', join(ROOT, source)),
  );
  for (const file of files.toSorted()) hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** Version and commit, as far as they are known: an archive of the sources has no commit. */
function buildStamp(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const commit = spawnSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return commit.status === 0 ? `${version}+${commit.stdout.trim()}` : version;
}
