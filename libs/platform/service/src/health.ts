import type { Readiness } from '@core/contracts/readiness';
import { withTimeout } from './with-timeout.ts';

type CheckResult = Readiness['checks'][string];

/** Throws (or rejects) while the thing is not ready; the error's message is the reason shown to operators. */
export type ReadinessCheck = () => void | Promise<void>;

/**
 * Whether this process may be given work. Parts of an app register their checks by name (`postgres`, `nats`,
 * `caught-up`) and read the rest nowhere. Until `started()` and from `stopping()` on, the process itself is not ready.
 */
export class Health {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly notes: (() => string | null)[] = [];
  /** By name, on the steady clock. */
  private readonly lastUpMs = new Map<string, number>();
  private phase: 'starting' | 'started' | 'stopping' = 'starting';
  private waitsFor: string | null = null;

  constructor(
    private readonly timeoutMs: number,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {}

  register(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new Error(`readiness check ${name} is registered twice`);
    this.checks.set(name, check);
  }

  /** Says something beside the checks while `note` gives more than null. */
  note(note: () => string | null): void {
    this.notes.push(note);
  }

  /** What the start waits for, however long that takes, as operators are told it; null once it goes on. */
  waiting(what: string | null): void {
    this.waitsFor = what;
  }

  started(): void {
    if (this.phase === 'starting') this.phase = 'started';
  }

  stopping(): void {
    this.phase = 'stopping';
  }

  /** Asks every check at once, each within the time limit. */
  async readiness(): Promise<Readiness> {
    const named: [string, ReadinessCheck][] = [['process', () => this.requireStarted()], ...this.checks];
    const answers = await Promise.all(named.map(async ([name, check]) => [name, await this.ask(name, check)] as const));
    const ready = answers.every(([, { status }]) => status === 'up');
    const notes = this.notes.map((note) => note()).filter((note) => note !== null);
    return {
      status: ready ? 'ok' : 'error',
      checks: Object.fromEntries(answers),
      ...(notes.length > 0 && { notes }),
    };
  }

  private requireStarted(): void {
    if (this.phase === 'starting') throw new Error(this.waitsFor ?? this.phase);
    if (this.phase !== 'started') throw new Error(this.phase);
  }

  private async ask(name: string, check: ReadinessCheck): Promise<CheckResult> {
    try {
      await withTimeout(Promise.resolve().then(check), this.timeoutMs, () => {
        throw new Error(`no answer within ${this.timeoutMs} ms`);
      });
      this.lastUpMs.set(name, this.steadyMs());
      return { status: 'up' };
    } catch (error) {
      const lastUpMs = this.lastUpMs.get(name);
      return {
        status: 'down',
        reason: error instanceof Error ? error.message : String(error),
        lastUpMsAgo: lastUpMs === undefined ? null : Math.round(this.steadyMs() - lastUpMs),
      };
    }
  }
}
