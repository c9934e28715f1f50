import { Instrument } from '@core/contracts/primitives';
import { z } from 'zod';

// What a broker may send and our words cannot hold ends here: what lies behind takes these as they come.

/** The years 1 to 9999: beyond them a moment has no text. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;
const TEXT_MAX = 512;

/** Milliseconds since the epoch that name a moment. */
export const EpochMs = z.int().min(FIRST_MS).max(LAST_MS);
export const isEpochMs = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= FIRST_MS && value <= LAST_MS;

/** Decimals of prices, as contract terms hold them. */
export const Digits = z.int().min(0).max(12);

/** The name of an instrument; empty or null where servers send none. */
export const SymbolName = Instrument.or(z.literal('')).nullable();

/** Free text as events hold it: cut, and without what no database hands out: NUL and halves of characters. Null for none. */
export const boundedText = (text: string | null | undefined): string | null =>
  text ? text.slice(0, TEXT_MAX).toWellFormed().replaceAll('\u0000', '\ufffd') : null;
