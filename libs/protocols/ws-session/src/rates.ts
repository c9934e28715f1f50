import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { ContractTerms, Decimal, Instant, Instrument } from '@core/contracts/primitives';
import { divide, multiply, ZERO } from '@core/kernel/decimal';
import type { BidAsk } from './root-models.ts';

/** One venue's market as it was last heard of. */
export interface Market {
  /** Null until the venue told: no instruments known is not the same as none. */
  readonly instruments: ReadonlyMap<Instrument, InstrumentSpec> | null;
  quote(instrument: Instrument): Quote | null;
}

/** Currencies through which a rate is made where no instrument has both. */
const CROSS = ['USD', 'EUR'];

/** Decimals of a rate that had to be divided. */
const RATE_DIGITS = 10;

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

const identity = (date: Instant): BidAsk => ({ id: '', bid: '1', ask: '1', date, base: '', quote: '' });

/** No rate is zero, so a reader can tell that this one is not known. */
const unknown = (from: string, to: string, date: Instant): BidAsk => ({
  id: '',
  bid: ZERO,
  ask: ZERO,
  date,
  base: from,
  quote: to,
});

/**
 * What one unit of `from` costs in `to`: the identity between equal currencies, else from the market, directly, turned
 * around, or through a third currency. Zero where the market does not say; `date` is used where no quote has one.
 */
export function rateOf(from: string, to: string, market: Market, date: Instant): BidAsk {
  if (from === to) return identity(date);
  const pair = pairOf(from, to, market);
  if (pair) return pair;
  for (const through of CROSS) {
    const [first, second] = [pairOf(from, through, market), pairOf(through, to, market)];
    if (first && second) return chained(first, second);
  }
  return unknown(from, to, date);
}

/** What one unit of an instrument's base costs in `to`, given the instrument's own quote. */
export function baseRateOf(price: BidAsk, to: string, market: Market): BidAsk {
  if (price.quote === to) return price;
  if (price.base === to) return identity(price.date);
  return chained(price, rateOf(price.quote, to, market, price.date));
}

function pairOf(from: string, to: string, market: Market): BidAsk | null {
  for (const { instrument, contract, category } of market.instruments?.values() ?? []) {
    if (category !== 'forex' && category !== 'crypto') continue;
    const { baseCurrency: base, quoteCurrency: quote } = contract;
    const direct = base === from && quote === to;
    if (!direct && (base !== to || quote !== from)) continue;
    const last = market.quote(instrument);
    if (last) return direct ? bidAskOf(last, contract) : turnedAround(bidAskOf(last, contract));
  }
  return null;
}

const turnedAround = ({ id, bid, ask, date, base, quote }: BidAsk): BidAsk => ({
  id,
  bid: divide('1', ask, RATE_DIGITS),
  ask: divide('1', bid, RATE_DIGITS),
  date,
  base: quote,
  quote: base,
});

/** As old as its older half. */
const chained = (first: BidAsk, second: BidAsk): BidAsk => ({
  id: '',
  bid: multiply(first.bid, second.bid),
  ask: multiply(first.ask, second.ask),
  date: first.date < second.date ? first.date : second.date,
  base: first.base,
  quote: second.quote,
});
