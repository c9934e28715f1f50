import { AskedWrongly } from './asked-wrongly.ts';
import { wordToType } from './gravity.ts';
import { extentInWords, type Extent } from './whom.ts';

/** Whoever decides something grave has seen whose it is, and typed it. Throws `AskedWrongly`. */
export function expectTyped(extent: Extent, typed: string | null): void {
  const word = wordToType(extent);
  if (word !== null && word !== typed) throw new AskedWrongly(`this concerns ${extentInWords(extent)}: type ${word}`);
}
