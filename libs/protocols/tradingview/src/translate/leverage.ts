import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Decimal } from '@core/contracts/primitives';
import { divide, isPositive, toNumber } from '@core/kernel/decimal';
import type { Language } from '@core/kernel/language';
import { say, type UserText } from '../texts/user-text.ts';
import type { TvLeverage, TvLeveragePreview } from '../wire/leverage.ts';

/** Digits that people write a leverage with: 1:33.33. */
const LEVERAGE_DIGITS = 2;

/** What the broker's margin in this instrument amounts to; null where it asks for none. */
export const leverageOf = ({ marginPercent }: Pick<InstrumentSpec, 'marginPercent'>): Decimal | null =>
  isPositive(marginPercent) ? divide('100', marginPercent, LEVERAGE_DIGITS) : null;

/** A dialog in which there is nothing to choose: the broker fixes it. */
export function translateLeverage(instrument: string, leverage: Decimal, language: Language): TvLeverage {
  const fixed = toNumber(leverage);
  return { title: say(language, fixedText(instrument, leverage)), leverage: fixed, min: fixed, max: fixed, step: 1 };
}

/** What is read while the user edits it: another leverage than the broker's is an error. */
export function previewLeverage(
  instrument: string,
  { leverage, wanted }: Readonly<Record<'leverage' | 'wanted', Decimal>>,
  language: Language,
): TvLeveragePreview {
  const text = say(language, fixedText(instrument, leverage));
  return wanted === leverage ? { infos: [text] } : { errors: [text] };
}

export const fixedText = (instrument: string, leverage: Decimal): UserText => ({
  key: 'leverage.fixed',
  values: { instrument, leverage },
});
