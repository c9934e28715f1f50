import { inspect } from 'node:util';
import { Hostile } from './hostile.ts';

export interface Boundary {
  readonly name: string;
  /** Texts that are answered as usual; inputs are made of them. */
  readonly examples: readonly string[];
  /** Takes one input as from outside. Throws, or rejects, where what came of it is no answer of the protocol. */
  readonly take: (input: Uint8Array) => unknown;
  /** Of the inputs that others get: less than 1 where each takes long. */
  readonly share?: number;
  /** Somebody else's good message right after: throws where it is not answered as usual. */
  readonly others: () => unknown;
}

const { FUZZ_INPUTS = '2000', FUZZ_SEED = '7' } = process.env;
const OTHERS_EVERY = 16;
const SHOWN_MAX = 2_000;

/** Inputs from outside into a boundary: `FUZZ_INPUTS` of them, from `FUZZ_SEED`. Rejects with the input that failed. */
export async function fuzz({ name, examples, take, others, share = 1 }: Boundary): Promise<void> {
  const seed = Number(FUZZ_SEED);
  const hostile = new Hostile(seed);
  const unhandled: unknown[] = [];
  const keep = (error: unknown): number => unhandled.push(error);
  process.on('unhandledRejection', keep);
  try {
    for (let index = 0; index < Number(FUZZ_INPUTS) * share; index += 1) {
      const input = hostile.of(examples);
      try {
        await take(input);
        if (index % OTHERS_EVERY === 0) await others();
        if (unhandled.length > 0) throw unhandled[0];
      } catch (error) {
        throw new Error(`${name}: seed ${seed}, input ${index}: ${shown(input)}\n${inspect(error)}`, { cause: error });
      }
    }
  } finally {
    process.off('unhandledRejection', keep);
  }
}

function shown(input: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(input).toString('latin1'));
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}… (${input.length} bytes)` : text;
}
