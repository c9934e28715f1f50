// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { message } from '../message.ts';
import { RequestId, Text } from '../primitives.ts';
import { RequestKind } from './request.ts';

const decision = { operator: Text, note: Text };
const stray = { messageId: Text };

/** What operators decided. Their subject is one account, or the system account for all. */
export const operationsEvents = [
  /** Only cancelling, and closing by an operator, are allowed from now on. */
  message('TradingHalted', decision),
  /** The halt is over. */
  message('TradingResumed', decision),
  /** Whether only what cannot add risk is allowed. */
  message('CloseOnlySet', { ...decision, closeOnly: z.boolean() }),
  /** An operator looked at the broker and settles an unknown outcome of any kind of request. */
  message('OrderResolvedByOperator', { ...decision, kind: RequestKind, requestId: RequestId, executed: z.boolean() }),
  /** An intake message that could not be recorded: unreadable, or an id reused for other content. */
  message('MessageQuarantined', { ...stray, reason: z.enum(['malformed', 'same-id-other-content']), detail: Text }),
  /** An operator lets the quarantined message in after all. */
  message('MessageReleased', { ...stray, ...decision }),
  /** An operator decides that the quarantined message is never recorded. */
  message('MessageSkipped', { ...stray, ...decision }),
] as const;
