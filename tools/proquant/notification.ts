import { readJson } from '@core/kernel/foreign-json';

/** An answer to an event, as far as ProQuant reads it. */
export interface EventAnswer {
  readonly status: number;
  readonly contentType: string | null;
  /** The header `x-proquant-error`. */
  readonly errorHeader: string | null;
  readonly body: string;
}

/** What each error comes to on a phone; the guide names them and leaves the words to the app. */
const WORDS: Readonly<Record<string, string>> = {
  InsufficientFunds: 'There is not enough money in your account for this trade.',
  QuantityTooLow: 'The quantity is below the minimum for this instrument.',
  QuantityTooHigh: 'The quantity is above the maximum for this instrument.',
  InvalidQuantityPrecision: 'The quantity has a precision that is not supported.',
  UnsupportedInstrument: 'This instrument is not supported.',
  PositionAlreadyExists: 'Your strategy has an open position there already.',
  MarketClosed: 'The market is closed.',
  PositionNotFound: 'There was no open position of your strategy to close.',
  InvalidCredentials: 'The connection is not authorized (any more).',
};

const GENERAL = 'Something went wrong.';

/**
 * What the user is notified of; null is nothing. An error has its own words only if it keeps to all four requirements
 * of the guide, section "Responding to Events". `answer` null is that there was none.
 */
export function notificationOf(answer: EventAnswer | null): string | null {
  if (answer === null) return GENERAL;
  const { status, contentType, errorHeader, body } = answer;
  if (status < 400) return null;
  const json = contentType === 'application/json' && errorHeader === '1' ? readJson(body) : undefined;
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  return (typeof type === 'string' && Object.hasOwn(WORDS, type) && WORDS[type]) || GENERAL;
}
