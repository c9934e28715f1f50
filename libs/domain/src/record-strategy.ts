import { lastWord, type Consents } from '@core/contracts/integration-consent';
import type { Instant } from '@core/contracts/primitives';
import { isOnBeside } from '@core/contracts/strategy-consent';
import { strategyKey } from '@core/contracts/strategy-key';
import { nothing, record, type Decide } from './decision.ts';
import { endHalfDone } from './half-done.ts';
import { isOutdated } from './sender-clock.ts';
import { unheardOf, type Strategies } from './strategy.ts';

interface Known {
  readonly consents: Consents;
  readonly strategies: Strategies;
}

/**
 * A strategy that is on under no registration keeps its position: its sender will say no more about it, and its owner
 * decides. What was said before the last word under the same registration comes too late, and changes nothing; so does
 * what was said before a later signal, where that can have come under no other.
 */
export const recordStrategy: Decide<'RecordStrategy', Known> = ({ strategies, consents }, { data }, { now }) => {
  const { enabled, ...said } = data;
  const strategy = strategies.byKey[strategyKey(said)] ?? unheardOf();
  const known = lastWord(strategy.words, said);
  const isSame = known?.enabled === enabled && known.name === said.name;
  const isOnly = (said.registrations?.length ?? 1) <= 1;
  const at = later(known?.since ?? null, isOnly ? strategy.lastSentAt : null);
  const { sentAt } = said;
  if (sentAt === undefined || at === null ? isSame : isOutdated(sentAt, now, { at, isSame })) return nothing;
  if (enabled) return record({ type: 'StrategyEnabled', data: said });
  const isLast = later(sentAt ?? null, strategy.lastSentAt) === (sentAt ?? strategy.lastSentAt);
  const ended = isLast && !isOnBeside(strategy.words, consents, said) ? endHalfDone(strategy, said) : [];
  return record(...ended, { type: 'StrategyDisabled', data: said });
};

const later = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || (other !== null && other > one) ? other : one;
