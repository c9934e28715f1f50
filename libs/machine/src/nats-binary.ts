import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAME = 'nats-server';
const HOW_TO = 'install nats-server (macOS: brew install nats-server), or set NATS_BIN or NATS_URL';
const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * An executable nats-server: `NATS_BIN`, one that is installed, one fetched earlier, else one fetched now from the
 * archive this Debian system is configured with. Needs no root: nothing is installed, a package is only unpacked.
 */
export function natsBinary(say: (line: string) => void): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'trading-core', NAME);
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
  const known = [process.env.NATS_BIN ?? '', ...folders.map((folder) => join(folder, NAME)), cache];
  const found = known.find((path) => path !== '' && existsSync(path));
  if (found !== undefined) return found;
  if (!existsSync('/usr/bin/apt-get')) throw new Error(`there is no nats-server here: ${HOW_TO}`);
  say('fetching nats-server from the Debian archive, once');
  fetchFromDebian(cache);
  return cache;
}

function fetchFromDebian(target: string): void {
  const work = mkdtempSync(join(tmpdir(), 'nats-server-'));
  try {
    const folder = join(work, 'package');
    mkdirSync(folder);
    if (!apt(folder, ['download', NAME])) {
      const own = ownPackageLists(work);
      apt(folder, [...own, 'update']);
      if (!apt(folder, [...own, 'download', NAME]))
        throw new Error(`apt-get could not download nats-server: ${HOW_TO}`);
    }
    const archive = join(folder, readdirSync(folder).find((file) => file.endsWith('.deb')) ?? '');
    const unpacked = spawnSync('dpkg-deb', ['-x', archive, join(work, 'root')], { encoding: 'utf8' });
    if (unpacked.status !== 0) throw new Error(`dpkg-deb could not unpack nats-server: ${unpacked.stderr}`);
    keep(join(work, 'root/usr/sbin', NAME), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const apt = (cwd: string, args: readonly string[]): boolean =>
  spawnSync('apt-get', ['-q', ...args], { cwd, stdio: 'ignore', timeout: DOWNLOAD_TIMEOUT_MS }).status === 0;

/** A bare system has no package lists, and an ordinary user may not update the system's: these are ours. */
function ownPackageLists(work: string): string[] {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(work, folder), { recursive: true });
  const options = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Debug::NoLocking': '1',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** Two runs may fetch at once: the file appears whole or not at all. */
function keep(from: string, to: string): void {
  mkdirSync(join(to, '..'), { recursive: true });
  const unfinished = `${to}.${process.pid}`;
  copyFileSync(from, unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, to);
}
