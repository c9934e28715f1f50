import type { Uuid } from '@core/contracts/primitives';
import { LINE } from '@core/log-proof/line';

/** Ids of one block: as much is read for one that is asked for. */
const BLOCK_IDS = 2_000;
const ID_BYTES = 16;

/** A block of ids in order, each with its position: a line each. */
export interface IdBlock {
  /** The one it begins with. */
  readonly id: Uuid;
  readonly text: string;
}

/** Where ids stand, collected by position and told by id; 20 bytes for each, for there are millions. */
export class IdPlaces {
  private readonly ids: Buffer;
  private count = 0;

  constructor(
    private readonly first: number,
    size: number,
  ) {
    this.ids = Buffer.alloc(size * ID_BYTES);
  }

  /** The id of the next position. */
  add(id: Uuid): void {
    this.ids.write(id.replaceAll('-', ''), this.count * ID_BYTES, 'hex');
    this.count += 1;
  }

  *blocks(): Generator<IdBlock> {
    const order = Uint32Array.from({ length: this.count }, (_, index) => index).sort((one, other) =>
      this.ids.compare(this.ids, other * ID_BYTES, (other + 1) * ID_BYTES, one * ID_BYTES, (one + 1) * ID_BYTES),
    );
    for (let from = 0; from < order.length; from += BLOCK_IDS) {
      const block = order.subarray(from, from + BLOCK_IDS);
      const lines = Array.from(block, (index) => `${this.idAt(index)} ${this.first + index}${LINE}`);
      yield { id: this.idAt(block[0] ?? 0), text: lines.join('') };
    }
  }

  private idAt(index: number): Uuid {
    const hex = this.ids.toString('hex', index * ID_BYTES, (index + 1) * ID_BYTES);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

/** Which blocks may hold ids from one up to another, by the ids that the blocks begin with. */
export function idBlocksOf(blocks: readonly (readonly [Uuid, number, number])[], from: string, to: string): number[] {
  const found: number[] = [];
  for (const [index, [first]] of blocks.entries()) {
    const next = blocks[index + 1]?.[0];
    if (first <= to && (next === undefined || next > from)) found.push(index);
  }
  return found;
}
