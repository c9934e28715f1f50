// What a position is worth, decided once for every edge and venue: docs/decisions/0014.
import { multiply, subtract, sum } from '@core/kernel/decimal';
import type { ContractTerms, Currency, Instrument, Side, Decimal } from '../primitives.ts';
import { convert, ConversionRates, type ConversionRate } from './conversion.ts';
import type { Quote } from './quote.ts';

/** A venue's market as positions are valued by it. */
export interface PricedMarket {
  readonly rates: ConversionRates;
  quote(instrument: Instrument): Quote | null;
}

/** The market of a venue that has said nothing yet. */
export const UNKNOWN_MARKET: PricedMarket = { rates: new ConversionRates([], () => null), quote: () => null };

/** What of a position its value depends on. */
export interface ValuedPosition {
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly volumeLots: Decimal;
  readonly openPrice: Decimal;
}

type Sized = Pick<ValuedPosition, 'volumeLots'> & { readonly contract: Pick<ContractTerms, 'contractSize'> };
type Prices = Pick<Quote, 'bid' | 'ask'>;

/** Counted finer than money: a hundredth of a bitcoin is worth too much to be rounded away. */
const CRYPTO: ReadonlySet<Currency> = new Set(['BTC', 'ETH', 'LTC', 'XRP', 'BCH']);

/** Decimals of an amount in this currency. Brokers book hundredths of any state's currency, yen too. */
export const moneyDigits = (currency: Currency): number => (CRYPTO.has(currency) ? 8 : 2);

/** A long position opens at the ask and closes at the bid, a short one the other way about. */
export const openingPrice = (side: Side, { bid, ask }: Prices): Decimal => (side === 'buy' ? ask : bid);
export const closingPrice = (side: Side, { bid, ask }: Prices): Decimal => (side === 'buy' ? bid : ask);

/** What it would bring if it closed at this price, in the quote currency: without swap and commission, not rounded. */
export function grossProfit(
  position: Sized & Pick<ValuedPosition, 'side' | 'openPrice'>,
  closePrice: Decimal,
): Decimal {
  const { side, openPrice } = position;
  const gained = side === 'buy' ? subtract(closePrice, openPrice) : subtract(openPrice, closePrice);
  return nominalValue(position, gained);
}

/** Contract size · lots · price, in the quote currency, not rounded. */
export const nominalValue = ({ contract, volumeLots }: Sized, price: Decimal): Decimal =>
  multiply(multiply(volumeLots, contract.contractSize), price);

/** What a position of this nominal value holds back, in the account's currency. `rate` leads there. */
export const requiredMargin = (
  nominal: Decimal,
  marginPercent: Decimal,
  rate: ConversionRate,
  currency: Currency,
): Decimal => convert(multiply(nominal, multiply(marginPercent, '0.01')), rate, moneyDigits(currency));

/**
 * Gross profit of an open position at the price it would close at now, in the account's currency.
 * `null` while its quote, or a rate into the currency, is not known: left out, never guessed.
 */
export function openProfit(position: ValuedPosition, market: PricedMarket, currency: Currency): Decimal | null {
  const quote = market.quote(position.instrument);
  const rate = market.rates.rate(position.contract.quoteCurrency, currency);
  if (!quote || !rate) return null;
  return convert(grossProfit(position, closingPrice(position.side, quote)), rate, moneyDigits(currency));
}

/** Of open positions together; null where one of them cannot be valued: a partial sum is none. */
export function totalProfit(profits: readonly (Decimal | null)[]): Decimal | null {
  const known = profits.filter((profit) => profit !== null);
  return known.length < profits.length ? null : sum(known);
}
