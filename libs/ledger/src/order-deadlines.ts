import type { Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { Instant, OrderId, Uuid } from '@core/contracts/primitives';
import { inBackground } from '@core/service/in-background';
import type { RequestAges } from './request-ages.ts';

export interface OrderDeadlinesParts {
  /** Age at which nobody may claim a market order any more. */
  readonly maxAgeMs: number;
  readonly ages: Pick<RequestAges, 'ageMs'>;
  readonly now: () => Instant;
  readonly newId: () => Uuid;
  readonly source: string;
  submit(command: Command): Promise<unknown>;
}

/** After its age is over: timers may be early by a moment. */
const AFTER_MS = 20;
/** Until it is looked at again where it could not be ended. */
const AGAIN_MS = 1_000;

/**
 * Ends market orders that nobody has claimed in time, whether or not there is a connector that could: it claims them
 * itself once the rules refuse that, which makes the refusal their end. Those of a ledger before are left to connectors.
 */
export class OrderDeadlines {
  private readonly waiting = new Map<OrderId, NodeJS.Timeout>();

  constructor(private readonly parts: OrderDeadlinesParts) {}

  committed(event: RecordedEvent): void {
    switch (event.type) {
      case 'OrderRequested':
        if (event.data.kind === 'market') this.wait(event, this.parts.maxAgeMs + AFTER_MS);
        return;
      case 'RequestDispatched':
      case 'RequestExpired':
        return this.forget(event.data.requestId);
    }
  }

  stop(): void {
    for (const id of [...this.waiting.keys()]) this.forget(id);
  }

  private forget(id: OrderId): void {
    clearTimeout(this.waiting.get(id));
    this.waiting.delete(id);
  }

  private wait(event: RecordedEvent & { readonly type: 'OrderRequested' }, ms: number): void {
    const end = (): void => inBackground('ending an order that nobody claims', this.end(event));
    this.waiting.set(event.data.orderId, setTimeout(end, ms).unref());
  }

  private async end(event: RecordedEvent & { readonly type: 'OrderRequested' }): Promise<void> {
    const { maxAgeMs, ages, now, newId, source, submit } = this.parts;
    const { id, subject, time, correlationid, data } = event;
    try {
      if (ages.ageMs(id, time) <= maxAgeMs) return;
      const claim = { kind: 'order', requestId: data.orderId, connector: source } as const;
      const envelope = { commandid: newId(), source, subject, time: now(), correlationid };
      await submit({ ...envelope, type: 'DispatchRequest', data: claim });
    } finally {
      if (this.waiting.has(data.orderId)) this.wait(event, AGAIN_MS);
    }
  }
}
