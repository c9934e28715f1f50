// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { event } from '../message.ts';
import { Text } from '../primitives.ts';

const decision = { operator: Text, note: Text };
const stray = { messageId: Text };

/** What operators decided. Their subject is one account, or the system account for all. */
export const operationsEvents = [
  /** Only cancelling, and closing by an operator, are allowed from now on. */
  event('TradingHalted', 'ledger', decision),
  /** The halt is over. */
  event('TradingResumed', 'ledger', decision),
  /** Whether only what cannot add risk is allowed. */
  event('CloseOnlySet', 'ledger', { ...decision, closeOnly: z.boolean() }),
  /** An intake message that could not be recorded: unreadable, or an id reused for other content. */
  event('MessageQuarantined', 'ledger', {
    ...stray,
    reason: z.enum(['malformed', 'same-id-other-content']),
    detail: Text,
  }),
  /** An operator lets the quarantined message in after all. */
  event('MessageReleased', 'ledger', { ...stray, ...decision }),
  /** An operator decides that the quarantined message is never recorded. */
  event('MessageSkipped', 'ledger', { ...stray, ...decision }),
] as const;
