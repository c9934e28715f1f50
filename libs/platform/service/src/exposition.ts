import { Registry, type RegistryContentType } from 'prom-client';

/** A registry whose figures may lead to traces: that is written in OpenMetrics alone. */
export function openRegistryOfFigures(): Registry {
  const registry = new Registry();
  (registry as Registry<RegistryContentType>).setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** Figures of such a registry as whoever asks can read them; `accept` is the header of that name. */
export async function expositionOf(
  registry: Registry,
  accept: string | undefined,
): Promise<{ readonly type: string; readonly body: string }> {
  const body = await registry.metrics();
  if (accept?.includes('application/openmetrics-text')) return { type: Registry.OPENMETRICS_CONTENT_TYPE, body };
  return { type: Registry.PROMETHEUS_CONTENT_TYPE, body: plain(body) };
}

/** The older form: without traces and an end, and with counters that are called as their samples are. */
function plain(open: string): string {
  const counters = new Set([...open.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name));
  return open
    .replace(/^# EOF\n/m, '')
    .replace(/^([^#\n].*?) # \{.*$/gm, '$1')
    .replace(/^# (?:HELP|TYPE) (\S+)/gm, (line, name: string) => (counters.has(name) ? `${line}_total` : line));
}
