import type { EventLog } from '@core/event-log/event-log';
import type { AppProcess } from '@core/machine/app-process';
import { grouped } from '../checker/grouped.ts';
import type { ToldDone } from './told-done.ts';
import type { Wishes } from './wishes.ts';

const POSITION = /^projection_position\{[^}]*\} (\d+)/gm;

/** Whether the whole system answers and has caught up. */
export class Wellness {
  constructor(
    private readonly apps: readonly AppProcess[],
    private readonly log: EventLog,
    private readonly wishes: Wishes,
    private readonly told: ToldDone,
  ) {}

  /** Everything takes what was asked after a moment, says that it is ready, and has what the log had when this was asked. */
  async isWellSince(momentMs: number): Promise<boolean> {
    if (!this.told.haveTakenSince(this.wishes.names, momentMs)) return false;
    const head = await this.log.head().catch(() => Infinity);
    const services = grouped(this.apps, ({ spec }) => spec.name);
    const well = [...services].map(async ([name, instances]) => {
      const each = await Promise.all(instances.map((app) => this.isCaughtUp(app, head)));
      return name === 'ledger' ? each.includes(true) : !each.includes(false);
    });
    return !(await Promise.all(well)).includes(false);
  }

  private async isCaughtUp(app: AppProcess, head: number): Promise<boolean> {
    if (!(await app.isReady())) return false;
    const metrics = await app.metrics().catch(() => null);
    if (metrics === null) return false;
    return [...metrics.matchAll(POSITION)].every(([, position]) => Number(position) >= head);
  }
}
