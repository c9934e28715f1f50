import { jsonAs } from '@core/kernel/json-as';
import { fileText, writePrivate } from '@core/machine/files';
import { LOGINS, type LoginPasswords } from '@core/service/logins';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';

/** Of a Postgres and a NATS of ours: their owner's, and one for every login. */
export interface ServerPasswords {
  readonly owner: string;
  readonly logins: LoginPasswords;
}

/** They stand in URLs as they are. */
const Password = z.string().regex(/^[\w-]{20,100}$/);
/** As another build left them: it may have known other logins. */
const Kept = z.object({ owner: Password, logins: z.record(z.string(), Password) });

/**
 * The passwords of a data folder, made once, in a file that only its owner can read. Throws where there is a database
 * already and no such file: whoever made that one let everybody in. Throws `UnreadableJson`.
 */
export function serverPasswords(folder: string, hasDatabase: boolean): ServerPasswords {
  const file = join(folder, 'server-passwords.json');
  const text = fileText(file);
  if (text === '' && hasDatabase)
    throw new Error(`${folder} was made by an earlier build: delete it, or choose another with --data`);
  const known = text === '' ? null : jsonAs(file, text, Kept);
  const logins = Object.fromEntries(LOGINS.map((login) => [login, known?.logins[login] ?? password()]));
  const passwords = { owner: known?.owner ?? password(), logins: logins as LoginPasswords };
  writePrivate(file, `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

const password = (): string => randomBytes(18).toString('base64url');
