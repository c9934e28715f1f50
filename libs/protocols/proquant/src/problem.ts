import type { RejectionReason } from '@core/contracts/events/request';
import type { SignalRefusal } from '@core/contracts/events/signal';
import type { LimitKind } from '@core/contracts/limit';
import type { Refusal } from '@core/contracts/refusal';
import { unreachable } from '@core/kernel/unreachable';
import { z } from 'zod';

/** The errors that ProQuant shows its users in words of their own, guide section "Responding to Events". */
export const ErrorType = z.enum([
  'InsufficientFunds',
  'QuantityTooLow',
  'QuantityTooHigh',
  'InvalidQuantityPrecision',
  'UnsupportedInstrument',
  'PositionAlreadyExists',
  'MarketClosed',
  'PositionNotFound',
  'InvalidCredentials',
]);
type ErrorType = z.output<typeof ErrorType>;

/** Why a request failed. `type` null is what the sender knows no name for: its user sees a general notification. */
export interface Problem {
  readonly status: number;
  readonly type: ErrorType | null;
}

const named = (status: number, type: ErrorType): Problem => ({ status, type });

/** A failure of ours or of the transport: 400 malformed, 413, 429, 500, 503, 504. */
export const unnamed = (status: number): Problem => ({ status, type: null });

/** It is of another cell: whoever sends it here sends it wrongly. */
export const misdirected = unnamed(421);

export const invalidCredentials = named(401, 'InvalidCredentials');
const quantityTooLow = named(422, 'QuantityTooLow');
const quantityTooHigh = named(422, 'QuantityTooHigh');
const invalidPrecision = named(422, 'InvalidQuantityPrecision');
const unsupportedInstrument = named(422, 'UnsupportedInstrument');
const insufficientFunds = named(422, 'InsufficientFunds');
const marketClosed = named(409, 'MarketClosed');
/** 409 and not 404, which proxies send on their own. */
const positionNotFound = named(409, 'PositionNotFound');
const positionAlreadyExists = named(409, 'PositionAlreadyExists');

const PROBLEMS: Readonly<Record<SignalRefusal, Problem>> = {
  'integration-withdrawn': invalidCredentials,
  'unknown-ticker': unsupportedInstrument,
  'position-already-exists': positionAlreadyExists,
  'position-not-found': positionNotFound,
  'market-closed': marketClosed,
  'volume-not-multiple-of-step': invalidPrecision,
  'volume-below-minimum': quantityTooLow,
  'volume-above-maximum': quantityTooHigh,
  'insufficient-funds': insufficientFunds,
  'trading-disabled': invalidCredentials,
  'too-old': unnamed(422),
  'not-executed': unnamed(502),
};

/** What the sender hears of a signal that led to no trade. */
export const problemOfSignal = (reason: SignalRefusal): Problem => PROBLEMS[reason];

/**
 * What the sender hears of a command the ledger did not take; the same as of the signal it records as refused for it.
 * What the ledger never answers this edge with is a bug.
 */
export function problemOfRefusal({ reason, breach }: Refusal): Problem {
  switch (reason) {
    case 'integration-withdrawn':
    case 'unknown-ticker':
    case 'position-already-exists':
    case 'position-not-found':
    case 'volume-not-multiple-of-step':
    case 'volume-below-minimum':
    case 'volume-above-maximum':
    case 'trading-disabled':
    case 'too-old':
      return PROBLEMS[reason];
    case 'unknown-instrument':
    case 'short-selling-not-allowed':
      return PROBLEMS['unknown-ticker'];
    case 'instrument-not-tradable':
      return PROBLEMS['market-closed'];
    // Our operators' restrictions are none of the errors the sender knows.
    case 'trading-halted':
    case 'close-only':
      return PROBLEMS['not-executed'];
    case 'limit-exceeded':
      return breach ? problemOfLimit(breach.limit) : PROBLEMS['not-executed'];
    case 'duplicate-order':
      return unnamed(409);
    case 'limit-unmeasured':
      return unnamed(503);
    case 'unknown-account':
      return invalidCredentials;
    case 'malformed':
      return unnamed(400);
    case 'instruments-unavailable':
    case 'request-in-flight':
    case 'account-moving':
      return unnamed(503);
    default:
      return unnamed(500);
  }
}

/** Too much is a quantity that the sender knows a name for; too often is a pace; the rest is ours to answer for. */
function problemOfLimit(limit: LimitKind): Problem {
  switch (limit) {
    case 'order-volume':
    case 'order-notional':
    case 'instrument-exposure':
      return quantityTooHigh;
    case 'orders-per-second':
    case 'orders-per-minute':
    case 'orders-per-day':
      return unnamed(429);
    case 'rejections-in-a-row':
    case 'open-positions':
    case 'day-loss':
    case 'price-band':
    case 'quote-age':
      return PROBLEMS['not-executed'];
    default:
      return unreachable(limit);
  }
}

const REFUSALS: Readonly<Record<RejectionReason, SignalRefusal>> = {
  'insufficient-funds': 'insufficient-funds',
  'market-closed': 'market-closed',
  'off-quotes': 'market-closed',
  'volume-too-low': 'volume-below-minimum',
  'volume-too-high': 'volume-above-maximum',
  'volume-not-multiple-of-step': 'volume-not-multiple-of-step',
  'unknown-instrument': 'unknown-ticker',
  'trading-disabled': 'trading-disabled',
  'instrument-disabled': 'market-closed',
  'instrument-not-allowed': 'unknown-ticker',
  'short-selling-not-allowed': 'unknown-ticker',
  'hedging-not-allowed': 'not-executed',
  'change-not-allowed': 'not-executed',
  'not-found': 'position-not-found',
  'invalid-price': 'not-executed',
  'invalid-protection': 'not-executed',
  superseded: 'not-executed',
  'broker-error': 'not-executed',
};

/** What a broker's rejection of a signal's request makes of the signal. */
export const refusalOfRejection = (reason: RejectionReason): SignalRefusal => REFUSALS[reason];
