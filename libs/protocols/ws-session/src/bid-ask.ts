import { convert, type ConversionLeg, type ConversionRates } from '@core/contracts/market/conversion';
import type { Quote } from '@core/contracts/market/quote';
import type { ContractTerms, Decimal, Instant, Instrument } from '@core/contracts/primitives';
import { divide, multiply, ZERO } from '@core/kernel/decimal';
import type { BidAsk } from './root-models.ts';

/** Decimals of a rate that had to be divided. */
export const RATE_DIGITS = 10;

/** What one unit of a currency is worth in another: at what valuation uses, and at both sides of the market. */
export interface Rate {
  readonly price: Decimal;
  readonly bidAsk: BidAsk;
}

/** A price at which something is known to have traded stands on both sides: the log holds no other. */
export const tradedAt = (instrument: Instrument, contract: ContractTerms, price: Decimal, date: Instant): BidAsk => ({
  id: instrument,
  bid: price,
  ask: price,
  date,
  base: contract.baseCurrency,
  quote: contract.quoteCurrency,
});

export const bidAskOf = (
  { instrument, bid, ask, time }: Quote,
  contract: Pick<ContractTerms, 'baseCurrency' | 'quoteCurrency'>,
): BidAsk => ({
  id: instrument,
  bid,
  ask,
  date: time,
  base: contract.baseCurrency,
  quote: contract.quoteCurrency,
});

/**
 * Zero where the market does not say: no rate is, so a reader can tell.
 * The identity between equal currencies has no names, and like an unknown rate the time given as `date`.
 */
export function rateOf(from: string, to: string, rates: ConversionRates, date: Instant): Rate {
  const rate = rates.rate(from, to);
  if (rate === null) return unknownRate(from, to, date);
  const price = convert('1', rate, RATE_DIGITS);
  const [first, second] = rate.legs;
  const names = namesOf(from, to);
  if (!first) return { price, bidAsk: { id: '', bid: price, ask: price, date, ...names } };
  const sides = second ? chained(sidesOf(first), sidesOf(second)) : sidesOf(first);
  return { price, bidAsk: { ...sides, ...names } };
}

/** No rate is zero: what stands beside it is not known. */
export const unknownRate = (from: string, to: string, date: Instant): Rate => ({
  price: ZERO,
  bidAsk: { id: '', bid: ZERO, ask: ZERO, date, ...namesOf(from, to) },
});

const namesOf = (from: string, to: string) => (from === to ? { base: '', quote: '' } : { base: from, quote: to });

/** What one unit of an instrument's base is worth in `to`, by its own quote at the side that `price` is of. */
export function baseRateOf(price: Decimal, quoted: BidAsk, to: string, rates: ConversionRates): Rate {
  if (quoted.quote === to) return { price, bidAsk: quoted };
  if (quoted.base === to) return rateOf(to, to, rates, quoted.date);
  const on = rateOf(quoted.quote, to, rates, quoted.date);
  const sides = chained(quoted, on.bidAsk);
  return { price: multiply(price, on.price), bidAsk: { ...sides, base: quoted.base, quote: to } };
}

type Sides = Pick<BidAsk, 'id' | 'bid' | 'ask' | 'date'>;

const sidesOf = ({ quote: { instrument: id, bid, ask, time: date }, inverted }: ConversionLeg): Sides =>
  inverted
    ? { id, bid: divide('1', ask, RATE_DIGITS), ask: divide('1', bid, RATE_DIGITS), date }
    : { id, bid, ask, date };

/** As old as its older half. */
const chained = (first: Sides, second: Sides): Sides => ({
  id: '',
  bid: multiply(first.bid, second.bid),
  ask: multiply(first.ask, second.ask),
  date: first.date < second.date ? first.date : second.date,
});
