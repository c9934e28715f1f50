import type { AccountId } from '@core/contracts/primitives';
import type { Until } from '@core/event-log/event-log';
import type { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { INSTANT_PATTERN, instantFromMs } from '@core/kernel/instant';
import { BadInput } from './bad-input.ts';
import { eventAt } from '@core/operations/event-at';
import { momentFromText } from '@core/operations/moment';

/** A whole number is a position; everything else must be a moment. `option` is how the operator gave it. */
export function untilOf(text: string, option: string): Until {
  if (/^\d{1,16}$/.test(text)) return { position: Number(text) };
  const ms = momentFromText(text);
  if (ms === null) throw new BadInput(`${option} is a position or a moment like 2026-01-05T10:00:00Z, not ${text}`);
  return { time: INSTANT_PATTERN.test(text) ? text : instantFromMs(ms) };
}

/** Where the log stood at a position or moment that it has come to; of what is still to come nothing can be told. */
export async function positionIn(log: PostgresEventLog, text: string, option: string): Promise<number> {
  const { position, time } = untilOf(text, option);
  const head = await log.head();
  if (position !== undefined && position > head)
    throw new BadInput(`${option} ${text}: the log ends at position ${head}`);
  if (time === undefined) return position ?? head;
  // Moments of the future are seen from the clock: a quiet log is no earlier. Its own time may be ahead of that.
  if (time > instantFromMs(await log.nowMs()) && (head === 0 || time > (await eventAt(log, head)).recordedtime))
    throw new BadInput(`${option} ${text} is still to come: the log ends at position ${head}`);
  return log.positionAt(time);
}

/** A piece of the log by its ends as an operator gives them: after one position up to another. */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

/** From the moment `from`, what it had come to by then left out, up to `to`, or as far as the log has come. */
export async function rangeIn(
  log: PostgresEventLog,
  { from, to }: { readonly from: string; readonly to?: string },
): Promise<PositionRange> {
  const range = {
    from: await positionIn(log, from, '--from'),
    to: to === undefined ? await log.head() : await positionIn(log, to, '--to'),
  };
  if (range.from > range.to) throw new BadInput(`--from ${from} is later than --to ${to}`);
  return range;
}

/** An account is not told as if it stood empty before it was there. */
export async function refuseNothingYet(log: PostgresEventLog, account: AccountId, text: string): Promise<never> {
  for await (const [first] of log.readAccount(account))
    if (first)
      throw new BadInput(`${account} begins at position ${first.position}, ${first.recordedtime}, after ${text}`);
  throw new BadInput(`nothing is recorded of ${account}`);
}
