// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { LimitKind } from '../limit.ts';
import { event } from '../message.ts';
import { EdgeName, NonNegativeDecimal, Text, TraderId, Uuid } from '../primitives.ts';

const decision = { operator: Text, note: Text };
const stray = { messageId: Text };

/** What a halt takes away besides: what stands at the broker, or what is open too. Absent: nothing. */
export const Clearing = z.enum(['orders', 'orders-and-positions']);
export type Clearing = z.output<typeof Clearing>;

/** How long an order may be taken for a repetition of the one before. */
export const DuplicateWindowMs = z.int().min(1).max(300_000);

/** Kinds of things that operators see to beside the log. */
export const ActedOn = z.enum([
  ...['trader', 'venue', 'account', 'key', 'integration', 'delivery'],
  ...['oauth-client', 'data-client', 'data-group', 'slippage', 'projection', 'operator', 'cell', 'log'],
] as const);
export type ActedOn = z.output<typeof ActedOn>;

/** `actId` makes it one act, however often it is told; `target` is the thing's id or name, `action` one word. */
export const Act = {
  actId: Uuid,
  what: ActedOn,
  target: Text,
  action: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .max(64),
};

/** What operators decided. Their subject is one account, or the system account for all. */
export const operationsEvents = [
  /** Only cancelling, and closing by an operator, are allowed from now on. A kill switch clears what stands besides. */
  event('TradingHalted', 'ledger', { ...decision, clearing: Clearing.optional() }),
  /** The halt is over. */
  event('TradingResumed', 'ledger', decision),
  /** Whether only what cannot add risk is allowed. */
  event('CloseOnlySet', 'ledger', { ...decision, closeOnly: z.boolean() }),
  /**
   * The most that is allowed of something from now on; null lifts the limit. It holds for each account by itself.
   * `traderId`: under the system account, for the accounts of one trader.
   */
  event('LimitSet', 'ledger', {
    ...decision,
    traderId: TraderId.nullable(),
    limit: LimitKind,
    allowed: NonNegativeDecimal.nullable(),
  }),
  /**
   * The same order of the account again, in instrument, side and volume, is refused when it comes by this edge within so
   * many milliseconds; null takes that back.
   */
  event('DuplicateGuardSet', 'ledger', { ...decision, edge: EdgeName, windowMs: DuplicateWindowMs.nullable() }),
  /**
   * Whether what is asked by this edge from now on, by any edge where it is null, is decided and recorded and not traded.
   * What operators ask is traded.
   */
  event('ShadowSet', 'ledger', { ...decision, edge: EdgeName.nullable(), shadow: z.boolean() }),
  /** An intake message that could not be recorded: unreadable, or an id reused for other content. */
  event('MessageQuarantined', 'ledger', {
    ...stray,
    reason: z.enum(['malformed', 'same-id-other-content']),
    detail: Text,
  }),
  /** An operator lets the quarantined message in after all. */
  event('MessageReleased', 'ledger', { ...stray, ...decision }),
  /** An operator handed in what the quarantined message should have been: these events. The message itself is kept. */
  event('MessageReplaced', 'ledger', { ...stray, ...decision, eventIds: z.array(Uuid).min(1).max(200) }),
  /** An operator decides that the quarantined message is never recorded. */
  event('MessageSkipped', 'ledger', { ...stray, ...decision }),
  /** What an operator did that no other event tells: a change of the registry, mostly. Never a secret. */
  event('OperatorActed', 'ledger', { ...decision, ...Act }, 2),
] as const;
