import type { AppendBatch, Appended } from '@core/event-log/event-log';
import type { LedgerMetrics } from '@core/ledger/ledger-metrics';
import type { LedgerPorts } from '@core/ledger/ledger-core';
import { commitSpan, decisionSpan, stepsAmong } from '@core/service/story-spans';
import { spanIdOf } from '@core/service/trace-context';
import type { Tracing } from '@core/service/tracing';

/** What is watched of the ledger, and every event that it committed told to whoever collects traces. */
export const tracedMetrics = (metrics: LedgerMetrics, tracing: Tracing): LedgerMetrics =>
  tracing.isOn ? new TracedMetrics(metrics, tracing) : metrics;

/** What the ledger commands itself, told to whoever collects traces: its events name it as what led to them. */
export const tracedCommands = (tracing: Tracing): LedgerPorts['commanding'] =>
  tracing.isOn
    ? (command, cause) => {
        const [beganMs, after] = [Date.now(), cause === null ? null : spanIdOf(cause)];
        return (answer) => tracing.record(decisionSpan(command, after, answer, { beganMs, endedMs: Date.now() }));
      }
    : undefined;

class TracedMetrics implements LedgerMetrics {
  constructor(
    private readonly metrics: LedgerMetrics,
    private readonly tracing: Tracing,
  ) {}

  committing(batch: AppendBatch): (appended: Appended, head: number) => void {
    const beganMs = Date.now();
    const committed = this.metrics.committing(batch);
    return (appended, head) => {
      committed(appended, head);
      const endedMs = Date.now();
      for (const event of stepsAmong(appended.recorded)) this.tracing.record(commitSpan(event, { beganMs, endedMs }));
    };
  }

  decided(...decision: Parameters<LedgerMetrics['decided']>): void {
    this.metrics.decided(...decision);
  }
}
