import { z } from 'zod';
import { successOf } from './envelope.ts';

const Column = z.strictObject({
  id: z.string(),
  title: z.string(),
  tooltip: z.string().optional(),
  alignment: z.enum(['left', 'right']).optional(),
  isCapitalize: z.boolean().optional(),
});

const Duration = z.strictObject({
  id: z.string(),
  title: z.string(),
  hasDatePicker: z.boolean().optional(),
  hasTimePicker: z.boolean().optional(),
  default: z.boolean().optional(),
  supportedOrderTypes: z
    .array(z.enum(['limit', 'stop']))
    .min(1)
    .optional(),
});

/** Broker level: what tables there are, how orders may expire, how often to ask. */
export const TvConfig = z.strictObject({
  accountSummaryRow: z.array(z.strictObject({ id: z.string(), title: z.string() })).min(1),
  accountManager: z
    .array(z.strictObject({ id: z.string(), title: z.string().optional(), columns: z.array(Column).min(1) }))
    .min(1),
  durations: z.array(Duration).min(1),
  positionCustomFields: z.array(Column).min(1),
  netPositionCustomFields: z.array(Column).min(1),
  individualPositionCustomFields: z.array(Column).min(1),
  pullingInterval: z.strictObject({
    quotes: z.int().min(1).max(1000),
    orders: z.int().min(1).max(1000),
    positions: z.int().min(1).max(1500),
    accountManager: z.int().min(1).max(1500),
  }),
});
export type TvConfig = z.output<typeof TvConfig>;

/** `GET /config`. */
export const ConfigAnswer = successOf(TvConfig);
