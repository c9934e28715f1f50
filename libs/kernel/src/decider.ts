import type { Result } from './result.ts';

/**
 * The rules of one thing: what may be asked of it, and what its past makes of it.
 * Pure: no clock, no id, no I/O. A repeated input adds no events.
 */
export interface Decider<State, Input, Decided, Recorded, Refusal> {
  readonly initial: State;
  decide(state: State, input: Input): Result<readonly Decided[], Refusal>;
  evolve(state: State, event: Recorded): State;
}
