import type { Readiness } from '@core/contracts/readiness';
import { SingleFlight } from '@core/kernel/single-flight';
import { Gauge, type Registry } from 'prom-client';
import type { Health } from './health.ts';

/** Shows as figures what `/health/ready` says: whether this process may be given work, and each check behind that. */
export function gaugeReadiness(registry: Registry, health: Health): void {
  // Both figures of one scrape are of one question.
  const asked = new SingleFlight<Readiness>();
  const readiness = (): Promise<Readiness> => asked.run(() => health.readiness());
  const registers = [registry];
  new Gauge({
    name: 'service_ready',
    help: '1 while this process may be given work',
    registers,
    async collect() {
      this.set((await readiness()).status === 'ok' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'service_check_up',
    help: '1 while this check of the readiness is up',
    labelNames: ['check'],
    registers,
    async collect() {
      const { checks } = await readiness();
      for (const [check, { status }] of Object.entries(checks)) this.set({ check }, status === 'up' ? 1 : 0);
    },
  });
}
