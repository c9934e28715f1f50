import type { EventBody } from '@core/contracts/event';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, refuse, type Decide } from './decision.ts';

/** Who an account is, and whether its broker lets it trade. */
export interface AccountStanding {
  /** Null until it is registered; facts about it may come before. */
  registration: EventBody<'AccountRegistered'>['data'] | null;
  tradingDisabled: boolean;
}

type Known = { readonly account: AccountStanding };

export const unregistered = (): AccountStanding => ({ registration: null, tradingDisabled: false });

/** Registered once. The same registration again is nothing new; another one under the same id is refused. */
export const registerAccount: Decide<'RegisterAccount', Known> = ({ account: { registration } }, { subject, data }) => {
  if (subject === SYSTEM_ACCOUNT) return refuse('malformed');
  if (registration === null) return record({ type: 'AccountRegistered', data });
  return isSame(registration, data) ? nothing : refuse('account-already-registered');
};

export function evolveAccount(
  account: AccountStanding,
  event: EventBody<'AccountRegistered' | 'AccountUpdated'>,
): void {
  switch (event.type) {
    case 'AccountRegistered':
      account.registration = event.data;
      return;
    case 'AccountUpdated':
      account.tradingDisabled = event.data.tradingDisabled;
      return;
    default:
      unreachable(event);
  }
}

type Registration = EventBody<'AccountRegistered'>['data'];

const isSame = (one: Registration, other: Registration): boolean =>
  one.traderId === other.traderId && one.venue === other.venue && one.mode === other.mode;
