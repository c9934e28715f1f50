import { randomInt } from 'node:crypto';

/** By how much lifetimes differ, so that those who logged in together do not all come back together. */
const JITTER = 0.1;

/** A lifetime up to a tenth shorter than `ms`. */
export const jittered = (ms: number): number => ms - randomInt(Math.ceil(ms * JITTER));
