import { TradingHours, type WeeklySession } from '@core/contracts/market/hours';
import type { Instant, Instrument } from '@core/contracts/primitives';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { MAX_COMMAND_BYTES } from '../wire/commands.ts';
import { TradingHoursRecord, type HoursRecord } from '../wire/reference-record.ts';
import { SERVER_ZONE } from '../wire/server-clock.ts';

const MINUTE_MS = 60_000;
const MIDNIGHT = 1_440;
const WEEK_DAYS = 7;

/** What stands around the symbols in a command, and its tag. */
const ENVELOPE_BYTES = 200;

/** The first of these, as many as fit into one command, and one at least. */
export function symbolsOfOneCommand(instruments: readonly Instrument[]): Instrument[] {
  let left = MAX_COMMAND_BYTES - ENVELOPE_BYTES;
  const over = instruments.findIndex((instrument, n) => {
    left -= Buffer.byteLength(JSON.stringify(instrument)) + 1;
    return left < 0 && n > 0;
  });
  return instruments.slice(0, over === -1 ? undefined : over);
}

/** TRADING_HOURS_RECORD (seed §5.19) as ours: whole minutes of the server's wall clock, nothing over midnight. */
export function translateHours(data: unknown, readAt: Instant): Result<TradingHours, string> {
  const record = TradingHoursRecord.safeParse(data);
  if (!record.success) return err(`trading hours cannot be read: ${z.prettifyError(record.error)}`);
  const { symbol, quotes, trading } = record.data;
  const hours = TradingHours.safeParse({
    instrument: symbol,
    zone: SERVER_ZONE,
    quotes: weekOf(quotes),
    trading: weekOf(trading),
    readAt,
  });
  return hours.success ? ok(hours.data) : err(`${symbol}: ${z.prettifyError(hours.error)}`);
}

const weekOf = (records: readonly HoursRecord[]): WeeklySession[] =>
  records.flatMap(sessionsOf).sort((one, two) => one.day - two.day || one.fromMinute - two.fromMinute);

/** An end before the beginning, or beyond midnight, is on the next day. */
function sessionsOf({ day, fromT, toT }: HoursRecord): WeeklySession[] {
  const fromMinute = Math.floor(fromT / MINUTE_MS);
  const toMinute = Math.ceil(toT / MINUTE_MS);
  if (toMinute === fromMinute) return [];
  const end = toMinute < fromMinute ? toMinute + MIDNIGHT : toMinute;
  const sessions = [{ day, fromMinute, toMinute: Math.min(end, MIDNIGHT) }];
  if (end > MIDNIGHT) sessions.push({ day: (day % WEEK_DAYS) + 1, fromMinute: 0, toMinute: end - MIDNIGHT });
  return sessions;
}
