import type { AmendmentTerms } from '@core/contracts/events/request';
import type { CommandBody } from '@core/contracts/command';
import type { Decimal, Instrument, OrderId, PositionId, Side } from '@core/contracts/primitives';
import { compare } from '@core/kernel/decimal';
import { err, ok } from '@core/kernel/result';
import { protectionOf, type ProtectivePrices } from '@core/views/tradingview/brackets';
import {
  pendingTermsOf,
  positionOf,
  ticketOf,
  type SessionPosition,
  type Screen,
} from '@core/views/tradingview/session-state';
import { isFinal, type Ticket } from '@core/views/tradingview/ticket';
import { lotsOf } from '../translate/quantity.ts';
import { refusalText } from '../translate/words.ts';
import { decodePositive, notPositive, type Decoded } from './form.ts';
import { decodeBrackets, decodeExpiry, decodePrice, decodeSeen, decodeTrailing, type TermsForm } from './order.ts';

// What the user does to things on the screen, in our words: a bracket is changed through what it protects.

/** `PUT /orders/{id}`; what it repeats of the order must be right. */
export interface ModifyForm extends TermsForm {
  readonly id?: string;
  readonly instrument?: string;
  readonly side?: string;
  readonly type?: string;
  readonly qty: string;
}

export function decodeModifyOrder(book: Screen, id: string, form: ModifyForm): Decoded<AmendmentTerms> {
  const found = changeable(book, id);
  if (!found.ok) return found;
  const ticket = found.value;
  const same = checkUnchanged(form, ticket);
  if (!same.ok) return same;
  if (ticket.kind !== 'order') {
    const price = decodePrice(form, ticket.type, ticket.price);
    return price.ok ? withBracket(book, ticket, price.value, form) : price;
  }
  const standing = orderTerms(book, ticket);
  if (!standing.ok) return standing;
  const price = decodePrice(form, ticket.type, standing.value.price);
  if (!price.ok) return price;
  const { contract, side } = ticket;
  const brackets = decodeBrackets(form, { contract, side, from: price.value });
  if (!brackets.ok) return brackets;
  const expiresAt = decodeExpiry(form, standing.value.expiresAt);
  if (!expiresAt.ok) return expiresAt;
  return ok({
    ...standing.value,
    price: price.value ?? standing.value.price,
    ...withoutTrailing(standing.value, brackets.value),
    expiresAt: expiresAt.value,
  });
}

/** `DELETE /orders/{id}`: an order is cancelled, a bracket is taken off what it protects. */
export function decodeCancelOrder(
  book: Screen,
  id: string,
): Decoded<{ readonly cancel: OrderId } | { readonly amend: AmendmentTerms }> {
  const found = changeable(book, id);
  if (!found.ok) return found;
  const ticket = found.value;
  if (ticket.orderId !== null) return ok({ cancel: ticket.orderId });
  const terms = withBracket(book, ticket, null, {});
  return terms.ok ? ok({ amend: terms.value }) : terms;
}

/** `PUT /positions/{id}`: its brackets. */
export type ModifyPositionForm = Pick<
  TermsForm,
  'stopLoss' | 'takeProfit' | 'trailingStopPips' | 'guaranteedStop' | 'currentAsk' | 'currentBid'
>;

/** `from` is what the position could be closed at; null where nobody says. */
export function decodeModifyPosition(
  book: Screen,
  id: string,
  form: ModifyPositionForm,
  from: (position: SessionPosition) => Decimal | null,
): Decoded<AmendmentTerms> {
  const position = openPosition(book, id);
  if (!position.ok) return position;
  const { contract, side } = position.value;
  const brackets = decodeBrackets(form, { contract, side, from: from(position.value) });
  if (!brackets.ok) return brackets;
  if (brackets.value.trailingPoints && brackets.value.stopLoss === null) return err(refusalText('price-unknown'));
  const standing = pendingTermsOf(book, id) ?? protectionOf(book, id);
  return ok({ target: 'position', positionId: position.value.id, ...withoutTrailing(standing, brackets.value) });
}

/** What opens on the other side of a position that is closed. */
interface Reversed extends Omit<CommandBody<'ReversePosition'>['data'], 'requester' | 'worstPrice'> {
  readonly instrument: Instrument;
  readonly side: Side;
  /** What the user saw the market offer; null where the form does not say. */
  readonly seen: Decimal | null;
}

/** `PUT /positions/{id}` with a side. Brackets that are named are those of what opens. A repetition may find it closed. */
export function decodeReversePosition(
  book: Screen,
  id: string,
  form: ModifyPositionForm & { readonly side: Side },
  isRepeated = false,
): Decoded<Reversed> {
  const position = isRepeated ? knownPosition(book, id) : openPosition(book, id);
  if (!position.ok) return position;
  const { id: positionId, instrument, contract } = position.value;
  const { side } = form;
  if (side === position.value.side) return err({ key: 'position.sameSide' });
  const brackets = decodeBrackets(form, { contract, side, from: null });
  if (!brackets.ok) return brackets;
  const seen = decodeSeen(side, form);
  return seen.ok ? ok({ positionId, instrument, side, ...brackets.value, seen: seen.value }) : seen;
}

