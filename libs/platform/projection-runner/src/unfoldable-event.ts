import type { RecordedEvent } from '@core/contracts/event';

/** A fold cannot take what the log holds: a bug of the fold. */
export class UnfoldableEvent extends Error {
  readonly code = 'unfoldable-event';

  constructor(fold: string, { position }: RecordedEvent, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${fold} at position ${position}: ${why}`, { cause });
  }
}

/** What a fold makes of an event; whatever it throws becomes an `UnfoldableEvent`. */
export function folding<Made>(fold: string, event: RecordedEvent, work: () => Made): Made {
  try {
    return work();
  } catch (cause) {
    throw new UnfoldableEvent(fold, event, cause);
  }
}
