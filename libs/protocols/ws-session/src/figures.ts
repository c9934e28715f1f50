// What accounts and positions are worth as prices move, topic `calculate_updates`: protocol section 9.4.
import type { WorthNow } from '@core/contracts/market/account-figures';
import type { AccountId, Decimal, PositionId } from '@core/contracts/primitives';
import { toNumber } from '@core/kernel/decimal';
import type { MessageJson } from './server-message.ts';

const numberOf = (amount: Decimal | null): number | null => amount && toNumber(amount);

/** Null is what the broker has not told, or what nobody can say without a price. */
export const accountFiguresMessage = (
  id: AccountId,
  { margin, equity, marginFree, marginLevel }: Pick<WorthNow, 'margin' | 'equity' | 'marginFree' | 'marginLevel'>,
): MessageJson => ({
  account_event: {
    calculate_updates: [
      {
        account_id: id,
        margin: numberOf(margin),
        equity: toNumber(equity),
        free_margin: numberOf(marginFree),
        margin_level: numberOf(marginLevel),
      },
    ],
  },
});

/** Gross profit by position, in the account's currency; null while it is not known. */
export const positionFiguresMessage = (
  accountId: AccountId,
  profits: ReadonlyMap<PositionId, Decimal | null>,
): MessageJson => ({
  position: {
    calculate_updates: [...profits].map(([id, profit]) => ({
      account_id: accountId,
      position_id: id,
      gross_pl: numberOf(profit),
    })),
  },
});
