import type { Venue } from '@core/contracts/primitives';
import type { AccountName } from '@core/registry/account-identity';

/** Which login at its broker an account of the log is, and whether its id says so too. */
export function loginInWords(named: AccountName | null, venue: Venue): string {
  if (named === null) return `at ${venue}, a login that nobody registered`;
  const where = `login ${named.brokerLogin} at ${named.venue}`;
  return named.isProven ? where : `${where}, of which its id was not made`;
}
