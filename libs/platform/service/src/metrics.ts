import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { BUILD } from './build.ts';
import { openRegistryOfFigures } from './exposition.ts';

/** A registry of this process's own: which build it is, and Node's default metrics (memory, GC, event-loop lag). */
export function createMetrics(service: string): Registry {
  const registry = openRegistryOfFigures();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'build_info',
    help: 'Always 1: which build this process is, and by which Node it is run',
    labelNames: ['build', 'node'],
    registers: [registry],
  });
  build.set({ build: BUILD, node: process.versions.node }, 1);
  return registry;
}
