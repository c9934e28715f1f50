import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import type { Registry } from '@core/registry/registry';
import { AskedWrongly } from './asked-wrongly.ts';
import { livesElsewhere } from './lives-elsewhere.ts';
import { onlyMatch } from './lookup.ts';

/** How operators call what concerns every account. */
const EVERYONE = 'system';

/**
 * The account that an operator means: by id or the beginning of one, by its login at the broker where only one account
 * has it, or `system`. Throws `AskedWrongly`.
 */
export async function accountMeant(registry: Pick<Registry, 'accounts' | 'cells'>, text: string): Promise<AccountId> {
  if (text === EVERYONE) return SYSTEM_ACCOUNT;
  const accounts = await registry.accounts();
  const logins = accounts.filter(({ brokerLogin }) => brokerLogin === text);
  if (logins.length === 1 && logins[0]) return logins[0].id;
  if (logins.length > 1) {
    const venues = logins.map(({ id, venue }) => `${id} at ${venue}`);
    throw new AskedWrongly(`${text} is the login of ${venues.join(' and of ')}`);
  }
  if (!accounts.some(({ id }) => id.startsWith(text))) {
    const elsewhere = await livesElsewhere(registry, text);
    if (elsewhere !== null) throw new AskedWrongly(elsewhere);
  }
  return onlyMatch(accounts, text, 'account').id;
}
