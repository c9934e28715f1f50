import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hasDebianArchive, withDebianPackage, type DebianSuite } from './debian-archive.ts';
import { isSoundNats } from './nats-version.ts';
import { installedPrograms } from './program.ts';

const NAME = 'nats-server';
const HOW_TO = 'install nats-server (macOS: brew install nats-server), or set NATS_BIN or NATS_URL';
/** Has 2.10.27, which runs on the one before it; that one's own is 2.9.10. */
const NEXT_SUITE: DebianSuite = { suite: 'trixie' };

/**
 * An executable nats-server: `NATS_BIN`, whichever it is; else one that a kill costs no stream, installed, fetched
 * earlier, or fetched now from Debian; where there is no such, an older one, and that is said.
 */
export function natsBinary(say: (line: string) => void): string {
  const given = process.env.NATS_BIN;
  if (given) return given;
  const fetchedBefore = [cached('next'), cached('own')].filter((path) => existsSync(path));
  const known = [...installedPrograms(NAME), ...fetchedBefore];
  return known.find(isSound) ?? fetched(say) ?? older(known, say);
}

const cached = (suite: 'next' | 'own'): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'trading-core', `${NAME}-${suite}`);

const isSound = (path: string): boolean =>
  isSoundNats(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '');

/** A sound one out of Debian, or null. */
function fetched(say: (line: string) => void): string | null {
  if (!hasDebianArchive()) return null;
  say('fetching nats-server from the Debian archive, once');
  return fetchedFrom(NEXT_SUITE, cached('next')) ?? soundOrNull(fetchedFrom('configured', cached('own')));
}

const soundOrNull = (path: string | null): string | null => (path !== null && isSound(path) ? path : null);

const fetchedFrom = (suite: DebianSuite, target: string): string | null =>
  withDebianPackage(NAME, suite, (root) => keep(join(root, 'usr/sbin', NAME), target));

function older(known: readonly string[], say: (line: string) => void): string {
  const found = known[0] ?? [cached('own')].find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no nats-server here: ${HOW_TO}`);
  say(
    `${found} is older than 2.10.23: a stream may be lost when it is killed, and events then come from the broker again`,
  );
  return found;
}

/** Two runs may fetch at once: the file appears whole or not at all. */
function keep(from: string, to: string): string {
  mkdirSync(join(to, '..'), { recursive: true });
  const unfinished = `${to}.${process.pid}`;
  copyFileSync(from, unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, to);
  return to;
}
