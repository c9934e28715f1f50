import type { BalanceOperation } from '@core/contracts/events/account';
import type { AccountId, Decimal, Instant, TraderId, Uuid } from '@core/contracts/primitives';
import { ZERO } from '@core/kernel/decimal';
import type { Account, Operation } from './root-models.ts';

/** When and in which process something happened. */
export interface Change {
  readonly at: Instant;
  readonly correlationId: Uuid;
}

/** An account as its events tell it. What the broker has not told yet is null. */
export interface AccountFacts {
  readonly id: AccountId;
  readonly traderId: TraderId;
  readonly terms: {
    readonly currency: string;
    readonly leverage: Decimal | null;
    readonly group: string;
    readonly tradingDisabled: boolean;
  } | null;
  readonly balance: Decimal | null;
  /** An operator stopped it. */
  readonly halted: boolean;
  readonly created: Change;
  readonly updated: Change;
}

/** `stopOutPercent` is the broker's, and no event says it. What is not known yet is an empty text or zero. */
export const accountModelOf = (facts: AccountFacts, stopOutPercent: Decimal): Account => ({
  id: facts.id,
  trader_id: facts.traderId,
  currency: facts.terms?.currency ?? '',
  balance: facts.balance ?? ZERO,
  trading_disabled: facts.halted || (facts.terms?.tradingDisabled ?? false),
  leverage: facts.terms?.leverage ?? ZERO,
  trading_group: facts.terms?.group ?? '',
  stop_out: stopOutPercent,
  create_date: facts.created.at,
  last_update_date: facts.updated.at,
  last_update_process_id: facts.updated.correlationId,
  create_process_id: facts.created.correlationId,
  metadata: {},
});

const OPERATION_TYPES = {
  trading: 'Trading',
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  credit: 'BalanceCorrection',
  correction: 'BalanceCorrection',
} as const satisfies Record<BalanceOperation['type'], string>;

export const operationModelOf = (
  id: Uuid,
  account: Pick<AccountFacts, 'id' | 'traderId'>,
  { type, delta, reference, comment }: BalanceOperation,
  change: Change,
): Operation => ({
  id,
  trader_id: account.traderId,
  account_id: account.id,
  operation_type: OPERATION_TYPES[type],
  process_id: change.correlationId,
  delta,
  date_time_unix_ms: change.at,
  comment,
  reference_operation_id: reference,
});
