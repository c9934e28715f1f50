import { pointsOf } from '@core/contracts/market/point';
import type { ContractTerms, Decimal, Instant, OrderKind, Side } from '@core/contracts/primitives';
import { add, compare, subtract, toNumber } from '@core/kernel/decimal';
import { err, ok } from '@core/kernel/result';
import type { ProtectivePrices } from '@core/views/tradingview/brackets';
import { expiryFromSeconds } from '../translate/durations.ts';
import { pipsInPoints } from '../translate/pips.ts';
import { lotsOf } from '../translate/quantity.ts';
import { refusalText } from '../translate/words.ts';
import { decodeNumber, decodePositive, notPositive, type Decoded } from './form.ts';

/** The terms of an order as a form carries them, all text; unknown fields are ignored. */
export interface TermsForm {
  readonly qty?: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly durationType?: string;
  readonly durationDateTime?: string;
  readonly stopLoss?: string;
  readonly takeProfit?: string;
  readonly trailingStopPips?: string;
  readonly guaranteedStop?: string;
  readonly currentAsk?: string;
  readonly currentBid?: string;
  /** Of the order dialog's own fields: how far the price may slip, in percent. */
  readonly slippage?: string;
}

/** `POST /orders`. */
export interface PlaceForm extends TermsForm {
  readonly instrument: string;
  readonly side: Side;
  readonly type: string;
  readonly qty: string;
}

export interface NewOrder extends Brackets {
  readonly side: Side;
  readonly kind: OrderKind;
  readonly units: Decimal;
  readonly volumeLots: Decimal;
  readonly price: Decimal | null;
  /** What the user saw the market offer; null where the form does not say. */
  readonly seen: Decimal | null;
  /** How far the user lets the price of a market order slip; absent is as far as allowed. */
  readonly slippagePercent?: Decimal;
  readonly expiresAt: Instant | null;
}

/** What is to protect an order or a position. */
interface Brackets extends ProtectivePrices {
  /** The distance of a stop loss that trails the price; absent is as it is, and none of a new one. */
  readonly trailingPoints?: number | null;
}

/** What a distance in pips means. */
export interface BracketScale {
  readonly contract: ContractTerms;
  /** Of what is protected. */
  readonly side: Side;
  /** From where a trailing stop begins whose own price is not named; null where that is the broker's to find. */
  readonly from: Decimal | null;
}

const KINDS: readonly string[] = ['market', 'limit', 'stop'] satisfies OrderKind[];
const isKind = (text: string): text is OrderKind => KINDS.includes(text);

export function decodePlaceOrder(form: PlaceForm, contract: ContractTerms): Decoded<NewOrder> {
  const { type: kind } = form;
  if (!isKind(kind)) return err({ key: 'order.typesOffered' });
  const units = decodePositive({ key: 'field.quantity' }, form.qty);
  if (!units.ok) return units;
  if (units.value === null) return err(notPositive({ key: 'field.quantity' }));
  const volumeLots = lotsOf(units.value, contract);
  if (volumeLots === null) return err(refusalText('volume-not-multiple-of-step'));
  const price = decodePrice(form, kind);
  if (!price.ok) return price;
  const brackets = decodeBrackets(form, { contract, side: form.side, from: price.value });
  if (!brackets.ok) return brackets;
  const expiresAt = kind === 'market' ? ok(null) : decodeExpiry(form, null);
  if (!expiresAt.ok) return expiresAt;
  const seen = decodeSeen(form.side, form);
  if (!seen.ok) return seen;
  const slippage = decodePositive({ key: 'field.slippage' }, form.slippage);
  if (!slippage.ok) return slippage;
  return ok({
    side: form.side,
    kind,
    units: units.value,
    volumeLots,
    price: price.value,
    seen: seen.value,
    ...brackets.value,
    ...(kind === 'market' && slippage.value !== null && { slippagePercent: slippage.value }),
    expiresAt: expiresAt.value,
  });
}

/** The price on the order's side of the market, as it stood in the order panel. */
export const decodeSeen = (
  side: Side,
  { currentAsk, currentBid }: Pick<TermsForm, 'currentAsk' | 'currentBid'>,
): Decoded<Decimal | null> =>
  side === 'buy'
    ? decodePositive({ key: 'field.currentAsk' }, currentAsk)
    : decodePositive({ key: 'field.currentBid' }, currentBid);

