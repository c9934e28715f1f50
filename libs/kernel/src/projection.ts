/**
 * A question about one account, answered by folding its recorded events in order.
 * The state is plain JSON data, so that a snapshot is its text.
 * `evolve` owns the state it is given: it may change it in place, and returns the one that counts.
 * It reads no clock and makes no ids; age is measured against the time of later events.
 * `version` names shape and meaning of the state: change either, and states are filled anew.
 */
export interface Projection<State, Recorded> {
  readonly name: string;
  readonly version: number;
  initial(): State;
  evolve(state: State, event: Recorded): State;
}

/** The state after `events`, from the beginning or from `from`. */
export function fold<State, Recorded>(
  projection: Pick<Projection<State, Recorded>, 'initial' | 'evolve'>,
  events: Iterable<Recorded>,
  from: State = projection.initial(),
): State {
  let state = from;
  for (const event of events) state = projection.evolve(state, event);
  return state;
}
