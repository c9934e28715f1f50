import {
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  RandomIdGenerator,
  type IdGenerator,
} from '@opentelemetry/sdk-trace-node';
import { BUILD } from './build.ts';
import type { TracingLog } from './open-tracing.ts';
import { traceIdOf } from './trace-context.ts';
import { Tracing, type Span, type SpanId } from './tracing.ts';

const KINDS: Readonly<Record<Span['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** The next span gets the ids that the log gives it, and one by chance where it gives none. */
class GivenIds implements IdGenerator {
  traceId = '';
  spanId: SpanId | null = null;
  private readonly chance = new RandomIdGenerator();

  generateTraceId(): string {
    return this.traceId;
  }

  generateSpanId(): SpanId {
    return this.spanId ?? this.chance.generateSpanId();
  }
}

/** Tells a collector by OTLP over HTTP; where and how stands in OpenTelemetry's own variables, which its SDK reads. */
export class OpenTelemetry extends Tracing {
  override readonly isOn = true;
  private readonly ids = new GivenIds();
  private readonly provider: NodeTracerProvider;
  private readonly tracer: Tracer;

  constructor(service: string, log: TracingLog) {
    super();
    const said = (msg: string): void => log.warn({ reason: msg, msg: 'traces' });
    const quiet = (): void => undefined;
    diag.setLogger({ error: said, warn: said, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({
        ...{ 'service.namespace': 'trading-core', 'service.name': service, 'service.version': BUILD },
        'service.instance.id': `${service}-${process.pid}`,
      }),
      idGenerator: this.ids,
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    this.tracer = this.provider.getTracer('trading-core', BUILD);
  }

  override record({ name, kind, correlation, id, after, beganMs, endedMs, attributes, failure }: Span): void {
    const traceId = traceIdOf(correlation);
    this.ids.traceId = traceId;
    this.ids.spanId = id;
    const context =
      after === null
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId,
            spanId: after,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          });
    const span = this.tracer.startSpan(name, { kind: KINDS[kind], startTime: beganMs, attributes }, context);
    if (failure !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    span.end(Math.max(beganMs, endedMs));
  }

  override close(): Promise<void> {
    return this.provider.shutdown();
  }
}
