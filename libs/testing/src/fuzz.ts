import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Hostile } from './hostile.ts';

/** What inputs lead to, counted from the start: appended, sent, asked, logged. Nothing of it goes on for ever. */
interface Effects {
  readonly count: () => number | Promise<number>;
  /** One input leads to at most so much of it. */
  readonly most: number;
  /** And to so much, at most, when it comes again. */
  readonly again: number;
}

export interface Boundary {
  readonly name: string;
  /** Texts that are answered as usual; inputs are made of them. */
  readonly examples: readonly string[];
  /** Takes one input as from outside. Throws, or rejects, where what came of it is no answer of the protocol. */
  readonly take: (input: Uint8Array) => unknown;
  /** Of the inputs that others get: less than 1 where each takes long. */
  readonly share?: number;
  /** Without it an input comes once, and what it leads to is nobody's to count. */
  readonly effects?: Effects;
  /** Somebody else's good message right after: throws where it is not answered as usual. */
  readonly others: () => unknown;
}

const { FUZZ_INPUTS = '1000', FUZZ_SEED = '7', FUZZ_TALLY } = process.env;
const OTHERS_EVERY = 16;
const AGAIN = 2;
const SHOWN_MAX = 2_000;

/**
 * Inputs from outside into a boundary: `FUZZ_INPUTS` of them, from `FUZZ_SEED`. Rejects with the input that failed.
 * How many it took is added to the file `FUZZ_TALLY`, a line each.
 */
export async function fuzz({ name, examples, take, effects, others, share = 1 }: Boundary): Promise<void> {
  const seed = Number(FUZZ_SEED);
  const hostile = new Hostile(seed);
  const inputs = Math.ceil(Number(FUZZ_INPUTS) * share);
  let before = (await effects?.count()) ?? 0;
  const unhandled: unknown[] = [];
  const keep = (error: unknown): number => unhandled.push(error);
  process.on('unhandledRejection', keep);
  try {
    for (let index = 0; index < inputs; index += 1) {
      const input = hostile.of(examples);
      try {
        await take(input);
        if (effects) await expectAnEnd(effects, before, () => take(input));
        if (index % OTHERS_EVERY === 0) await others();
        before = (await effects?.count()) ?? 0;
        if (unhandled.length > 0) throw unhandled[0];
      } catch (error) {
        throw new Error(`${name}: seed ${seed}, input ${index}: ${shown(input)}\n${inspect(error)}`, { cause: error });
      }
    }
    if (FUZZ_TALLY) appendFileSync(FUZZ_TALLY, `${inputs}\n`);
  } finally {
    process.off('unhandledRejection', keep);
  }
}

/** Of an input that was taken once, and comes again. */
async function expectAnEnd({ count, most, again }: Effects, before: number, take: () => unknown): Promise<void> {
  const once = await count();
  if (once - before > most) throw new Error(`it led to ${once - before} of what may be ${most}`);
  for (let times = 0; times < AGAIN; times += 1) await take();
  const repeated = (await count()) - once;
  if (repeated > AGAIN * again)
    throw new Error(`${AGAIN} times more it led to ${repeated} of what may be ${again} each`);
}

function shown(input: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(input).toString('latin1'));
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}… (${input.length} bytes)` : text;
}
