import type { CloseReason } from '@core/contracts/events/position';
import type { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import type { RefusalReason } from '@core/contracts/refusal';
import { unreachable } from '@core/kernel/unreachable';
import type { Asked, Note } from '@core/views/tradingview/ticket';
import type { TvMessage } from '../wire/order.ts';

// Everything a user reads about what did not happen, or happened without them. No ids, no codes, no jargon.

const rejections: Readonly<Record<RejectionReason, string>> = {
  'insufficient-funds': 'There is not enough free margin.',
  'market-closed': 'The market is closed.',
  'volume-too-low': 'The quantity is below the minimum.',
  'volume-too-high': 'The quantity is above the maximum.',
  'volume-not-multiple-of-step': 'The quantity is not a multiple of the quantity step.',
  'invalid-price': 'The price is not valid for the current market.',
  'invalid-protection': 'Stop loss or take profit is not valid for the current market.',
  'off-quotes': 'The price moved away before the order was executed.',
  'unknown-instrument': 'The broker does not know this instrument.',
  'trading-disabled': 'Trading is disabled for this account.',
  'instrument-disabled': 'The broker has switched off trading in this instrument.',
  'instrument-not-allowed': 'The broker does not let this account trade this instrument.',
  'short-selling-not-allowed': 'This instrument cannot be sold short.',
  'hedging-not-allowed': 'The broker allows no opposite positions in one instrument.',
  'change-not-allowed': 'The broker does not let this be changed.',
  'not-found': 'The broker does not know it any more.',
  superseded: 'It was overtaken by what happened at the broker.',
  'broker-error': 'The broker could not process it.',
};

const refusals: Readonly<Partial<Record<RefusalReason, string>>> = {
  'unknown-account': 'Unknown account.',
  'trading-halted': 'Trading is halted. Please try again later.',
  'close-only': 'Only closing of positions is allowed at the moment.',
  'trading-disabled': 'Trading is disabled for this account.',
  'instruments-unavailable': 'The broker is not connected. Please try again in a moment.',
  'unknown-instrument': 'Unknown instrument.',
  'instrument-not-tradable': 'This instrument cannot be traded at the moment.',
  'volume-below-minimum': 'The quantity is below the minimum.',
  'volume-above-maximum': 'The quantity is above the maximum.',
  'volume-not-multiple-of-step': 'The quantity is not a multiple of the quantity step.',
  'price-required': 'This order needs a price.',
  'price-not-allowed': 'A market order has no price.',
  'price-off-tick': 'The price is not a multiple of the minimum price movement.',
  'stop-loss-on-wrong-side': 'The stop loss is on the wrong side of the price.',
  'take-profit-on-wrong-side': 'The take profit is on the wrong side of the price.',
  'expiry-in-the-past': 'The expiration time is in the past.',
  'unknown-order': 'Unknown order.',
  'order-not-working': 'Too late: the order is not working any more.',
  'unknown-position': 'Unknown position.',
  'position-not-open': 'Too late: the position is closed.',
  'volume-exceeds-position': 'The quantity is larger than the position.',
  'price-moved': 'The price moved away before the order was placed.',
  'price-unknown': 'There is no live price at the moment. Please try again when prices move.',
  'command-id-reused': 'This request was sent before with other terms.',
  'request-in-flight': 'Another change is on its way to the broker. Please wait for it.',
};

/** Why the ledger said no, for `errmsg`. Reasons that no edge of ours can cause are one sentence. */
export const refusalText = (reason: RefusalReason): string => refusals[reason] ?? 'The request was not accepted.';

/** Of a net position with so many positions beneath it: why some of them, or all, are not being closed. */
export function partlyClosedText(refusals: readonly string[], positions: number): string {
  const why = [...new Set(refusals)].join(' ');
  const closing = positions - refusals.length;
  return closing === 0 ? why : `${closing} of ${positions} positions are being closed, the others are not. ${why}`;
}

/** An account places orders faster than it may. */
export const TOO_MANY_ORDERS = 'Too many orders at once. Please wait a moment and try again.';

/** The ledger did not answer in time: not a no. */
export const OUTCOME_UNKNOWN =
  'The outcome is not known yet: please look at the list of orders and positions before you try again.';

/** Why a preview and the order that follows it do not go together. */
export const CONFIRMATION_UNKNOWN = 'The preview is not valid any more. Please look at the order again.';
export const CONFIRMATION_OF_ANOTHER = 'This is another order than the one that was previewed.';

/** What the broker may object to. */
export const previewWarnings = {
  closed: 'The market is closed at the moment.',
  priceless: 'There is no live price at the moment.',
  margin: 'There may not be enough free margin.',
  distance: 'Stop loss or take profit is closer to the price than the broker allows.',
} as const;

const things: Readonly<Record<Asked, string>> = {
  order: 'order',
  amendment: 'change',
  cancellation: 'cancellation',
  close: 'closing',
};

/** Why something was not sent. */
const unsent: Readonly<Record<Exclude<NotSentCause, 'cancelled'>, string>> = {
  'too-old': 'it did not reach the broker in time.',
  'trading-halted': 'trading was halted.',
  'close-only': 'only closing of positions is allowed at the moment.',
  superseded: 'a later change took its place.',
  'price-moved': 'the price moved away.',
  'price-unknown': 'there was no live price.',
};

const unsentMessage = (thing: string, cause: NotSentCause): TvMessage =>
  cause === 'cancelled'
    ? { text: `The ${thing} was cancelled before it was sent.`, type: 'information' }
    : { text: `The ${thing} was not sent: ${unsent[cause]}`, type: 'error' };

const closings: Readonly<Record<CloseReason, string>> = {
  user: 'Closed at the broker.',
  'stop-loss': 'Closed by stop loss.',
  'take-profit': 'Closed by take profit.',
  'stop-out': 'Closed by the broker: the margin level was too low.',
  reconciled: 'Found closed at the broker.',
  unknown: 'Closed at the broker.',
};

/** A note as the message of an order or a position. */
export function messageOf(note: Note): TvMessage {
  switch (note.about) {
    case 'rejected':
      return { text: `The ${things[note.what]} was rejected: ${rejectionText(note.reason, note.text)}`, type: 'error' };
    case 'unknown':
      return {
        text: `The broker has not confirmed the ${things[note.what]}. Its outcome is being looked up.`,
        type: 'warning',
      };
    case 'not-sent':
    case 'not-executed':
      if (note.cause !== undefined) return unsentMessage(things[note.what], note.cause);
      return note.about === 'not-executed'
        ? { text: `The broker did not execute the ${things[note.what]}.`, type: 'error' }
        : { text: `The ${things[note.what]} did not reach the broker in time and was not sent.`, type: 'error' };
    case 'waiting':
      return { text: 'Waiting to be sent to the broker.', type: 'information' };
    case 'not-connected':
      return {
        text: `The broker is not connected: the ${things[note.what]} waits and has not been sent.`,
        type: 'warning',
      };
    case 'resolved':
      return {
        text: `Support found out that the ${things[note.what]} was ${note.executed ? '' : 'not '}executed.`,
        type: 'information',
      };
    case 'expired':
      return { text: 'The order expired.', type: 'information' };
    case 'trigger-failed':
      return { text: 'The order was triggered and could not be executed.', type: 'error' };
    case 'overtaken':
      return { text: 'The position was closed already.', type: 'information' };
    case 'revived':
      return { text: 'The broker executed an order that had seemed to fail.', type: 'warning' };
    case 'closed':
      return { text: closings[note.reason], type: note.reason === 'stop-out' ? 'warning' : 'information' };
    default:
      return unreachable(note);
  }
}

/** The broker's own words say more only where we have none. */
const rejectionText = (reason: RejectionReason, text: string | null): string =>
  reason === 'broker-error' && text !== null && text !== '' ? `${rejections[reason]} (${text})` : rejections[reason];
