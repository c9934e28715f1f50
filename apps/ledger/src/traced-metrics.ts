import type { AppendBatch, Appended } from '@core/event-log/event-log';
import type { LedgerMetrics } from '@core/ledger/ledger-metrics';
import { commitSpan, stepsAmong } from '@core/service/story-spans';
import type { Tracing } from '@core/service/tracing';

/** What is watched of the ledger, and every event that it committed told to whoever collects traces. */
export const tracedMetrics = (metrics: LedgerMetrics, tracing: Tracing): LedgerMetrics =>
  tracing.isOn ? new TracedMetrics(metrics, tracing) : metrics;

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
