import { z } from 'zod';
import { successOf } from './envelope.ts';

const Row = z.strictObject({ title: z.string(), value: z.string() });

/** What an order would cost, before it is placed; nothing happens. */
export const TvPreview = z.strictObject({
  sections: z.array(z.strictObject({ header: z.string().optional(), rows: z.array(Row) })),
  warnings: z.array(z.string()).optional(),
  errors: z.array(z.string()).optional(),
  /** Sent back with the order, which is then bound to what was previewed. */
  confirmId: z.string().optional(),
});
export type TvPreview = z.output<typeof TvPreview>;

/** `POST /previewOrder`. */
export const PreviewAnswer = successOf(TvPreview);
