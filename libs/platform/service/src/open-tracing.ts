import { noTracing, type Tracing } from './tracing.ts';

/** Whoever is told what the collector or its connection complains of. */
export interface TracingLog {
  warn(about: { readonly reason: string; readonly msg: string }): void;
}

/** Nothing of OpenTelemetry’s SDK is loaded unless somebody is to be told: `collector` is OTEL_EXPORTER_OTLP_ENDPOINT. */
export async function openTracing(service: string, collector: string | undefined, log: TracingLog): Promise<Tracing> {
  if (collector === undefined) return noTracing;
  const { OpenTelemetry } = await import('./open-telemetry.ts');
  return new OpenTelemetry(service, log);
}
