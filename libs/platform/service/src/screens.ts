import type { Showing } from '@core/contracts/showing';
import { BoundedMap } from '@core/kernel/bounded-map';
import { instantFromMs } from '@core/kernel/instant';
import { showSpan } from './story-spans.ts';
import type { Tracing } from './tracing.ts';

/** Those of the last minutes of a busy service; a megabyte or two. */
const KEPT = 20_000;

/** What of an event its showing is told by. */
export type ShownEvent = Parameters<typeof showSpan>[0];

/**
 * When readers of this process were first given what an event did. The log does not say who watched, so this is kept in
 * memory alone: of the last events, and as long as the process lives.
 */
export class Screens {
  private readonly first = new BoundedMap<number, Showing>(KEPT);

  constructor(private readonly tracing: Tracing) {}

  /** A frame, line or answer that has it was given to somebody; `where` names which. */
  show(event: ShownEvent, where: string): void {
    const nowMs = Date.now();
    const { position } = event;
    if (!this.first.has(position)) this.first.set(position, { position, at: instantFromMs(nowMs), where });
    if (this.tracing.isOn) this.tracing.record(showSpan(event, where, nowMs));
  }

  /** Of those that were shown here and are remembered. */
  of(positions: readonly number[]): readonly Showing[] {
    return positions.flatMap((position) => this.first.get(position) ?? []);
  }
}
