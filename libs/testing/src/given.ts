import type { Event, EventBody, RecordedEvent } from '@core/contracts/event';
import { recorded } from '@core/contracts/examples.fixture';
import { fold } from '@core/kernel/projection';
import type { Refusal, RefusalReason } from '@core/contracts/refusal';

/** Rules as specs see them: what a history makes of the state, and what the state makes of an input. */
export interface Rules<State, Input> {
  initial(): State;
  evolve(state: State, event: RecordedEvent): void;
  decide(state: State, input: Input): { readonly events: readonly EventBody[]; readonly refusal: Refusal | null };
}

/**
 * `given(rules, history).when(input)`, then one of
 * * `.then(events)`: exactly these are decided, and nothing is refused;
 * * `.thenRefused(reason, events)`: refused, and nothing is recorded besides `events`;
 * * `.thenNothing()`: neither, for it was true already.
 *
 * Deciding must not change the state: every expectation checks that too.
 */
export function given<State, Input>(rules: Rules<State, Input>, history: readonly Event[]) {
  const state = fold(rules, recorded(history));
  return {
    when(input: Input) {
      const decide = () => {
        const before = JSON.stringify(state);
        const { events, refusal } = rules.decide(state, input);
        expect(JSON.stringify(state)).toBe(before);
        return { events, refusal: refusal?.reason ?? null };
      };
      return {
        then: (events: readonly EventBody[]) => expect(decide()).toEqual({ events, refusal: null }),
        thenRefused: (refusal: RefusalReason, events: readonly EventBody[] = []) =>
          expect(decide()).toEqual({ events, refusal }),
        thenNothing: () => expect(decide()).toEqual({ events: [], refusal: null }),
      };
    },
  };
}
