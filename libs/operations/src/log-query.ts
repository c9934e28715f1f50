import type { EventType } from '@core/contracts/event';
import { Instrument, KeptText, Uuid } from '@core/contracts/primitives';
import type { LogFilter } from '@core/event-log/log-filter';
import { instantFromMs } from '@core/kernel/instant';
import { NOISE } from './log-line.ts';
import { z } from 'zod';

const TEXT_MAX = 200;

const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A moment in UTC, as browsers write it. */
const Moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z?$/, 'is a moment like 2026-01-05T10:00')
  .transform((text) => Date.parse(text.endsWith('Z') ? text : `${text}Z`))
  .refine((ms) => !Number.isNaN(ms), 'is no moment of the calendar')
  .transform((ms) => instantFromMs(ms));

const Names = KeptText.max(2_000).transform((text) => text.split(',').filter(Boolean) as EventType[]);

/** What of the log is wanted, as an address or an operator's command line says it; what is empty is not asked. */
export const LogQuery = z.object({
  types: Names.optional(),
  notTypes: Names.optional(),
  noise: z.literal('on').optional(),
  account: Uuid.optional(),
  instrument: Instrument.optional(),
  from: Position.optional(),
  to: Position.optional(),
  since: Moment.optional(),
  until: Moment.optional(),
  producer: KeptText.max(TEXT_MAX).optional(),
  text: KeptText.max(TEXT_MAX).optional(),
});

/** Samples are left out unless they are asked for, by `noise` or by name. Throws `ZodError`. */
export function logFilterOf(query: Readonly<Record<string, unknown>>): LogFilter {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const { types, notTypes = [], noise, ...filter } = LogQuery.parse(given);
  const unwanted = types !== undefined || noise === 'on' ? notTypes : [...notTypes, ...NOISE];
  return {
    ...filter,
    ...(types !== undefined && { types }),
    ...(unwanted.length > 0 && { notTypes: unwanted }),
  };
}

/** Where to look, and how far. */
export const LogPage = z.object({
  before: Position.optional(),
  after: Position.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
