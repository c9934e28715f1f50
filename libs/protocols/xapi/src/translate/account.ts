import type { AccountId, Decimal, Instant } from '@core/contracts/primitives';
import { divide, fromNumber, isPositive } from '@core/kernel/decimal';
import { z } from 'zod';
import type { BrokerBook } from '@core/execution/broker-book';
import { factOf, type Fact } from '@core/execution/fact';
import { CurrentUserData } from '../wire/account-record.ts';

const Fields = CurrentUserData.pick({ currency: true, group: true, leverageMultiplier: true });
const Currency = z.string().regex(/^[A-Z0-9]{3,8}$/);
const TEXT_MAX = 512;

/** `getCurrentUserData` (seed §5.6): a fact where it differs from what the log says; nothing when it cannot be read. */
export function translateAccount(
  account: AccountId,
  { terms, termsChanges }: BrokerBook,
  answer: unknown,
  at: Instant,
): Fact[] {
  const user = Fields.safeParse(answer);
  if (!user.success || !Currency.safeParse(user.data.currency).success) return [];
  const data = {
    currency: user.data.currency,
    leverage: leverageOf(fromNumber(user.data.leverageMultiplier)),
    group: user.data.group.slice(0, TEXT_MAX),
    tradingDisabled: false,
  };
  const isKnown =
    terms && terms.currency === data.currency && terms.leverage === data.leverage && terms.group === data.group;
  if (isKnown) return [];
  const key = { key: 'account', ordinal: termsChanges + 1, content: data };
  return [factOf(account, { type: 'AccountUpdated', data }, key, at, null)];
}

/** The multiplier is the margin in percent of the nominal value: 0.25 is 1:400. */
const leverageOf = (multiplier: Decimal): Decimal | null =>
  isPositive(multiplier) ? divide('100', multiplier, 2) : null;
