import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Decimal } from '@core/contracts/primitives';
import { divide, isPositive, toNumber } from '@core/kernel/decimal';
import type { TvLeverage, TvLeveragePreview } from '../wire/leverage.ts';

/** Digits that people write a leverage with: 1:33.33. */
const LEVERAGE_DIGITS = 2;

/** What the broker's margin in this instrument amounts to; null where it asks for none. */
export const leverageOf = ({ marginPercent }: Pick<InstrumentSpec, 'marginPercent'>): Decimal | null =>
  isPositive(marginPercent) ? divide('100', marginPercent, LEVERAGE_DIGITS) : null;

/** A dialog in which there is nothing to choose: the broker fixes it. */
export function translateLeverage(instrument: string, leverage: Decimal): TvLeverage {
  const fixed = toNumber(leverage);
  return { title: fixedText(instrument, leverage), leverage: fixed, min: fixed, max: fixed, step: 1 };
}

/** What is read while the user edits it: another leverage than the broker's is an error. */
export function previewLeverage(instrument: string, leverage: Decimal, wanted: Decimal): TvLeveragePreview {
  const text = fixedText(instrument, leverage);
  return wanted === leverage ? { infos: [text] } : { errors: [text] };
}

export const fixedText = (instrument: string, leverage: Decimal): string =>
  `The leverage of ${instrument} is 1:${leverage}. The broker fixes it and it cannot be changed here.`;
