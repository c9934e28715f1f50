import { backoffMs } from '@core/kernel/backoff';
import { processName } from '@core/kernel/process-name';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppProcess, serviceLogFile, READY_TIMEOUT_MS, type AppSpec } from './app-process.ts';
import { Keeper, type Kept, type KeepingTimes } from './keeper.ts';
import { within } from './within.ts';

/** Who ended because a server was away is wanted as soon as it is back. */
const RESTARTS = { minMs: 250, maxMs: 2_000 };
/** An app that ran this long was healthy: its next restart waits no longer than the first. */
const HEALTHY_AFTER_MS = 30_000;

/** An app that computes answers late; one that says nothing for so long hangs. */
const KEEPING: KeepingTimes = { everyMs: 5_000, silentMs: 60_000 };

/**
 * Runs apps as processes, restarts those that end by themselves, replaces those that hang, and stops all in reverse order
 * of starting.
 */
export class Supervisor {
  private readonly apps: AppProcess[] = [];
  private readonly keepers: Keeper[] = [];
  /** What a keeper is replacing, and will say so. */
  private readonly replacing = new Set<AppProcess>();
  private stopping = false;

  constructor(
    private readonly logs: string,
    private readonly say: (line: string) => void,
    private readonly keeping: KeepingTimes = KEEPING,
  ) {
    mkdirSync(logs, { recursive: true });
  }

  /** Starts them together; resolves when each says that it is ready. Throws `AppFailed`. */
  async start(...specs: readonly AppSpec[]): Promise<readonly AppProcess[]> {
    const started = this.launch(specs);
    await Promise.all(started.map((app) => this.ready(app)));
    this.keepUp(started);
    return started;
  }

  /** Starts those that are ready only when they take over from another, and are kept running until then and after. */
  standBy(...specs: readonly AppSpec[]): readonly AppProcess[] {
    const started = this.launch(specs);
    this.keepUp(started);
    return started;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.keepers.splice(0).map((keeper) => keeper.stop()));
    for (const app of this.apps.splice(0).reverse()) await app.stop();
  }

  private launch(specs: readonly AppSpec[]): readonly AppProcess[] {
    const started = specs.map((spec) => new AppProcess(spec, this.logFileOf(spec)));
    this.apps.push(...started);
    for (const app of started) this.keepRunning(app).catch((error) => this.say(`${processName(app.spec)}: ${error}`));
    return started;
  }

  private keepUp(started: readonly AppProcess[]): void {
    const keeper = new Keeper(
      started.map((app) => this.kept(app)),
      this.say,
      this.keeping,
    );
    this.keepers.push(keeper);
    keeper.start();
  }

  /** One that has ended is started again by `keepRunning`, which hears of it at once. */
  private kept(app: AppProcess): Kept {
    return {
      name: processName(app.spec),
      isRunning: () => true,
      answers: () => app.answers(),
      replace: async () => {
        this.replacing.add(app);
        try {
          await app.crash();
          await this.ready(app);
        } finally {
          this.replacing.delete(app);
        }
      },
    };
  }

  private async ready(app: AppProcess): Promise<void> {
    if (!(await within(READY_TIMEOUT_MS, () => app.isReady()))) throw app.failure();
  }

  private async keepRunning(app: AppProcess): Promise<void> {
    for (let failures = 1; !this.stopping; failures += 1) {
      const startedAt = performance.now();
      const life = app.launch().catch(String);
      if (app.starts > 1 && !this.replacing.has(app)) this.tellWhenReady(app);
      const how = await life;
      if (this.stopping) return;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) failures = 1;
      const pauseMs = backoffMs(RESTARTS, failures);
      this.say(
        `${processName(app.spec)} ended (${how}); starting it again in ${pauseMs} ms, see ${this.logFileOf(app.spec)}`,
      );
      await pause(pauseMs);
    }
  }

  /** Where it ends instead, that is told too. */
  private tellWhenReady(app: AppProcess): void {
    app.ready().then(
      () => this.say(`${processName(app.spec)} is ready again`),
      () => undefined,
    );
  }

  private logFileOf = (spec: AppSpec): string => join(this.logs, serviceLogFile(spec));
}
