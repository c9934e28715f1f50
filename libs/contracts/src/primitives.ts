// The words every event, command and quote is made of. Each is validated once, here.
import { isDecimal, isNegative, isPositive, type DecimalText } from '@core/kernel/decimal';
import { INSTANT_PATTERN, isMoment } from '@core/kernel/instant';
import { z } from 'zod';

/** Characters of a decimal: by far more than money, prices or volumes take, and than products of them do. */
const DECIMAL_MAX = 64;

/** Exact decimal text in its one spelling: `1.1`, never `1.10`. */
export const Decimal = z
  .templateLiteral([z.number()])
  .refine(
    (text) => text.length <= DECIMAL_MAX && isDecimal(text),
    `not a decimal in canonical spelling of at most ${DECIMAL_MAX} characters`,
  );
export type Decimal = DecimalText;

/** Decimal greater than zero: a price, a volume in lots. */
export const PositiveDecimal = Decimal.refine(isPositive, 'must be greater than zero');
/** Decimal of zero or more. */
export const NonNegativeDecimal = Decimal.refine((value) => !isNegative(value), 'must not be negative');

/** RFC 3339 in UTC with microseconds, a moment of the calendar. */
export const Instant = z.string().regex(INSTANT_PATTERN).refine(isMoment, 'no moment of the calendar');
export type Instant = z.output<typeof Instant>;

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Any UUID in lower-case spelling. */
export const Uuid = z.string().regex(UUID_PATTERN);
export type Uuid = z.output<typeof Uuid>;

export const AccountId = Uuid;
export type AccountId = Uuid;
export const TraderId = Uuid;
export type TraderId = Uuid;
export const OrderId = Uuid;
export type OrderId = Uuid;
export const PositionId = Uuid;
export type PositionId = Uuid;
/** One wish towards the broker: an order's id, or the id of an amendment, a cancellation or a close. */
export const RequestId = Uuid;
export type RequestId = Uuid;
export const IntegrationId = Uuid;
export type IntegrationId = Uuid;
/** The deduplication key of a strategy signal, as a UUID derived from its content. */
export const SignalId = Uuid;
export type SignalId = Uuid;

/** Subject of events that concern the whole installation, such as a trading halt for everyone. */
export const SYSTEM_ACCOUNT: AccountId = '00000000-0000-0000-0000-000000000000';

/** A broker server as the operator named it; accounts of one venue share instruments and prices. */
export const Venue = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
export type Venue = z.output<typeof Venue>;

/** A text that a database keeps, and can be asked for: well-formed, and without U+0000. */
export const KeptText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'holds what no database keeps');

/** The venue's own key of an instrument, opaque: `EURUSD`, `MSFT.US_9`. No database hands out NUL or half of a character. */
export const Instrument = KeptText.min(1).max(64);
export type Instrument = z.output<typeof Instrument>;

export const Currency = z.string().regex(/^[A-Z0-9]{3,8}$/);
export type Currency = z.output<typeof Currency>;

export const Side = z.enum(['buy', 'sell']);
export type Side = z.output<typeof Side>;

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

export const OrderKind = z.enum(['market', 'limit', 'stop']);
export type OrderKind = z.output<typeof OrderKind>;

/** What an instrument's lot is worth, frozen into events so that folds need no other source. */
export const ContractTerms = z.object({
  /** Units of the base asset in one lot. */
  contractSize: PositiveDecimal,
  baseCurrency: z.string().max(16),
  /** Currency of prices and of unconverted profit. */
  quoteCurrency: z.string().max(16),
  /** Decimals of a price. */
  digits: z.int().min(0).max(12),
  /** One pip in price terms: ten ticks for currency pairs, one tick elsewhere; absent where the log is older than it. */
  pipSize: PositiveDecimal.optional(),
});
export type ContractTerms = z.output<typeof ContractTerms>;

/** An edge by its name. */
export const EdgeName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);
/** In place of an edge's name where all of them are meant. */
export const EVERY_EDGE = '*';

/** Free text of people or brokers, bounded. */
export const Text = z.string().max(512);
