import type { AccountId, Instant } from '@core/contracts/primitives';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { factOf, type Fact } from '../fact.ts';
import type { AccountReport } from '../report.ts';

const TEXT_MAX = 512;

/** What an account is at its broker, where that differs from what the log says. */
export function accountFacts(
  account: AccountId,
  { terms, termsChanges }: BrokerBook,
  { currency, leverage, group, tradingDisabled }: AccountReport,
  at: Instant,
): Fact[] {
  const data = { currency, leverage, group: group.slice(0, TEXT_MAX), tradingDisabled };
  const isKnown =
    terms &&
    terms.currency === data.currency &&
    terms.leverage === data.leverage &&
    terms.group === data.group &&
    terms.tradingDisabled === data.tradingDisabled;
  if (isKnown) return [];
  const key = { key: 'account', ordinal: termsChanges + 1, content: data };
  return [factOf(account, { type: 'AccountUpdated', data }, key, at, null)];
}
