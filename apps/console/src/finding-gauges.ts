import { toMs } from '@core/kernel/instant';
import { SingleFlight } from '@core/kernel/single-flight';
import { ALERT_KINDS, findingsOf, type Alert } from '@core/operations/finding';
import { withTimeout } from '@core/service/with-timeout';
import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { AccountStandings } from './accounts.ts';
import { WatchSettings } from './config.ts';

/** Services say themselves how they are: `service_ready`. */
const KINDS = ALERT_KINDS.filter((kind) => kind !== 'service');

/**
 * What needs a person, by kind: judged by the rules of the overview and of `ops status`.
 * While Postgres does not answer there are no such figures, which is not the same as nothing that needs anybody.
 */
@Injectable()
export class FindingGauges {
  private readonly timeoutMs: number;
  private readonly asked = new SingleFlight<readonly Alert[] | null>();

  constructor(
    registry: Registry,
    private readonly accounts: AccountStandings,
    { timeoutMs }: WatchSettings,
  ) {
    this.timeoutMs = timeoutMs;
    this.gauge(registry, 'console_findings', 'What needs a person, by kind', (found) => found.length);
    const oldestSeconds = (found: readonly Alert[]): number =>
      Math.max(0, ...found.flatMap(({ since }) => (since === null ? [] : [Date.now() - toMs(since)]))) / 1_000;
    this.gauge(registry, 'console_oldest_finding_seconds', 'How long the oldest of a kind has stood', oldestSeconds);
  }

  private gauge(registry: Registry, name: string, help: string, read: (found: readonly Alert[]) => number): void {
    const findings = (): Promise<readonly Alert[] | null> => this.asked.run(() => this.find());
    new Gauge({
      ...{ name, help, labelNames: ['kind'], registers: [registry] },
      async collect() {
        const all = await findings();
        this.reset();
        if (all === null) return;
        for (const kind of KINDS) this.set({ kind }, read(all.filter((finding) => finding.kind === kind)));
      },
    });
  }

  /** Null while Postgres cannot be asked. */
  private async find(): Promise<readonly Alert[] | null> {
    const { accounts, timeoutMs } = this;
    const late = (): never => {
      throw new Error('the registry cannot be read in time');
    };
    try {
      await withTimeout(accounts.refresh(), timeoutMs, late);
    } catch {
      return null;
    }
    return findingsOf({ ...accounts.sight(), services: [] });
  }
}
