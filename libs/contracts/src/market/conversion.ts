import { add, divide, multiply } from '@core/kernel/decimal';
import type { Currency, Instrument, Decimal } from '../primitives.ts';
import type { InstrumentSpec } from './instrument.ts';
import type { Quote } from './quote.ts';

/** Kinds of instruments that are two currencies and nothing else. */
const PAIRS: ReadonlySet<InstrumentSpec['category']> = new Set(['forex', 'crypto']);

/** Currencies that a rate may go by where no pair has both, in order of preference. */
const BRIDGES: readonly Currency[] = ['USD', 'EUR'];

/** A quoted pair on the way from one currency to another, inverted where it is quoted the other way about. */
export interface ConversionLeg {
  readonly quote: Quote;
  readonly inverted: boolean;
}

/** Units of one currency for one of another: a fraction, so that what is converted is rounded once. */
export interface ConversionRate {
  readonly numerator: Decimal;
  readonly denominator: Decimal;
  /** None between equal currencies, two by way of a bridge. */
  readonly legs: readonly ConversionLeg[];
}

const IDENTITY: ConversionRate = { numerator: '1', denominator: '1', legs: [] };

/** `amount` in the other currency, rounded half away from zero to `digits` after the point. */
export const convert = (amount: Decimal, { numerator, denominator }: ConversionRate, digits?: number): Decimal =>
  divide(multiply(amount, numerator), denominator, digits);

/**
 * What one currency is worth in another, by a venue's own pairs at the middle of their quotes: the direct pair, else
 * its inverse, else two of these by way of a bridge (docs/decisions/0014).
 */
export class ConversionRates {
  private readonly pairs = new Map<string, Instrument[]>();

  constructor(
    instruments: Iterable<InstrumentSpec>,
    private readonly quoteOf: (instrument: Instrument) => Quote | null,
  ) {
    for (const { category, instrument, contract } of instruments) {
      if (PAIRS.has(category)) this.add(contract.baseCurrency, contract.quoteCurrency, instrument);
    }
  }

  /** `null` where no quoted pairs lead there: the caller leaves the converted figure out instead of guessing. */
  rate(from: string, to: string): ConversionRate | null {
    if (from === to) return IDENTITY;
    const direct = this.leg(from, to);
    if (direct) return rateOf(direct);
    for (const bridge of BRIDGES) {
      const first = this.leg(from, bridge);
      const second = first && this.leg(bridge, to);
      if (first && second) return rateOf(first, second);
    }
    return null;
  }

  private leg(from: string, to: string): ConversionLeg | null {
    const straight = this.quoted(from, to);
    if (straight) return { quote: straight, inverted: false };
    const inverse = this.quoted(to, from);
    return inverse && { quote: inverse, inverted: true };
  }

  private quoted(base: string, counter: string): Quote | null {
    for (const instrument of this.pairs.get(`${base}/${counter}`) ?? []) {
      const quote = this.quoteOf(instrument);
      if (quote) return quote;
    }
    return null;
  }

  /** The one that is named by its currencies goes before variants of it (`EURUSD` before `EURUSD_4`). */
  private add(base: string, counter: string, instrument: Instrument): void {
    const known = this.pairs.get(`${base}/${counter}`) ?? [];
    if (instrument === base + counter) known.unshift(instrument);
    else known.push(instrument);
    this.pairs.set(`${base}/${counter}`, known);
  }
}

function rateOf(...legs: readonly ConversionLeg[]): ConversionRate {
  let [numerator, denominator]: [Decimal, Decimal] = ['1', '1'];
  for (const { quote, inverted } of legs) {
    const twice = add(quote.bid, quote.ask);
    numerator = multiply(numerator, inverted ? '2' : twice);
    denominator = multiply(denominator, inverted ? twice : '2');
  }
  return { numerator, denominator, legs };
}
