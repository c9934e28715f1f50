/**
 * A question answered by folding recorded events.
 * `version` names the shape and meaning of the state: change either and the state is filled anew.
 * `evolve` may return the state it was given, changed in place, where the projection says so; it never reads a clock.
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
