import type { Decimal } from '@core/contracts/primitives';
import type { AccountReport } from '@core/execution/report';
import { divide, fromNumber, isPositive } from '@core/kernel/decimal';
import { z } from 'zod';
import { CurrentUserData } from '../wire/account-record.ts';
import { boundedText } from './bounds.ts';

const Fields = CurrentUserData.pick({ currency: true, group: true, leverageMultiplier: true });
const Currency = z.string().regex(/^[A-Z0-9]{3,8}$/);

/** The answer of `getCurrentUserData` (seed §5.6); null where it cannot be read. */
export function translateUserData(answer: unknown): AccountReport | null {
  const user = Fields.safeParse(answer);
  if (!user.success || !Currency.safeParse(user.data.currency).success) return null;
  const { currency, group, leverageMultiplier } = user.data;
  return {
    currency,
    group: boundedText(group) ?? '',
    leverage: leverageOf(fromNumber(leverageMultiplier)),
    tradingDisabled: false,
  };
}

/** The multiplier is the margin in percent of the nominal value: 0.25 is 1:400. */
const leverageOf = (multiplier: Decimal): Decimal | null =>
  isPositive(multiplier) ? divide('100', multiplier, 2) : null;
