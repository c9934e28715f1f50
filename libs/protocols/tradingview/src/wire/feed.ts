import { z } from 'zod';
import { Num, successOf, UnixSeconds } from './envelope.ts';
import { TvSymbolType } from './market.ts';

const columns = <Shape extends z.ZodType>(shape: Shape) => z.array(shape);
const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length;
const powerOfTen = (value: number): boolean => Number.isInteger(Math.log10(value));
const SESSION = /^(?:24x7|\d{4}-\d{4}:[1-7]+(?:\|\d{4}-\d{4}:[1-7]+)*)$/;

/** The zones whose clocks TradingView knows. */
export const TvZone = z.enum([
  'America/New_York',
  'America/Los_Angeles',
  'America/Chicago',
  'America/Phoenix',
  'America/Toronto',
  'America/Vancouver',
  'America/Argentina/Buenos_Aires',
  'America/El_Salvador',
  'America/Sao_Paulo',
  'America/Bogota',
  'Europe/Moscow',
  'Europe/Athens',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Madrid',
  'Europe/Paris',
  'Europe/Warsaw',
  'Australia/Sydney',
  'Australia/Brisbane',
  'Australia/Adelaide',
  'Australia/ACT',
  'Asia/Almaty',
  'Asia/Ashkhabad',
  'Asia/Tokyo',
  'Asia/Taipei',
  'Asia/Singapore',
  'Asia/Shanghai',
  'Asia/Seoul',
  'Asia/Tehran',
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Hong_Kong',
  'Asia/Bangkok',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Fakaofo',
  'Pacific/Honolulu',
  'America/Mexico_City',
  'Africa/Johannesburg',
  'Asia/Kathmandu',
  'US/Mountain',
  'Etc/UTC',
]);
export type TvZone = z.output<typeof TvZone>;

/** `GET /symbol_info`: every property a column, one row an instrument (document, `SymbolInfoResponse`). */
export const SymbolInfoAnswer = z.strictObject({
  s: z.literal('ok'),
  symbol: columns(z.string().regex(/^[A-Z0-9._]+$/))
    .min(1)
    .refine(distinct, 'must be distinct'),
  ticker: columns(z.string().regex(/^[^,]+$/)),
  description: columns(z.string()),
  currency: columns(z.string().nullable()),
  'base-currency': columns(z.string().nullable()),
  'exchange-listed': columns(z.string().regex(/^[A-Z0-9_]+$/)),
  'exchange-traded': columns(z.string().regex(/^[A-Z0-9_]+$/)),
  minmovement: columns(z.int().positive()),
  minmovement2: columns(z.int().min(0)),
  pricescale: columns(z.int().positive().refine(powerOfTen, 'must be a power of ten')),
  'has-intraday': columns(z.boolean()),
  'has-daily': columns(z.boolean()),
  type: columns(TvSymbolType),
  typespecs: columns(z.string().nullable()),
  'is-cfd': columns(z.boolean()),
  'volume-type': columns(z.literal('tick')),
  timezone: columns(TvZone),
  'session-regular': columns(z.string().regex(SESSION)),
  'bar-source': columns(z.literal('bid')),
  'bar-transform': columns(z.literal('none')),
});
export type SymbolInfoAnswer = z.output<typeof SymbolInfoAnswer>;

const ascending = (times: readonly number[]): boolean =>
  times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));

/** `GET /history`: nothing to tell is the same with empty columns. */
export const HistoryAnswer = z
  .strictObject({
    s: z.literal('ok'),
    t: columns(UnixSeconds).refine(ascending, 'must ascend'),
    o: columns(Num),
    h: columns(Num),
    l: columns(Num),
    c: columns(Num),
    v: columns(z.int().positive()),
  })
  .refine(({ t, ...prices }) =>
    [prices.o, prices.h, prices.l, prices.c, prices.v].every((one) => one.length === t.length),
  );
export type HistoryAnswer = z.output<typeof HistoryAnswer>;

const GroupId = z.string().regex(/^[a-z]+_[a-z_]+$/);
/** `GET /groups`: at most ten, and never one less than before. */
export const GroupsAnswer = successOf(z.strictObject({ groups: z.array(z.strictObject({ id: GroupId })).max(10) }));
export type GroupsAnswer = z.output<typeof GroupsAnswer>;
/** `GET /permissions`: those of whoever asks. */
export const PermissionsAnswer = successOf(z.strictObject({ groups: z.array(GroupId) }));
export type PermissionsAnswer = z.output<typeof PermissionsAnswer>;

/** Lines of `GET /streaming`; moments never go back for one symbol and kind. */
export const StreamingLine = z.union([
  z.strictObject({ f: z.literal('t'), id: z.string(), p: Num, s: z.number().positive(), t: UnixSeconds }),
  z.strictObject({ f: z.literal('q'), id: z.string(), t: UnixSeconds, ap: Num, as: Num, bp: Num, bs: Num }),
  z.strictObject({ f: z.literal('d'), id: z.string(), o: Num, h: Num, l: Num, c: Num, v: z.int(), t: UnixSeconds }),
  z.strictObject({ heartbeat: UnixSeconds }),
]);
export type StreamingLine = z.output<typeof StreamingLine>;
