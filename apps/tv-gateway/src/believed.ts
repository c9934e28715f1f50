import { BoundedMap } from '@core/kernel/bounded-map';
import { Gathered } from './gathered.ts';

/** `askedMs` is by the steady clock: what is believed for a few seconds is, wherever the other one jumps. */
interface Belief<Value> {
  value: Value;
  askedMs: number;
  isUsed: boolean;
  isAskedAhead: boolean;
  /** Believed no longer, whatever its age: whoever holds it looks it up again. */
  isGone: boolean;
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
    this.beliefs = new BoundedMap(terms.max, (belief) => (belief.isGone = true));
  }

  /** At once; null where it must be asked for. */
  remembered(key: Key): Value | null {
    return this.stillOf(this.beliefs.get(key));
  }

  /** What `remembered` gives, for whoever asks for one key again and again: it is looked up when it has gone, and not each time. */
  memoryOf(key: Key): () => Value | null {
    let belief = this.beliefs.get(key);
    return () => {
      if (belief === undefined || belief.isGone) belief = this.beliefs.get(key);
      return this.stillOf(belief);
    };
  }

  private stillOf(belief: Belief<Value> | undefined): Value | null {
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
    for (const [key, { value }] of this.beliefs) if (goes(value)) this.drop(key);
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
      if (value === undefined) this.drop(key);
      else if (forgettings === this.forgettings) this.believe(key, value, askedMs);
    }
    return answers;
  }

  /** The same belief, where there is one, for those who hold it. */
  private believe(key: Key, value: Value, askedMs: number): void {
    const known = this.beliefs.get(key);
    const fresh = { value, askedMs, isUsed: false, isAskedAhead: false, isGone: false };
    this.beliefs.set(key, known ? Object.assign(known, fresh) : fresh);
  }

  private drop(key: Key): void {
    const belief = this.beliefs.get(key);
    if (belief !== undefined) belief.isGone = true;
    this.beliefs.delete(key);
  }
}
