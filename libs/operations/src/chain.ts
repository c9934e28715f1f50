import type { RecordedEvent } from '@core/contracts/event';

/** One event and what it led to. */
export interface ChainLink {
  readonly event: RecordedEvent;
  readonly led: readonly ChainLink[];
}

/** Roots are events whose cause is none of them: what people asked for, and what happened by itself. */
export function causesOf(chain: readonly RecordedEvent[]): ChainLink[] {
  const causes = new Map(chain.map((event) => [event.id, { event, led: [] as ChainLink[] }]));
  const roots: ChainLink[] = [];
  for (const cause of causes.values()) (causes.get(cause.event.causationid ?? '')?.led ?? roots).push(cause);
  return roots;
}
