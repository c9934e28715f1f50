import type { Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { Projection } from '@core/kernel/projection';
import { refuse, type Decision, type DecisionContext, type Restrictions } from './decision.ts';

/** What the rules need to know of one account, and nothing else. Plain JSON; `accountAggregate` changes it in place. */
export interface AccountAggregate {
  risk: Restrictions;
}

export const accountAggregate: Projection<AccountAggregate, RecordedEvent> = {
  name: 'account-aggregate',
  version: 1,
  initial: () => ({ risk: { halted: false, closeOnly: false } }),
  evolve: (state) => state,
};

/**
 * What one command comes to, for the account it names (`command.subject`) or for the whole system.
 * `state` is the aggregate of that account. A repeated command adds no events.
 */
export function decideCommand(_state: AccountAggregate, _command: Command, _context: DecisionContext): Decision {
  return refuse('unknown-account');
}