/** `DELETE /positions/{id}`: `amount` units of it, or all. */
export function decodeClosePosition(
  book: Screen,
  id: string,
  amount: string | undefined,
): Decoded<{ readonly positionId: PositionId; readonly volumeLots: Decimal | null }> {
  const position = openPosition(book, id);
  if (!position.ok) return position;
  const units = decodePositive({ key: 'field.quantity' }, amount);
  if (!units.ok) return units;
  if (units.value === null && amount !== undefined && amount !== '') return err(notPositive({ key: 'field.quantity' }));
  const lots = units.value === null ? null : lotsOf(units.value, position.value.contract);
  if (units.value !== null && lots === null) return err(refusalText('volume-not-multiple-of-step'));
  if (lots !== null && compare(lots, position.value.lots) > 0) return err(refusalText('volume-exceeds-position'));
  return ok({ positionId: position.value.id, volumeLots: lots });
}

function changeable(book: Screen, id: string): Decoded<Ticket> {
  const ticket = ticketOf(book, id);
  if (!ticket) return err(refusalText('unknown-order'));
  if (isFinal(ticket)) return err(refusalText('order-not-working'));
  return ticket.kind === 'close' ? err({ key: 'order.closingFixed' }) : ok(ticket);
}

function checkUnchanged(form: ModifyForm, ticket: Ticket): Decoded<null> {
  const repeated: readonly (readonly [string | undefined, string])[] = [
    [form.id, ticket.id],
    [form.instrument, ticket.instrument],
    [form.side, ticket.side],
    [form.type, ticket.type],
  ];
  if (repeated.some(([given, own]) => given !== undefined && given !== own)) {
    return err({ key: 'order.changeable' });
  }
  const units = decodePositive({ key: 'field.quantity' }, form.qty);
  if (!units.ok) return units;
  if (units.value === null || lotsOf(units.value, ticket.contract) !== ticket.lots) {
    return err({ key: 'order.quantityFixed' });
  }
  return ok(null);
}

/** As the user last wanted them, be it that the broker has not done it yet: what a change leaves out stays so. */
function orderTerms(book: Screen, ticket: Ticket): Decoded<AmendmentTerms & { target: 'order' }> {
  const { id, orderId, price, expiresAt } = ticket;
  if (orderId === null || price === null) return err({ key: 'order.marketFixed' });
  const pending = pendingTermsOf(book, orderId);
  if (pending?.target === 'order') return ok(pending);
  return ok({ target: 'order', orderId, price, ...protectionOf(book, id), expiresAt });
}

/** The parent's terms with another price for this bracket; null takes the bracket off. */
function withBracket(
  book: Screen,
  bracket: Ticket,
  price: Decimal | null,
  form: Pick<ModifyForm, 'trailingStopPips'>,
): Decoded<AmendmentTerms> {
  const standing = parentTerms(book, bracket);
  if (!standing.ok) return standing;
  if (bracket.kind !== 'stop-loss') return ok({ ...standing.value, takeProfit: price });
  const trailing = decodeTrailing(form, bracket.contract, price);
  if (!trailing.ok) return trailing;
  const wanted = { takeProfit: standing.value.takeProfit, stopLoss: price, ...trailing.value };
  return ok({ ...standing.value, ...withoutTrailing(standing.value, wanted) });
}

/** Who takes a stop loss off does not want it to come back with the price. */
function withoutTrailing<Wanted extends ProtectivePrices & Pick<AmendmentTerms, 'trailingPoints'>>(
  standing: ProtectivePrices,
  wanted: Wanted,
): Wanted {
  const isTakenOff = standing.stopLoss !== null && wanted.stopLoss === null;
  return isTakenOff && wanted.trailingPoints === undefined ? { ...wanted, trailingPoints: null } : wanted;
}

function parentTerms(book: Screen, { parent }: Ticket): Decoded<AmendmentTerms> {
  if (parent?.type === 'position') {
    const position = openPosition(book, parent.id);
    if (!position.ok) return position;
    const pending = pendingTermsOf(book, parent.id);
    return ok(pending ?? { target: 'position', positionId: parent.id, ...protectionOf(book, parent.id) });
  }
  const order = parent ? ticketOf(book, parent.id) : null;
  return order ? orderTerms(book, order) : err(refusalText('unknown-order'));
}

function openPosition(book: Screen, id: string): Decoded<SessionPosition> {
  const position = knownPosition(book, id);
  return position.ok && position.value.closedAt !== null ? err(refusalText('position-not-open')) : position;
}

function knownPosition(book: Screen, id: string): Decoded<SessionPosition> {
  const position = positionOf(book, id);
  return position ? ok(position) : err(refusalText('unknown-position'));
}
