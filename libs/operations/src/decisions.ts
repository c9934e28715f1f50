import type { EventType } from '@core/contracts/event';

/** What people decided, each with who, when and why: what an audit reads. */
export const DECISIONS: readonly EventType[] = [
  ...(['TradingHalted', 'TradingResumed', 'CloseOnlySet', 'LimitSet', 'DuplicateGuardSet', 'ShadowSet'] as const),
  ...(['RequestResolved', 'MessageReleased', 'MessageReplaced', 'MessageSkipped'] as const),
  ...(['OperatorActed', 'AccountRegistered', 'AccountMoveBegun', 'AccountMoveTakenBack', 'ArrivalExpected'] as const),
];
