import type { EventLog } from '@core/event-log/event-log';
import type { AppProcess } from '@core/machine/app-process';
import { grouped } from '../checker/grouped.ts';
import type { ToldDone } from './told-done.ts';
import type { Wishes } from './wishes.ts';

const POSITION = /^projection_position\{[^}]*\} (\d+)/gm;

/** Whether the whole system answers and has caught up. */
export class Wellness {
  /** Where the log ended after a moment: who has come so far has caught up, though the log goes on. */
  private goal = { sinceMs: NaN, head: 0 };

  constructor(
    private readonly apps: readonly AppProcess[],
    private readonly log: EventLog,
    private readonly wishes: Wishes,
    private readonly told: ToldDone,
  ) {}

  /** What keeps the system from taking what is asked after a moment and from having what the log held then; null for nothing. */
  async whyUnwellSince(momentMs: number): Promise<string | null> {
    try {
      if (this.goal.sinceMs !== momentMs) this.goal = { sinceMs: momentMs, head: await this.log.head() };
    } catch {
      return 'the log cannot be read';
    }
    const services = grouped(this.apps, ({ spec }) => spec.name);
    for (const [name, instances] of services) {
      const well = await Promise.all(instances.map((app) => this.isCaughtUp(app)));
      if (name === 'ledger' ? !well.includes(true) : well.includes(false)) return `${name} is not ready or behind`;
    }
    const silent = this.wishes.names.filter((way) => !this.told.hasTakenSince(way, momentMs));
    return silent.length === 0 ? null : `nothing was taken by ${silent.join(', ')}`;
  }

  private async isCaughtUp(app: AppProcess): Promise<boolean> {
    if (!(await app.isReady())) return false;
    const metrics = await app.metrics().catch(() => null);
    if (metrics === null) return false;
    return [...metrics.matchAll(POSITION)].every(([, position]) => Number(position) >= this.goal.head);
  }
}
