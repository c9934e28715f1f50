import type { BrokerAccount } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import { judged, skipped, type Fault, type Verdict } from '../verdict.ts';

/** What is found in each account; accounts that `concerns` leaves out are not looked at. */
export async function perAccount(
  session: BrokerSession,
  find: (account: BrokerAccount) => Promise<readonly Fault[]>,
  concerns: (account: BrokerAccount) => boolean = () => true,
  none = 'no account has a flag that asks for it',
): Promise<Verdict> {
  const accounts = (await session.accounts()).filter(concerns);
  if (accounts.length === 0) return skipped(none);
  const faults: Fault[] = [];
  for (const account of accounts)
    for (const fault of await find(account)) faults.push({ at: `account ${account.id}`, ...fault });
  return judged(faults, accounts.length === 1 ? '1 account' : `${accounts.length} accounts`);
}
