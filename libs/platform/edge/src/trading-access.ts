import type { AccountId, Uuid } from '@core/contracts/primitives';
import { requestSpan } from '@core/service/story-spans';
import { traceIdOf } from '@core/service/trace-context';
import { Tracing } from '@core/service/tracing';
import { Injectable, Logger } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

const OUTCOMES = ['taken', 'refused', 'unanswered', 'failed'] as const;

/** `unanswered`: the ledger said nothing in time, so nobody can say what became of it; `failed`: a fault of ours. */
export type TradingOutcome = (typeof OUTCOMES)[number];

/** A trading request that an edge was asked and has answered. */
export interface AnsweredRequest {
  /** What was asked, in the edge's own words: one of a few. */
  readonly request: string;
  readonly accountId: AccountId | null;
  /** Under which the log knows it, and all that followed: both are null where it did not come so far. */
  readonly requestId: Uuid | null;
  readonly correlationId: Uuid | null;
  readonly outcome: TradingOutcome;
  /** Why it was not taken. */
  readonly reason: string | null;
  readonly ms: number;
}

/** One line of the log and one figure for each trading request of an edge, refused ones too; where there are traces, the first step of one. */
@Injectable()
export class TradingAccess {
  private readonly log = new Logger('Access');
  private readonly requests: Counter<'outcome'>;
  /** `trace_id` is of its exemplars alone. */
  private readonly seconds: Histogram<'request' | 'outcome' | 'trace_id'>;

  constructor(
    registry: Registry,
    private readonly tracing: Tracing,
  ) {
    this.requests = new Counter({
      name: 'trading_requests_total',
      help: 'Trading requests that were answered, by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    });
    // From 0 on, so that the first of a kind is seen to be one more.
    for (const outcome of OUTCOMES) this.requests.inc({ outcome }, 0);
    this.seconds = new Histogram<'request' | 'outcome' | 'trace_id'>({
      name: 'trading_request_seconds',
      help: 'From a trading request to its answer, by what it was and what became of it',
      labelNames: ['request', 'outcome'],
      // From a slow one to its trace, where traces are collected.
      enableExemplars: tracing.isOn,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    });
  }

  answered({ ms, ...answered }: AnsweredRequest): void {
    this.requests.inc({ outcome: answered.outcome });
    this.observe(answered, ms / 1_000);
    this.trace(answered, ms);
    this.log.log({ ...answered, ms: Math.round(ms), msg: 'a trading request was answered' });
  }

  /** Where traces are collected, a figure names one of those that it counts. */
  private observe({ request, outcome, correlationId }: Omit<AnsweredRequest, 'ms'>, value: number): void {
    const labels = { request, outcome };
    if (!this.tracing.isOn) return this.seconds.observe(labels, value);
    const exemplarLabels = correlationId === null ? {} : { trace_id: traceIdOf(correlationId) };
    this.seconds.observe({ labels, value, exemplarLabels });
  }

  private trace({ request, accountId, correlationId, reason }: Omit<AnsweredRequest, 'ms'>, ms: number): void {
    if (!this.tracing.isOn || correlationId === null) return;
    const endedMs = Date.now();
    const step = { request, accountId, correlation: correlationId, failure: reason };
    this.tracing.record(requestSpan(step, { beganMs: endedMs - ms, endedMs }));
  }
}
