import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where programs are that an ordinary user's PATH may leave out. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Every program of a name that is installed on this machine, what would be found first at the front. */
export const installedPrograms = (name: string): readonly string[] =>
  [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS]
    .map((folder) => join(folder, name))
    .filter((path) => existsSync(path));

/** A program that is installed on this machine; null where there is none of that name. */
export const installedProgram = (name: string): string | null => installedPrograms(name)[0] ?? null;

/** A command that writes down its own pid before it becomes the program, for servers that do not. */
export const noted = (pidFile: string, command: readonly string[]): readonly [program: string, ...args: string[]] => [
  ...(['sh', '-c', 'echo $$ > "$0" && exec "$@"', pidFile] as const),
  ...command,
];
