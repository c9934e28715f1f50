import type { ContractTerms, Instant } from '@core/contracts/primitives';
import { toNumber, ZERO } from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';
import type { Language } from '@core/kernel/language';
import { sessionStart, type Execution, type Screen } from '@core/views/tradingview/session-state';
import { averagePrice, type Note, type Ticket } from '@core/views/tradingview/ticket';
import type { TvExecution } from '../wire/execution.ts';
import type { TvOrder } from '../wire/order.ts';
import { durationOf } from './durations.ts';
import { dialogFields } from './order-dialog.ts';
import { pipsOf } from './pips.ts';
import { unitsOf } from './quantity.ts';
import { messageOf } from './words.ts';

/** Every order of the session: what lives, and what ended since it began. */
export const translateOrders = (book: Screen, now: Instant, language: Language): TvOrder[] => {
  const start = sessionStart(now);
  return Object.values(book.tickets)
    .filter(({ finishedAt }) => finishedAt === null || finishedAt >= start)
    .map((ticket) => translateOrder(ticket, language));
};

const translateOrder = (ticket: Ticket, language: Language): TvOrder =>
  withNote(translateTicket(ticket), ticket.note, language);

/** What of an order is the same in all languages. */
export function translateTicket(ticket: Ticket): TvOrder {
  const average = averagePrice(ticket);
  return {
    id: ticket.id,
    instrument: ticket.instrument,
    qty: unitsOf(ticket.lots, ticket.contract),
    side: ticket.side,
    type: ticket.type,
    filledQty: unitsOf(ticket.filledLots, ticket.contract),
    ...(average !== null && { avgPrice: toNumber(average) }),
    ...(ticket.type === 'limit' && { limitPrice: toNumber(ticket.price ?? ZERO) }),
    ...(ticket.type === 'stop' && { stopPrice: toNumber(ticket.price ?? ZERO) }),
    ...(ticket.trailingPoints !== null && trailingOf(ticket.trailingPoints, ticket.contract)),
    ...(ticket.parent !== null && { parentId: ticket.parent.id, parentType: ticket.parent.type }),
    ...(ticket.kind === 'order' && ticket.type !== 'market' && { duration: durationOf(ticket.expiresAt) }),
    ...(ticket.slippagePercent !== null && { customFields: dialogFields(ticket.slippagePercent) }),
    lastModified: secondsOf(ticket.changedAt),
    status: ticket.status,
  };
}

function trailingOf(points: number, contract: ContractTerms): Pick<TvOrder, 'isTrailingStop' | 'trailingStopPips'> {
  const pips = pipsOf(points, contract);
  return { isTrailingStop: true, ...(pips !== null && { trailingStopPips: pips }) };
}

export const withNote = (order: TvOrder, note: Note | null, language: Language): TvOrder =>
  note === null ? order : { ...order, message: messageOf(note, language) };

export const translateExecution = (execution: Execution): TvExecution => ({
  id: execution.id,
  instrument: execution.instrument,
  price: toNumber(execution.price),
  time: secondsOf(execution.at),
  qty: unitsOf(execution.lots, execution.contract),
  side: execution.side,
  orderId: execution.ticketId,
  isClose: execution.isClose,
  positionId: execution.positionId,
  ...(execution.commission !== ZERO && { commission: -toNumber(execution.commission) }),
});

const secondsOf = (instant: Instant): number => Math.floor(toMs(instant) / 1000);
