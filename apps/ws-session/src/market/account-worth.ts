import { worthOf, type WorthNow } from '@core/contracts/market/account-figures';
import { openProfit, totalProfit, type PricedMarket } from '@core/contracts/market/valuation';
import type { Decimal, PositionId } from '@core/contracts/primitives';
import type { Frozen } from '@core/projection-runner/projection-runner';
import { accrued } from '@core/projections/accruals';
import type { SessionBook } from '@core/views/ws-session/session-book';

/** What an account and its open positions are worth at these prices. */
export interface AccountWorth {
  /** Null until the broker has told a balance. */
  readonly account: WorthNow | null;
  readonly profits: ReadonlyMap<PositionId, Decimal | null>;
}

export function accountWorth({ account, positions }: Frozen<SessionBook>, market: PricedMarket): AccountWorth {
  const { terms, money, equity, freeMargin, accruals } = account;
  const open = Object.values(positions.positions).filter(({ status }) => status === 'open');
  const profits = new Map(
    open.map((position) => [position.id, terms && openProfit(position, market, terms.currency)] as const),
  );
  const reported = money && { money, equity, freeMargin, accrued: accrued(accruals) };
  return { account: reported && worthOf(reported, totalProfit([...profits.values()])), profits };
}

/** What of it is another than it was; null where nothing is. */
export function changesOf(before: AccountWorth, now: AccountWorth): AccountWorth | null {
  const profits = new Map([...now.profits].filter(([id, profit]) => before.profits.get(id) !== profit));
  const account = isSame(before.account, now.account) ? null : now.account;
  return account === null && profits.size === 0 ? null : { account, profits };
}

const isSame = (left: WorthNow | null, right: WorthNow | null): boolean =>
  left?.equity === right?.equity &&
  left?.margin === right?.margin &&
  left?.marginFree === right?.marginFree &&
  left?.marginLevel === right?.marginLevel;
