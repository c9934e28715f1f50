import { setImmediate } from 'node:timers/promises';
import { withTimeout } from '@core/service/with-timeout';

/** For so long the next question waits for the answer to the one before it. */
const PATIENCE_MS = 250;

interface Question<Key, Value> {
  readonly keys: Set<Key>;
  readonly answers: Promise<ReadonlyMap<Key, Value>>;
}

/**
 * What is asked for in the same turn of the event loop, and all that is asked for while another question is out, is one
 * question: two thousand askers are one to a database, or two where it is slower than they come.
 */
export class Gathered<Key, Value> {
  private next: Question<Key, Value> | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** `put` answers what there is; rejects where it cannot. */
  constructor(private readonly put: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {}

  /** Null where there is none; rejects where that could not be asked. What was asked before is never an answer to it. */
  async ask(key: Key): Promise<Value | null> {
    const { keys, answers } = (this.next ??= this.gather());
    keys.add(key);
    return (await answers).get(key) ?? null;
  }

  private gather(): Question<Key, Value> {
    const keys = new Set<Key>();
    const answers = this.turn().then(() => {
      this.next = null;
      return this.put([...keys]);
    });
    this.last = answers.catch(() => undefined);
    return { keys, answers };
  }

  /** A question that hangs holds up those after it for a moment only: each fails by itself. */
  private async turn(): Promise<void> {
    await Promise.all([setImmediate(), withTimeout(this.last, PATIENCE_MS, () => undefined)]);
  }
}
