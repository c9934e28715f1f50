import { succeeds } from '@core/kernel/succeeds';
import { backoffMs } from '@core/kernel/backoff';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** Something that runs on this machine and is to go on running. */
export interface Kept {
  readonly name: string;
  isRunning(): boolean;
  /** Rejects, at the latest after a few seconds, where it runs and does not answer. */
  answers(): Promise<void>;
  /** Ends what is left of it, by force, and starts it; resolves when it answers. */
  replace(): Promise<void>;
}

export interface KeepingTimes {
  /** How often it is looked at. */
  readonly everyMs: number;
  /** So long it may be silent before it is replaced: a busy machine is slow. */
  readonly silentMs: number;
}

const USUAL: KeepingTimes = { everyMs: 1_000, silentMs: 30_000 };
const RETRIES = { minMs: 500, maxMs: 10_000 };

/** Starts again what ended by itself, replaces what runs and does not answer, and says so. */
export class Keeper {
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly kept: readonly Kept[],
    private readonly say: (line: string) => void,
    private readonly times: KeepingTimes = USUAL,
  ) {
    // Each waits on its own, and that many are no leak.
    setMaxListeners(0, this.stopping.signal);
  }

  start(): void {
    this.running = Promise.all(this.kept.map((each) => this.keep(each)));
  }

  /** From then on nothing is started any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async keep(kept: Kept): Promise<void> {
    let answeredMs = performance.now();
    while (await this.passes(this.times.everyMs)) {
      if (!kept.isRunning()) {
        this.say(`${kept.name} ended; starting it again`);
        await this.replace(kept);
      } else if (await this.hasAnswered(kept)) {
        answeredMs = performance.now();
        continue;
      } else if (performance.now() - answeredMs < this.times.silentMs) {
        continue;
      } else {
        this.say(`${kept.name} runs and does not answer; replacing it`);
        await this.replace(kept);
      }
      answeredMs = performance.now();
    }
  }

  /** False when it was stopped in the meantime. */
  private passes(ms: number): Promise<boolean> {
    const { signal } = this.stopping;
    return pause(ms, undefined, { signal }).then(
      () => !signal.aborted,
      () => false,
    );
  }

  private hasAnswered(kept: Kept): Promise<boolean> {
    return succeeds(kept.answers());
  }

  private async replace(kept: Kept): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        await kept.replace();
        this.say(`${kept.name} is ready again`);
        return;
      } catch (error) {
        const waitMs = backoffMs(RETRIES, failures);
        const why = (error instanceof Error ? error.message : String(error)).trimEnd().split('\n').at(-1);
        this.say(`${kept.name} did not start (${why}); trying again in ${waitMs} ms`);
        if (!(await this.passes(waitMs))) return;
      }
    }
  }
}
