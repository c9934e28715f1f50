import { err, ok } from '@core/kernel/result';
import type { UserText } from '../texts/user-text.ts';
import type { Decoded } from './form.ts';

/** Minutes of one bar by TradingView's names; a day is 1440. */
const RESOLUTIONS = { '1': 1, '5': 5, '15': 15, '30': 30, '60': 60, '240': 240, D: 1_440, '1D': 1_440 } as const;

/** Whole seconds, before 1970 too: a chart is asked for from the year 1800 on. Some clients write them as `1.5e9`. */
const SECONDS_MAX = 100_000_000_000;

interface HistoryFields {
  readonly symbol: string;
  readonly resolution: string;
  readonly from?: string;
  readonly to: string;
  readonly countback?: string;
}

export interface AskedBars {
  readonly symbol: string;
  readonly minutes: (typeof RESOLUTIONS)[keyof typeof RESOLUTIONS];
  /** Bars whose moments lie between both, both included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** So many of those up to `toMs`, wherever the first of them is; null: those from `fromMs` on. */
  readonly countback: number | null;
}

/** The question of `GET /history`. Where `countback` is given, `from` says nothing (document, `getHistory`). */
export function decodeHistory({ symbol, resolution, from, to, countback }: HistoryFields): Decoded<AskedBars> {
  if (!isResolution(resolution)) return err({ key: 'data.noResolution', values: { resolution } });
  const [fromMs, toMs] = [millisecondsIn(from), millisecondsIn(to)];
  const count = countback === undefined || countback === '' ? null : Number(countback);
  if (toMs === null) return err(noTime('to'));
  if (count !== null && (!Number.isSafeInteger(count) || count < 1))
    return err({ key: 'form.whole', values: { field: 'countback' } });
  if (fromMs === null && count === null) return err(noTime('from'));
  return ok({ symbol, minutes: RESOLUTIONS[resolution], fromMs: fromMs ?? toMs, toMs, countback: count });
}

const noTime = (field: string): UserText => ({ key: 'form.seconds', values: { field } });

const isResolution = (text: string): text is keyof typeof RESOLUTIONS => Object.hasOwn(RESOLUTIONS, text);

function millisecondsIn(text: string | undefined): number | null {
  const seconds = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Math.abs(seconds) <= SECONDS_MAX ? Math.round(seconds * 1000) : null;
}
