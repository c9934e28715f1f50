import type { Uuid } from '@core/contracts/primitives';
import { SeenIds } from '@core/kernel/seen-ids';
import type { ClientBase } from 'pg';

/** Bytes of the filter in one row: what changes is written by whole rows. */
const PIECE = 65_536;
/** Pieces in one round trip. */
const TOGETHER = 16;

/**
 * Which ids were forgotten: of events, and of commands. One that was is never denied, so of an id that this denies
 * nothing need be looked up; of any other the log itself is asked.
 */
export class ForgottenIds {
  private readonly seen: SeenIds;
  private readonly changed = new Set<number>();

  constructor(private readonly bytes: Uint8Array) {
    this.seen = new SeenIds(bytes);
  }

  /** As it was kept; empty where nothing was forgotten yet, and as large as was `wanted` then. */
  static async load(client: ClientBase, wanted: number): Promise<ForgottenIds> {
    const { rows: kept } = await client.query<{ size: number }>('select filter_bytes as size from core.retention');
    const bytes = new Uint8Array(kept[0]?.size || wanted);
    const { rows } = await client.query<{ piece: number; bits: Buffer }>('select piece, bits from core.forgotten_ids');
    for (const { piece, bits } of rows) bytes.set(bits, piece * PIECE);
    return new ForgottenIds(bytes);
  }

  get size(): number {
    return this.bytes.length;
  }

  mayHave(id: Uuid): boolean {
    return this.seen.mayHave(id);
  }

  /** Never while it is saved. Takes effect at once; `save` before anything that only this remembers is deleted. */
  add(ids: readonly Uuid[]): void {
    for (const id of ids) for (const byte of this.seen.add(id)) this.changed.add(Math.floor(byte / PIECE));
  }

  /** Keeps what was added since the last time, or nothing of it: then the next time keeps it. */
  async save(client: ClientBase, writer: Uuid): Promise<void> {
    const changed = [...this.changed];
    await client.query('begin');
    try {
      for (let from = 0; from < changed.length; from += TOGETHER) {
        const pieces = changed.slice(from, from + TOGETHER);
        const bits = pieces.map((piece) => Buffer.from(this.bytes.subarray(piece * PIECE, (piece + 1) * PIECE)));
        await client.query('select core.keep_forgotten($1, $2, $3, $4)', [writer, pieces, bits, this.size]);
      }
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
    for (const piece of changed) this.changed.delete(piece);
  }

  /** How many of its bits are set, from 0 to 1: the fourth power is how often a new id is looked up for nothing. */
  get fill(): number {
    const sample = this.bytes.subarray(0, PIECE);
    let set = 0;
    for (const byte of sample) set += BITS_IN[byte] ?? 0;
    return set / (sample.length * 8);
  }
}

const BITS_IN = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
