import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const APT = '/usr/bin/apt-get';
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
const ARCHIVE = 'http://deb.debian.org/debian';
const TIMEOUT_MS = 120_000;

/** Where packages are looked for: in the archive that this system is configured with, or in a suite of Debian by name. */
export type DebianSuite = 'configured' | { readonly suite: string };

/** Whether this is a system with a Debian archive. */
export const hasDebianArchive = (): boolean => existsSync(APT);

/**
 * Unpacks a package and hands over the folder it was unpacked to, which is gone afterwards; null where the archive has
 * none, cannot be reached, or is not signed by Debian. Needs no root: nothing is installed.
 */
export function withDebianPackage<Result>(
  name: string,
  from: DebianSuite,
  use: (root: string) => Result,
): Result | null {
  if (!hasDebianArchive() || (from !== 'configured' && !existsSync(KEYS))) return null;
  const work = mkdtempSync(join(tmpdir(), `${name}-`));
  try {
    const root = join(work, 'root');
    const archive = downloaded(name, from, work);
    if (archive === null || spawnSync('dpkg-deb', ['-x', archive, root]).status !== 0) return null;
    return use(root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The file of a package; a bare system has no package lists, and an ordinary user may not update the system's. */
function downloaded(name: string, from: DebianSuite, work: string): string | null {
  const folder = join(work, 'package');
  mkdirSync(folder);
  const apt = (...args: string[]): boolean =>
    spawnSync(APT, ['-q', ...args], { cwd: folder, stdio: 'ignore', timeout: TIMEOUT_MS }).status === 0;
  const own = ownLists(work, from);
  const isThere =
    (from === 'configured' && apt('download', name)) || (apt(...own, 'update') && apt(...own, 'download', name));
  const file = isThere && readdirSync(folder).find((each) => each.endsWith('.deb'));
  return file ? join(folder, file) : null;
}

function ownLists(work: string, from: DebianSuite): string[] {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(work, folder), { recursive: true });
  const options: Record<string, string> = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Debug::NoLocking': '1',
  };
  if (from !== 'configured') {
    const list = join(work, 'sources.list');
    writeFileSync(list, `deb [signed-by=${KEYS}] ${ARCHIVE} ${from.suite} main\n`);
    Object.assign(options, { 'Dir::Etc::sourcelist': list, 'Dir::Etc::sourceparts': '-' });
  }
  return Object.entries(options).flatMap(([option, value]) => ['-o', `${option}=${value}`]);
}
