import { strategyKey } from '@core/contracts/strategy-key';
import { nothing, record, type Decide } from './decision.ts';
import { endHalfDone } from './half-done.ts';
import { isOutdated } from './sender-clock.ts';
import type { Strategies } from './strategy.ts';

/**
 * A disabled strategy keeps its position: its sender will say no more about it, and its owner decides.
 * What was said before the last that was heard of the strategy comes too late, and changes nothing.
 */
export const recordStrategy: Decide<'RecordStrategy', { readonly strategies: Strategies }> = (
  { strategies: { byKey } },
  { data },
  { now },
) => {
  const { enabled, ...strategy } = data;
  const known = byKey[strategyKey(strategy)];
  const isSame = known?.enabled === enabled && known.name === strategy.name;
  const at = known?.lastSentAt ?? null;
  const { sentAt } = strategy;
  if (sentAt === undefined || at === null ? isSame : isOutdated(sentAt, now, { at, isSame })) return nothing;
  if (enabled) return record({ type: 'StrategyEnabled', data: strategy });
  return record(...endHalfDone(known, strategy), { type: 'StrategyDisabled', data: strategy });
};
