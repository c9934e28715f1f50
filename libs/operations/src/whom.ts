import { SYSTEM_ACCOUNT, type AccountId, type TraderId } from '@core/contracts/primitives';
import type { RegisteredAccount } from '@core/registry/entities';
import type { Gravity } from './gravity.ts';

/** Whom a decision is about. */
export interface Concerned {
  readonly isEveryone: boolean;
  includes(account: RegisteredAccount): boolean;
  /** An account that is not registered yet. */
  readonly toCome?: Pick<RegisteredAccount, 'mode'>;
}

export const everyone: Concerned = { isEveryone: true, includes: () => true };
export const nobodyYet: Concerned = { isEveryone: false, includes: () => false };
export const those = (includes: Concerned['includes']): Concerned => ({ isEveryone: false, includes });
/** The system account is everyone. */
export const ofAccount = (id: AccountId): Concerned =>
  id === SYSTEM_ACCOUNT ? everyone : those((account) => account.id === id);
export const ofTrader = (id: TraderId): Concerned => those(({ traderId }) => traderId === id);

/** How many accounts that is. */
export interface Extent extends Gravity {
  readonly accounts: number;
}

/** Of the accounts that are registered. */
export function extentOf(
  { isEveryone, includes, toCome }: Concerned,
  registered: readonly RegisteredAccount[],
): Extent {
  const concerned = [...registered.filter(includes), ...(toCome ? [toCome] : [])];
  return {
    isEveryone,
    accounts: concerned.length,
    live: concerned.filter(({ mode }) => mode === 'live').length,
  };
}

/** `everyone: 3 accounts, 1 of them live`. */
export const extentInWords = ({ isEveryone, accounts, live }: Extent): string =>
  `${isEveryone ? 'everyone: ' : ''}${accounts === 1 ? '1 account' : `${accounts} accounts`}, ${live} of them live`;
