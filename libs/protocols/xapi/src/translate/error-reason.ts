import type { RejectionReason } from '@core/contracts/events/request';

/**
 * What an error reply to a trade command means (wire-behaviour §9). `rejected` is the broker's final no. After `retry`
 * nothing was done and the same command may go again. After `unknown` it may or may not have been carried out.
 * `session` ends the session; whether the command was carried out must be looked up.
 */
export type Answered =
  | { readonly means: 'rejected'; readonly reason: RejectionReason }
  | { readonly means: 'retry' }
  | { readonly means: 'unknown' }
  | { readonly means: 'session' };

const rejected = (reason: RejectionReason): Answered => ({ means: 'rejected', reason });

const MEANINGS: Readonly<Record<string, Answered>> = {
  BE001: rejected('invalid-price'),
  BE002: rejected('invalid-protection'),
  BE003: rejected('volume-not-multiple-of-step'),
  BE006: rejected('market-closed'),
  BE007: rejected('broker-error'),
  BE008: rejected('change-not-allowed'),
  BE009: rejected('insufficient-funds'),
  BE010: rejected('off-quotes'),
  BE011: rejected('hedging-not-allowed'),
  BE012: rejected('short-selling-not-allowed'),
  BE013: rejected('off-quotes'),
  BE015: rejected('off-quotes'),
  BE018: rejected('instrument-disabled'),
  BE094: rejected('unknown-instrument'),
  BE095: rejected('instrument-not-allowed'),
  BE096: rejected('broker-error'), // what was to be closed as a position stands, and is an order
  BE097: rejected('not-found'),
  BE098: rejected('not-found'),
  BE11: rejected('not-found'),
  BE099: rejected('broker-error'),
  BE101: rejected('unknown-instrument'),
  BE102: rejected('broker-error'),
  BE104: rejected('broker-error'),
  BE106: rejected('broker-error'),
  BE110: rejected('broker-error'),
  BE115: rejected('unknown-instrument'),
  BE116: rejected('unknown-instrument'),
  EX000: rejected('broker-error'),
  EX006: rejected('trading-disabled'),
  EX011: rejected('trading-disabled'),
  BE014: { means: 'retry' },
  BE016: { means: 'retry' },
  BE017: { means: 'retry' },
  EX005: { means: 'retry' },
  BE103: { means: 'session' },
  BE117: { means: 'session' },
  BE118: { means: 'session' },
  BE200: { means: 'session' },
};

/** Codes that are not in the table, the document's "other error" and internal errors among them, leave it open. */
export const meaningOf = (errorCode: string): Answered => knownMeaning(errorCode) ?? { means: 'unknown' };

const knownMeaning = (errorCode: string): Answered | undefined =>
  Object.hasOwn(MEANINGS, errorCode) ? MEANINGS[errorCode] : undefined;

const LOGIN_FAILURES = {
  BE004: 'disabled',
  EX006: 'disabled',
  EX011: 'disabled',
  BE005: 'credentials',
  EX004: 'credentials',
  EX007: 'credentials',
  EX010: 'credentials',
  EX008: 'full',
} as const;

type LoginFailure = (typeof LOGIN_FAILURES)[keyof typeof LOGIN_FAILURES] | 'passing';

/**
 * `credentials`: each attempt may lengthen a lockout (wire-behaviour §3). `disabled`: the login is not to be used, until
 * the broker allows it again. `full`: too many connections from this address.
 */
export const loginFailureOf = (errorCode: string): LoginFailure =>
  Object.hasOwn(LOGIN_FAILURES, errorCode) ? LOGIN_FAILURES[errorCode as keyof typeof LOGIN_FAILURES] : 'passing';

const MESSAGES: readonly (readonly [RegExp, RejectionReason])[] = [
  [/not enough (money|funds)|insufficient|margin/i, 'insufficient-funds'],
  [/market.*closed|closed market/i, 'market-closed'],
  [/off ?quotes|requote|price has changed/i, 'off-quotes'],
  [/stop ?loss|take ?profit|\bs\/l\b|\bt\/p\b/i, 'invalid-protection'],
  [/price/i, 'invalid-price'],
  [/volume/i, 'volume-not-multiple-of-step'],
  [/short (positions?|sell)/i, 'short-selling-not-allowed'],
  [/opposite|hedg/i, 'hedging-not-allowed'],
  [/modif.*denied/i, 'change-not-allowed'],
  [/instrument.*disabled/i, 'instrument-disabled'],
  [/cannot trade on/i, 'instrument-not-allowed'],
  [/disabled|prohibited|denied|not allowed/i, 'trading-disabled'],
  [/already closed|no such|not found/i, 'not-found'],
  [/symbol/i, 'unknown-instrument'],
];

/** Statuses say why in words only, and often not at all. A code at their head is taken by its own meaning. */
export function reasonOfMessage(message: string | null): RejectionReason {
  if (message === null) return 'broker-error';
  const code = /\b([A-Z]{2}\d{2,3})\b/.exec(message)?.[1];
  const known = code === undefined ? undefined : knownMeaning(code);
  if (known?.means === 'rejected') return known.reason;
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? 'broker-error';
}
