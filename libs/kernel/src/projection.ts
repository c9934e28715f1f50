/**
 * A question about one account, answered by folding its recorded events in order.
 * The state is plain JSON data, so that a snapshot is its text.
 * `evolve` changes the state it is given, in place: nobody else may be looking at it.
 * It reads no clock and makes no ids; age is measured against the time of later events.
 * `version` names shape and meaning of the state: change either, and states are filled anew.
 */
export interface Projection<State, Recorded> {
  readonly name: string;
  readonly version: number;
  initial(): State;
  evolve(state: State, event: Recorded): void;
}

/** The state after `events`, from the beginning or from `from`, which becomes it. */
export function fold<State, Recorded>(
  projection: Pick<Projection<State, Recorded>, 'initial' | 'evolve'>,
  events: Iterable<Recorded>,
  from: State = projection.initial(),
): State {
  for (const event of events) projection.evolve(from, event);
  return from;
}
