/**
 * Which ids were seen, in a memory that does not grow: one that was is never denied. The fuller it is the more of the
 * others are taken for seen too, so what follows from "seen" must be right for them as well. Ids are UUIDs.
 */
export class SeenIds {
  private readonly bytes: Uint8Array;

  /** Empty and of this many bytes, or one that was kept. */
  constructor(bytes: number | Uint8Array) {
    this.bytes = typeof bytes === 'number' ? new Uint8Array(bytes) : bytes;
  }

  /** Which bytes of the filter say more than before. */
  add(id: string): readonly number[] {
    const changed = this.bitsOf(id).filter((bit) => !this.has(bit));
    for (const bit of changed) this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] ?? 0) | (1 << (bit & 7));
    return changed.map((bit) => bit >>> 3);
  }

  /** False: it was never added. */
  mayHave(id: string): boolean {
    return this.bitsOf(id).every((bit) => this.has(bit));
  }

  private has(bit: number): boolean {
    return ((this.bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  /**
   * By the end of a UUID, which is random or a digest in all versions that we make. Four: more would tell better in a
   * filter that is nearly empty, and worse in one that is full.
   */
  private bitsOf(id: string): readonly number[] {
    const size = this.bytes.length * 8;
    const first = Number.parseInt(id.slice(-8), 16);
    const step = Number.parseInt(id.slice(-16, -13) + id.slice(-12, -8), 16);
    return [first % size, (first + step) % size, (first + 2 * step) % size, (first + 3 * step) % size];
  }
}
