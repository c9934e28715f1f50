import type { RecordedEvent } from '@core/contracts/event';
import type { Instant, Uuid } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import { toMs } from '@core/kernel/instant';

/** By far more than can be on their way at once. */
const KEPT = 50_000;

/**
 * How old requests are, by a clock that only goes forward for those this process has committed itself. Of others only
 * their written times are known; one of the future was written by a clock that was wrong, and counts as old as it is far.
 */
export class RequestAges {
  private readonly since = new BoundedMap<Uuid, number>(KEPT);

  constructor(
    private readonly steadyMs: () => number,
    private readonly now: () => Instant,
  ) {}

  committed({ id, type }: RecordedEvent): void {
    if (type.endsWith('Requested')) this.since.set(id, this.steadyMs());
  }

  /** Of the request that this event asked for, at this time. */
  ageMs(askedBy: Uuid, askedAt: Instant): number {
    const since = this.since.get(askedBy);
    return since === undefined ? Math.abs(toMs(this.now()) - toMs(askedAt)) : this.steadyMs() - since;
  }
}
