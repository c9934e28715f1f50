// What each login needs of Postgres. Nobody has more, whatever it resets or sets.
import type { LoginName } from '@core/service/logins';

/** A table of the registry, or some of its columns. */
type RegistryTable =
  | 'trader_home'
  | 'trader_move'
  | 'trader'
  | 'broker'
  | 'account'
  | 'broker_password'
  | 'access_key'
  | 'integration'
  | 'data_client'
  | 'data_group'
  | 'oauth_client'
  | 'projection_release'
  | 'slippage_bound'
  | 'operator';

interface Rights {
  /** Appends to the log and changes nothing in it; everyone else reads it. */
  readonly writesLog?: true;
  /** Tables of the registry that it reads. */
  readonly reads: readonly RegistryTable[];
  /** Owns the schema of its name: snapshots, checkpoints, tables of its own. */
  readonly ownsSchema?: true;
  /** Reads the bars of venues, which their owner keeps. */
  readonly readsBars?: true;
  /** Looks at everything beside the log that the ledger keeps: answers of commands, messages in quarantine. */
  readonly readsLedger?: true;
  /** Decides which builds of projections are served, keeps who did, and reads what every service folds. */
  readonly releases?: true;
  /** Registers people, accounts and keys, and reads what others keep. */
  readonly operates?: true;
}

const RIGHTS = {
  ledger: { writesLog: true, reads: [] },
  'xapi-connector': { reads: ['account', 'trader_home', 'trader_move', 'broker', 'broker_password'], ownsSchema: true },
  'paper-connector': {
    reads: ['account', 'trader_home', 'trader_move', 'broker', 'broker_password'],
    ownsSchema: true,
  },
  'market-data': { reads: ['broker'], ownsSchema: true },
  'tv-gateway': {
    reads: [
      ...['account', 'trader', 'trader_home', 'data_client', 'data_group', 'oauth_client'],
      ...['projection_release', 'slippage_bound'],
    ] as const,
    ownsSchema: true,
    readsBars: true,
  },
  'proquant-webhook': { reads: ['account', 'trader_home', 'integration', 'projection_release'], ownsSchema: true },
  'ws-session': { reads: ['account', 'access_key', 'projection_release'], ownsSchema: true },
  console: {
    reads: ['account', 'trader_home', 'broker', 'projection_release', 'operator'],
    ownsSchema: true,
    readsBars: true,
    readsLedger: true,
    releases: true,
  },
  operator: { reads: [], operates: true },
} as const satisfies Record<LoginName, Rights>;

export const roleOf = (login: LoginName): string => `trading_core_${login.replaceAll('-', '_')}`;

/** The same database, as this login. */
export function urlAs(url: string, login: LoginName, password: string): string {
  const own = new URL(url);
  own.username = roleOf(login);
  own.password = encodeURIComponent(password);
  return own.href;
}

export const rightsOf = (login: LoginName): Rights => RIGHTS[login];
