import type { ContractTerms, Decimal, Instant, Instrument, Side } from '@core/contracts/primitives';
import { opposite } from '@core/contracts/primitives';
import {
  finish,
  ticketOf,
  type SessionPosition,
  type Guards,
  type Screen,
  type TradingSession,
} from './session-state.ts';
import { newTicket, type Ticket } from './ticket.ts';

// Brackets as TradingView knows them (manual, "Brackets"): orders of the opposite side and the parent's quantity.
// One that is removed stays, cancelled; its successor has an id of its own.

export interface Parent {
  readonly type: 'order' | 'position';
  readonly id: string;
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly lots: Decimal;
}

export interface ProtectivePrices {
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
}

/** What stands at the broker, or is to. */
interface Protection extends ProtectivePrices {
  /** How far the stop loss trails; null or absent is not at all. */
  readonly trailingPoints?: number | null | undefined;
}

const KINDS = ['stop-loss', 'take-profit'] as const;
type Kind = (typeof KINDS)[number];

export const orderAsParent = (ticket: Ticket): Parent => asParent('order', ticket);
export const positionAsParent = (position: SessionPosition): Parent => asParent('position', position);

const asParent = (type: Parent['type'], { id, instrument, contract, side, lots }: Omit<Parent, 'type'>): Parent => ({
  type,
  id,
  instrument,
  contract,
  side,
  lots,
});

/** The prices that protect an order or a position now, as its brackets show them. */
export const protectionOf = (book: Screen, parentId: string): ProtectivePrices => ({
  stopLoss: liveBracket(book, parentId, 'stop-loss')?.price ?? null,
  takeProfit: liveBracket(book, parentId, 'take-profit')?.price ?? null,
});

/** Brings the brackets of a parent to its protective prices: made, moved or cancelled. */
export function protect(book: TradingSession, parent: Parent, prices: Protection, at: Instant): void {
  for (const kind of KINDS) {
    const [price, trailing] =
      kind === 'stop-loss' ? [prices.stopLoss, prices.trailingPoints ?? null] : [prices.takeProfit, null];
    const live = liveBracket(book, parent.id, kind);
    // A position may come from the broker before its protection: until that is told, the bracket stays inactive.
    if (price === null && live?.status === 'inactive' && parent.type === 'position') continue;
    if (price === null) {
      if (live) cancel(book, parent.id, kind, live, at);
    } else if (live) {
      move(live, parent, { price, trailing }, at);
    } else {
      make(book, parent, kind, { price, trailing }, at);
    }
  }
}

/** The brackets of a filled order protect the position it became, under the ids they have. */
export function handOver(book: TradingSession, order: Ticket, position: SessionPosition, at: Instant): void {
  const guards = book.guards[order.id];
  if (!guards) return;
  for (const kind of KINDS) {
    const bracket = liveBracket(book, order.id, kind);
    if (!bracket) continue;
    bracket.parent = { type: 'position', id: position.id };
    bracket.lots = position.lots;
    bracket.changedAt = at;
    guards[kind].live = null;
    guardsOf(book, position.id)[kind].live = bracket.id;
  }
}

/** The parent got smaller, and its brackets with it. */
export function resize(book: TradingSession, parentId: string, lots: Decimal, at: Instant): void {
  for (const kind of KINDS) {
    const bracket = liveBracket(book, parentId, kind);
    if (!bracket) continue;
    bracket.lots = lots;
    bracket.changedAt = at;
  }
}

/** The parent is gone: so is what protected it. */
export function release(book: TradingSession, parentId: string, at: Instant): void {
  for (const kind of KINDS) {
    const bracket = liveBracket(book, parentId, kind);
    if (bracket) cancel(book, parentId, kind, bracket, at);
  }
}

/** The bracket that is in force or waits; null is none. */
export function liveBracket(book: Pick<Screen, 'tickets' | 'guards'>, parentId: string, kind: Kind): Ticket | null {
  const id = book.guards[parentId]?.[kind].live ?? null;
  return id === null ? null : ticketOf(book, id);
}

/** Reconciliation saw the position as it is: a bracket it did not confirm is not there. */
export function dropUnconfirmed(book: TradingSession, at: Instant): void {
  for (const position of Object.values(book.positions)) {
    for (const kind of KINDS) {
      const bracket = liveBracket(book, position.id, kind);
      if (bracket?.status === 'inactive') cancel(book, position.id, kind, bracket, at);
    }
  }
}

function cancel(book: TradingSession, parentId: string, kind: Kind, bracket: Ticket, at: Instant): void {
  finish(book, bracket, 'cancelled', at);
  guardsOf(book, parentId)[kind].live = null;
}

interface Level {
  readonly price: Decimal;
  readonly trailing: number | null;
}

function move(bracket: Ticket, parent: Parent, { price, trailing }: Level, at: Instant): void {
  const status = statusUnder(parent);
  const isMoved = bracket.price !== price || bracket.trailingPoints !== trailing;
  if (!isMoved && bracket.status === status && bracket.lots === parent.lots) return;
  bracket.price = price;
  bracket.trailingPoints = trailing;
  bracket.status = status;
  bracket.lots = parent.lots;
  bracket.changedAt = at;
}

function make(book: TradingSession, parent: Parent, kind: Kind, { price, trailing }: Level, at: Instant): void {
  const guard = guardsOf(book, parent.id)[kind];
  guard.made += 1;
  guard.live = `${parent.id}:${kind === 'stop-loss' ? 'sl' : 'tp'}:${guard.made}`;
  book.tickets[guard.live] = newTicket(
    {
      id: guard.live,
      kind,
      instrument: parent.instrument,
      contract: parent.contract,
      side: opposite(parent.side),
      type: kind === 'stop-loss' ? 'stop' : 'limit',
      parent: { type: parent.type, id: parent.id },
      lots: parent.lots,
      price,
      trailingPoints: trailing,
      status: statusUnder(parent),
    },
    at,
  );
}

const statusUnder = ({ type }: Parent): 'inactive' | 'working' => (type === 'order' ? 'inactive' : 'working');

const guardsOf = (book: TradingSession, parentId: string): Guards =>
  (book.guards[parentId] ??= { 'stop-loss': { live: null, made: 0 }, 'take-profit': { live: null, made: 0 } });
