import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of this process's own, with Node's default metrics (memory, GC, event-loop lag) in it. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
