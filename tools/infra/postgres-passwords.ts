import { DATABASE_LOGINS, type DatabaseLogin } from '@core/database/service-roles';
import { fileText, writePrivate } from '@core/machine/files';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** Of a Postgres of ours: its owner's, and one for every login of a service. */
export interface PostgresPasswords {
  readonly owner: string;
  readonly logins: Readonly<Record<DatabaseLogin, string>>;
}

/** The passwords of a data folder, made once, in a file that only its owner can read. */
export function postgresPasswords(folder: string): PostgresPasswords {
  const file = join(folder, 'postgres-passwords.json');
  const known = fileText(file);
  const kept = known === '' ? null : (JSON.parse(known) as PostgresPasswords);
  const logins = Object.fromEntries(DATABASE_LOGINS.map((login) => [login, kept?.logins[login] ?? password()]));
  const passwords = { owner: kept?.owner ?? password(), logins: logins as PostgresPasswords['logins'] };
  writePrivate(file, `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

const password = (): string => randomBytes(18).toString('base64url');
