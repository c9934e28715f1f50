// Who logs in to Postgres, and what each of them needs there. Nobody has more, whatever it resets or sets.

/** A table of the registry, or some of its columns. */
type RegistryTable = 'trader' | 'broker' | 'account' | 'broker_password' | 'access_key' | 'integration';

interface Rights {
  /** Appends to the log and changes nothing in it; everyone else reads it. */
  readonly writesLog?: true;
  /** Tables of the registry that it reads. */
  readonly reads: readonly RegistryTable[];
  /** Owns the schema of its name: snapshots, checkpoints, tables of its own. */
  readonly ownsSchema?: true;
  /** Registers people, accounts and keys, and reads what others keep. */
  readonly operates?: true;
}

/** By the folder name of the app; `operator` is who runs `ops`. */
export const SERVICE_RIGHTS = {
  ledger: { writesLog: true, reads: [] },
  'xapi-connector': { reads: ['account', 'broker', 'broker_password'], ownsSchema: true },
  'paper-connector': { reads: ['account', 'broker', 'broker_password'], ownsSchema: true },
  'tv-gateway': { reads: ['account', 'trader'], ownsSchema: true },
  'proquant-webhook': { reads: ['account', 'integration'], ownsSchema: true },
  'ws-session': { reads: ['account', 'access_key'], ownsSchema: true },
  operator: { reads: [], operates: true },
} as const satisfies Record<string, Rights>;

export type DatabaseLogin = keyof typeof SERVICE_RIGHTS;
export const DATABASE_LOGINS = Object.keys(SERVICE_RIGHTS) as DatabaseLogin[];

export const roleOf = (login: DatabaseLogin): string => `trading_core_${login.replaceAll('-', '_')}`;

/** The same database, as this login. */
export function urlAs(url: string, login: DatabaseLogin, password: string): string {
  const own = new URL(url);
  own.username = roleOf(login);
  own.password = encodeURIComponent(password);
  return own.href;
}

export const rightsOf = (login: DatabaseLogin): Rights => SERVICE_RIGHTS[login];
