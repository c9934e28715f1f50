import { BoundedMap } from '@core/kernel/bounded-map';
import { Gathered } from './gathered.ts';

/** `askedMs` is by the steady clock: what is believed for a few seconds is, wherever the other one jumps. */
interface Belief<Value> {
  readonly value: Value;
  readonly askedMs: number;
  isUsed: boolean;
  isAskedAhead: boolean;
}

export interface BeliefTerms {
  /** For how long an answer is believed; 0 is not at all. */
  readonly lifetimeMs: number;
  /** Most answers that are kept. */
  readonly max: number;
}

/**
 * What is believed for a while, and asked for again in the second half of it where it is used all the time: nobody waits
 * for the answer, and an end is heard sooner. All that are used are asked for together, so that the store hears a few
 * questions in each lifetime, however many there are. What does not exist is not remembered: guesses cost no memory.
 */
export class Believed<Key, Value> {
  private readonly beliefs: BoundedMap<Key, Belief<Value>>;
  private readonly questions = new Gathered<Key, Value>((keys) => this.look(keys));
  private forgettings = 0;

  /** `question` gives what the store has of some keys. */
  constructor(
    private readonly terms: BeliefTerms,
    private readonly question: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
  ) {
    this.beliefs = new BoundedMap(terms.max);
  }

  /** At once; null where it must be asked for. */
  remembered(key: Key): Value | null {
    const belief = this.beliefs.get(key);
    if (belief === undefined) return null;
    const ageMs = performance.now() - belief.askedMs;
    const { lifetimeMs } = this.terms;
    if (ageMs >= lifetimeMs) return null;
    belief.isUsed = true;
    if (ageMs >= lifetimeMs / 2 && !belief.isAskedAhead) this.askAhead();
    return belief.value;
  }

  /** As the store has it now; null where it has none. Rejects where it could not be asked. */
  ask(key: Key): Promise<Value | null> {
    return this.questions.ask(key);
  }

  /** Those for which `goes` holds, or all; what was read before does not outlive it. */
  forget(goes: (value: Value) => boolean = () => true): void {
    this.forgettings += 1;
    for (const [key, { value }] of this.beliefs) if (goes(value)) this.beliefs.delete(key);
  }

  /** All that are used and would be due within a quarter. A failure is left to whoever asks when the time is over. */
  private askAhead(): void {
    const askedBefore = performance.now() - this.terms.lifetimeMs / 4;
    const due: Key[] = [];
    for (const [key, belief] of this.beliefs) {
      if (!belief.isUsed || belief.isAskedAhead || belief.askedMs > askedBefore) continue;
      belief.isAskedAhead = true;
      due.push(key);
    }
    this.look(due).catch(() => undefined);
  }

  private async look(keys: readonly Key[]): Promise<ReadonlyMap<Key, Value>> {
    const { forgettings } = this;
    const askedMs = performance.now();
    const answers = await this.question(keys);
    for (const key of keys) {
      const value = answers.get(key);
      if (value === undefined) this.beliefs.delete(key);
      else if (forgettings === this.forgettings)
        this.beliefs.set(key, { value, askedMs, isUsed: false, isAskedAhead: false });
    }
    return answers;
  }
}
