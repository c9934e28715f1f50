// Stored for good: never edit a shape here; add a schema version and an upcaster.
import { z } from 'zod';
import { CellName } from '../cell.ts';
import { event } from '../message.ts';
import { AccountId, Text, Uuid } from '../primitives.ts';

const decision = { operator: Text, note: Text };

/** An account on its way from the log of one cell to that of another. Both logs have the same of it, in the same order. */
export const moveEvents = [
  /** From now on nothing new is asked of the account; what was asked comes to its end. */
  event('AccountMoveBegun', 'ledger', { ...decision, moveId: Uuid, from: CellName, to: CellName }),
  /** The last of the account in the log that it leaves: the other one goes on after it. */
  event('AccountDeparted', 'ledger', { moveId: Uuid, to: CellName }),
  /** The account is at home in this log from now on, which has all that the other one had of it. */
  event('AccountArrived', 'ledger', { moveId: Uuid, from: CellName }),
  /** It stays where it was: nothing went on elsewhere. */
  event('AccountMoveTakenBack', 'ledger', { ...decision, moveId: Uuid }),
  /**
   * Under the system account: whether this log is being given the past of an account of another cell. As long as it is,
   * nothing else is recorded of that account.
   */
  event('ArrivalExpected', 'ledger', {
    ...decision,
    moveId: Uuid,
    accountId: AccountId,
    from: CellName,
    expected: z.boolean(),
  }),
] as const;
