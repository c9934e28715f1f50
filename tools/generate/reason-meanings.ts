import type { EventBody } from '@core/contracts/event';
import type { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import type { RefusalReason } from '@core/contracts/refusal';
import type { Meaning } from '@core/ws-session/error-meaning';

type ExpiryReason = EventBody<'RequestExpired'>['data']['reason'];

const means = (cause: string, remedy: string): Meaning => ({ cause, remedy });

const OURS = means('A message between our own services, which no client causes.', 'Tell us.');
const CORRECT = 'Correct it and ask again.';
const LATER = 'Ask again later.';
const READ_AGAIN = 'Read what stands, and ask again for what is left.';

/** Why the ledger does not take what it is asked for. */
export const refusalMeanings: Readonly<Record<RefusalReason, Meaning>> = {
  'account-already-registered': means('The account exists already.', 'Nothing.'),
  'unknown-instrument': means(
    'The account’s broker does not offer the instrument.',
    'Use the names of its instruments.',
  ),
  'volume-below-minimum': means('Less than the instrument’s minimum.', CORRECT),
  'volume-above-maximum': means('More than the instrument’s maximum.', CORRECT),
  'volume-not-multiple-of-step': means('No multiple of the instrument’s volume step.', CORRECT),
  'price-required': means('A limit or stop order without a price.', CORRECT),
  'price-not-allowed': means('A market order with a price.', CORRECT),
  'price-off-tick': means('No multiple of the instrument’s smallest price movement.', CORRECT),
  'stop-loss-on-wrong-side': means('The stop loss would trigger at once.', CORRECT),
  'take-profit-on-wrong-side': means('The take profit would trigger at once.', CORRECT),
  'duplicate-order': means(
    'An order with the same terms was placed on the account a moment before.',
    'Wait, where it is meant; look at the orders, where it is not.',
  ),
  'expiry-in-the-past': means('The order would have ended before it begins.', CORRECT),
  'unknown-order': means('No such order on the account.', READ_AGAIN),
  'order-not-working': means('The order was filled, cancelled or has expired.', READ_AGAIN),
  'unknown-position': means('No such position on the account.', READ_AGAIN),
  'position-not-open': means('The position is closed.', READ_AGAIN),
  'volume-exceeds-position': means('More is to be closed than is open.', CORRECT),
  'unknown-request': OURS,
  'already-dispatched': OURS,
  'already-settled': OURS,
  'too-old': means('The request waited longer than it may, for the broker mostly.', 'Ask anew, at today’s price.'),
  'price-moved': means('The price left the bound of the order.', 'Ask anew with another bound.'),
  'price-unknown': means('There is no live price to hold the order’s bound to.', LATER),
  'not-closed': means('The close that the order was to follow did not happen.', READ_AGAIN),
  'integration-withdrawn': means(
    'The user has not approved, or has deleted, the integration.',
    'Let the user approve it.',
  ),
  'unknown-ticker': means('The integration maps this ticker to no instrument.', 'Let the operator map it.'),
  'position-already-exists': means(
    'The strategy holds a position of this id already.',
    'Close it first, or use another id.',
  ),
  'position-not-found': means('The strategy holds no position of this id.', READ_AGAIN),
  'unknown-signal': OURS,
  'signal-not-waiting': OURS,
  'unknown-message': OURS,
  malformed: means('What was asked does not have the shape it must have.', CORRECT),
  'command-id-reused': means('Another request was made under this id.', 'Use an id for one request only.'),
  'unknown-account': means('No such account, or it is not the caller’s.', 'Read which accounts there are.'),
  'account-moving': means('The account is being moved to another server.', 'Ask again in some seconds.'),
  'unknown-move': OURS,
  'import-unfit': OURS,
  'trading-halted': means('An operator has halted trading.', LATER),
  'close-only': means('An operator allows only closing.', 'Close, or ask again later.'),
  'in-shadow': means(
    'An operator has what comes this way recorded and not traded.',
    'Nothing: it was recorded, and nothing was traded.',
  ),
  'limit-exceeded': means('A limit that an operator set would be exceeded; the answer says which.', 'Ask for less.'),
  'limit-unmeasured': means('A limit cannot be measured: a price, rate or balance is not known.', LATER),
  'trading-disabled': means('The broker does not let the account trade.', 'Ask the broker.'),
  'instruments-unavailable': means('The broker has not told its instruments since it was connected.', LATER),
  'instrument-not-tradable': means('The broker does not let the instrument be traded now.', LATER),
  'short-selling-not-allowed': means('The instrument cannot be sold short.', 'Nothing.'),
  'trailing-stop-not-allowed': means(
    'The broker lets no stop loss of the instrument trail.',
    'Set a stop loss that stays where it is.',
  ),
  'request-in-flight': means(
    'An earlier change of the same order or position has no outcome yet.',
    'Wait for it, and ask again.',
  ),
  'message-unreadable': OURS,
  'strategy-not-idle': means(
    'A strategy of the integration holds a position, or a signal of it has no outcome yet.',
    'Close what it holds, and ask again.',
  ),
  'outcome-not-unknown': means('An operator settles an outcome that is known.', 'Nothing.'),
};

/** Why the broker does not do what it was sent. */
export const rejectionMeanings: Readonly<Record<RejectionReason, Meaning>> = {
  'insufficient-funds': means('The free margin does not suffice.', 'Ask for less, or pay in.'),
  'market-closed': means('The instrument does not trade at this time.', 'Ask again when it does.'),
  'volume-too-low': means('Less than the broker takes.', CORRECT),
  'volume-too-high': means('More than the broker takes.', CORRECT),
  'volume-not-multiple-of-step': means('No multiple of the broker’s volume step.', CORRECT),
  'invalid-price': means('The price is not possible in the market as it is.', CORRECT),
  'invalid-protection': means('Stop loss or take profit are too close to the market, or on its wrong side.', CORRECT),
  'off-quotes': means('The price moved before the broker executed.', 'Ask again.'),
  'unknown-instrument': means('The broker does not know the instrument.', 'Use the names of its instruments.'),
  'trading-disabled': means('The broker does not let the account trade.', 'Ask the broker.'),
  'instrument-disabled': means('The broker has switched the instrument off.', LATER),
  'instrument-not-allowed': means('The broker does not let this account trade the instrument.', 'Ask the broker.'),
  'short-selling-not-allowed': means('The instrument cannot be sold short.', 'Nothing.'),
  'hedging-not-allowed': means(
    'The broker allows no opposite positions in one instrument.',
    'Close the other one first.',
  ),
  'change-not-allowed': means('The broker does not let this be changed.', 'Nothing.'),
  'not-found': means('The broker does not know the order or position any more.', READ_AGAIN),
  superseded: means('Something else happened at the broker first.', READ_AGAIN),
  'broker-error': means('The broker failed; its own words stand beside.', 'Ask again, or ask the broker.'),
};

/** Why a request was not sent when its turn came. */
export const notSentMeanings: Readonly<Record<NotSentCause, Meaning>> = {
  'too-old': refusalMeanings['too-old'],
  'trading-halted': refusalMeanings['trading-halted'],
  'close-only': refusalMeanings['close-only'],
  cancelled: means('It was taken back before it was sent.', 'Nothing.'),
  superseded: means('A later change took its place.', 'Nothing.'),
  'price-moved': refusalMeanings['price-moved'],
  'price-unknown': refusalMeanings['price-unknown'],
  'not-closed': refusalMeanings['not-closed'],
};

/** How a request ends of which the broker did nothing. */
export const expiryMeanings: Readonly<Record<ExpiryReason, Meaning>> = {
  'not-sent': means('It ended before its first byte left; mostly a cause stands instead.', 'Ask again.'),
  'not-executed': means('It was sent, and the broker provably never did it.', 'Ask again.'),
};
