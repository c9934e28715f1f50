import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileText } from './files.ts';

/** Whom to run a server as; empty for the user we are. */
export type RunAs = { readonly uid: number; readonly gid: number } | Record<string, never>;

const NOBODY = 65_534;

/** Postgres refuses to run as root: then it is `postgres` where that user exists, else `nobody`. */
export function unprivileged(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const users = fileText('/etc/passwd')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return { uid: Number(user?.[2] ?? NOBODY), gid: Number(user?.[3] ?? NOBODY) };
}

/** Whether every user may pass through the folder and all above it. */
export function isReachableByAll(folder: string): boolean {
  const passable = (statSync(folder).mode & 0o001) !== 0;
  return passable && (dirname(folder) === folder || isReachableByAll(dirname(folder)));
}
