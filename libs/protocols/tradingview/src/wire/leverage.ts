import { z } from 'zod';
import { successOf } from './envelope.ts';

const Leverage = z.number().positive();

/** The leverage of an instrument and what it may be changed to; where the broker fixes it, `min` and `max` are it. */
export const TvLeverage = z.strictObject({
  title: z.string().min(1),
  leverage: Leverage,
  min: Leverage,
  max: Leverage,
  step: Leverage,
});
export type TvLeverage = z.output<typeof TvLeverage>;

/** What the user reads while they edit the leverage; empty lists are left out. */
export const TvLeveragePreview = z.strictObject({
  infos: z.array(z.string().min(1)).min(1).optional(),
  errors: z.array(z.string().min(1)).min(1).optional(),
});
export type TvLeveragePreview = z.output<typeof TvLeveragePreview>;

/** `POST /getLeverage`. */
export const GetLeverageAnswer = successOf(TvLeverage);

/** `POST /setLeverage`. */
export const SetLeverageAnswer = successOf(z.strictObject({ leverage: Leverage }));

/** `POST /previewLeverage`. */
export const PreviewLeverageAnswer = successOf(TvLeveragePreview);
