import type { RecordedEvent } from '@core/contracts/event';
import type { RequestId } from '@core/contracts/primitives';
import { inBackground } from '@core/service/in-background';
import type { RequestAges } from './request-ages.ts';
import type { SubmitOwn } from './submit-own.ts';

interface Step {
  readonly kind: 'order' | 'close';
  readonly requestId: RequestId;
}

export interface OrderDeadlinesParts {
  /** Age at which nobody may claim a market order any more. */
  readonly maxAgeMs: number;
  readonly ages: Pick<RequestAges, 'ageMs'>;
  /** Whose claim it is. */
  readonly source: string;
  readonly submit: SubmitOwn;
}

/** After its age is over: timers may be early by a moment. */
const AFTER_MS = 20;
/** Until it is looked at again where it could not be ended. */
const AGAIN_MS = 1_000;

/**
 * Ends market orders, and closes that one follows on, that nobody has claimed in time, whether or not there is a
 * connector that could: it claims them itself once the rules refuse that, which makes the refusal their end. Those of a ledger before are left to connectors.
 */
export class OrderDeadlines {
  private readonly waiting = new Map<RequestId, NodeJS.Timeout>();

  constructor(private readonly parts: OrderDeadlinesParts) {}

  committed(event: RecordedEvent): void {
    switch (event.type) {
      case 'OrderRequested':
        if (event.data.kind === 'market') this.wait({ kind: 'order', requestId: event.data.orderId }, event);
        return;
      case 'CloseRequested':
        if (event.data.reversedBy) this.wait({ kind: 'close', requestId: event.data.requestId }, event);
        return;
      case 'RequestDispatched':
      case 'RequestExpired':
        return this.forget(event.data.requestId);
    }
  }

  stop(): void {
    for (const id of [...this.waiting.keys()]) this.forget(id);
  }

  private forget(id: RequestId): void {
    clearTimeout(this.waiting.get(id));
    this.waiting.delete(id);
  }

  private wait(step: Step, event: RecordedEvent, ms: number = this.parts.maxAgeMs + AFTER_MS): void {
    const end = (): void => inBackground('ending an order that nobody claims', this.end(step, event));
    this.waiting.set(step.requestId, setTimeout(end, ms).unref());
  }

  private async end(step: Step, event: RecordedEvent): Promise<void> {
    const { maxAgeMs, ages, source, submit } = this.parts;
    const { id, subject, time, correlationid } = event;
    try {
      if (ages.ageMs(id, time) <= maxAgeMs) return;
      const claim = { ...step, connector: source };
      await submit({ subject, correlationid, type: 'DispatchRequest', data: claim }, id);
    } finally {
      if (this.waiting.has(step.requestId)) this.wait(step, event, AGAIN_MS);
    }
  }
}