/** A bracket the form does not name is none: in a change it is removed (manual, "Brackets"). */
export function decodeBrackets(form: TermsForm, scale: BracketScale): Decoded<Brackets> {
  const guaranteed = decodePositive({ key: 'field.guaranteedStop' }, form.guaranteedStop);
  if (!guaranteed.ok || guaranteed.value !== null) return err({ key: 'order.noGuaranteedStop' });
  const stopLoss = decodePositive({ key: 'field.stopLoss' }, form.stopLoss);
  if (!stopLoss.ok) return stopLoss;
  const takeProfit = decodePositive({ key: 'field.takeProfit' }, form.takeProfit);
  if (!takeProfit.ok) return takeProfit;
  const seen = decodeSeen(scale.side, form);
  if (!seen.ok) return seen;
  const trailing = decodeTrailing(form, scale.contract, scale.from ?? seen.value);
  if (!trailing.ok) return trailing;
  const { trailingPoints } = trailing.value;
  const begins = trailingPoints ? behind(scale, trailingPoints) : null;
  return ok({ stopLoss: stopLoss.value ?? begins, takeProfit: takeProfit.value, ...trailing.value });
}

/** Named 0 it is none; not named it is as it is. Nothing trails as far behind as `price`, where that is known. */
export function decodeTrailing(
  { trailingStopPips }: Pick<TermsForm, 'trailingStopPips'>,
  contract: ContractTerms,
  price: Decimal | null,
): Decoded<Pick<Brackets, 'trailingPoints'>> {
  if (trailingStopPips === undefined || trailingStopPips === '') return ok({});
  const field = { key: 'field.trailingStop' } as const;
  const pips = decodePositive(field, trailingStopPips);
  if (!pips.ok) return pips;
  if (pips.value === null) return ok({ trailingPoints: null });
  const trailingPoints = pipsInPoints(pips.value, contract);
  if (trailingPoints === null) return err({ key: 'order.trailingStopSteps' });
  const isBeyond = price !== null && compare(pointsOf(trailingPoints, contract.digits), price) >= 0;
  return isBeyond ? err({ key: 'form.range', values: { field } }) : ok({ trailingPoints });
}

/** So far on the losing side of where it begins. */
function behind({ contract, side, from }: BracketScale, points: number): Decimal | null {
  const distance = pointsOf(points, contract.digits);
  return from && (side === 'buy' ? subtract(from, distance) : add(from, distance));
}

/** The price of an order; `standing` where the form names none. A price of another type of order is an error. */
export function decodePrice(
  form: TermsForm,
  kind: OrderKind,
  standing: Decimal | null = null,
): Decoded<Decimal | null> {
  const limit = decodePositive({ key: 'field.limitPrice' }, form.limitPrice);
  if (!limit.ok) return limit;
  const stop = decodePositive({ key: 'field.stopPrice' }, form.stopPrice);
  if (!stop.ok) return stop;
  const [price, other] = kind === 'stop' ? [stop.value, limit.value] : [limit.value, stop.value];
  if (kind === 'market') return (price ?? other) === null ? ok(null) : err(refusalText('price-not-allowed'));
  if (other !== null) return err({ key: kind === 'stop' ? 'order.stopHasNoLimitPrice' : 'order.limitHasNoStopPrice' });
  return price === null && standing === null ? err(refusalText('price-required')) : ok(price ?? standing);
}

/** When the order ends; `standing` where the form says nothing, null is never. */
export function decodeExpiry(form: TermsForm, standing: Instant | null): Decoded<Instant | null> {
  switch (form.durationType) {
    case undefined:
    case '':
      return ok(standing);
    case 'gtc':
      return ok(null);
    case 'gtt': {
      const seconds = decodeNumber({ key: 'field.expiration' }, form.durationDateTime);
      const expiresAt = seconds.ok && seconds.value !== null ? expiryFromSeconds(toNumber(seconds.value)) : null;
      return expiresAt === null ? err({ key: 'order.expirationMissing' }) : ok(expiresAt);
    }
    default:
      return err({ key: 'order.durationNotOffered' });
  }
}
