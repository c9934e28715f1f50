/** Beyond this a witness, or the agreed time itself, has jumped: clocks that are kept right differ by far less. */
export const JUMP_MS = 2_000;

/**
 * What time it is, by several clocks of which any one may jump. Each is heard as its distance from a clock that only goes
 * forward; their median is believed, so that one of them moves nothing, and where they are of two minds the time stays as
 * near as it can to what was believed before.
 */
export class AgreedTime {
  private readonly distances = new Map<string, number>();
  private believed: number | null = null;

  /**
   * A witness says that it is `sayingMs` since the epoch. `steadyMs` is the same moment on the clock that only goes
   * forward. Returns by how much the agreed time jumped because of it; null when it did not.
   */
  hear(witness: string, sayingMs: number, steadyMs: number): number | null {
    this.distances.set(witness, sayingMs - steadyMs);
    const before = this.believed;
    this.believed = agreedOn([...this.distances.values()], before);
    const leap = before === null ? 0 : this.believed - before;
    return Math.abs(leap) > JUMP_MS ? leap : null;
  }

  /** Milliseconds since the epoch, at a moment of the clock that only goes forward. Somebody was heard before. */
  at(steadyMs: number): number {
    return steadyMs + (this.believed ?? 0);
  }

  /** How far a witness is ahead of what is believed, as of when it was last heard; 0 while it never was. */
  ahead(witness: string): number {
    return (this.distances.get(witness) ?? this.believed ?? 0) - (this.believed ?? 0);
  }
}

function agreedOn(distances: number[], before: number | null): number {
  distances.sort((left, right) => left - right);
  const upper = distances[distances.length >> 1] ?? 0;
  const lower = distances[(distances.length - 1) >> 1] ?? upper;
  return before === null || upper - before < before - lower ? upper : lower;
}
