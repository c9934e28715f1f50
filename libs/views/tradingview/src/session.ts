import type { EventBody, RecordedEvent } from '@core/contracts/event';
import { ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { Instant } from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { dropUnconfirmed } from './brackets.ts';
import * as orders from './order-events.ts';
import * as positions from './position-events.ts';
import * as requests from './request-events.ts';
import { dispatched, setCutOff } from './waiting.ts';
import { advance, emptyBook, type TradingSession } from './session-state.ts';
import type { Note } from './ticket.ts';

const ignored = ignoring(
  'AccountRegistered',
  'AccountUpdated',
  'BalanceChanged',
  'EquityMarked',
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

/**
 * One account as TradingView's user sees it during a session.
 * It is a fold of its own because TradingView's orders are more than ours: brackets and closings are orders too,
 * with ids, an order of states and a memory that no other reader of the log needs.
 */
export const tradingSession: Projection<TradingSession, RecordedEvent> = {
  name: 'tradingview-session',
  version: 9,
  initial: emptyBook,

  evolve(book, event) {
    advance(book, event.recordedtime);
    if (ignored(event)) return;
    const { type, data, time } = event;
    switch (type) {
      case 'OrderRequested':
        orders.orderRequested(book, data, time);
        break;
      case 'RequestDispatched':
        dispatched(book, data.requestId, time);
        break;
      case 'AccountSessionOpened':
      case 'AccountSessionLost':
        setCutOff(book, type === 'AccountSessionLost', time);
        break;
      case 'OrderWorking':
        orders.orderWorking(book, data, time);
        break;
      case 'OrderAmended':
        orders.orderAmended(book, data, time);
        break;
      case 'OrderFilled':
        orders.orderFilled(book, data, time);
        break;
      case 'OrderCancelled':
        orders.orderEnded(
          book,
          data.orderId,
          'cancelled',
          data.reason === 'trigger-failed' ? { about: data.reason } : null,
          time,
        );
        break;
      case 'OrderExpired':
        orders.orderEnded(book, data.orderId, 'cancelled', { about: 'expired' }, time);
        break;

      case 'AmendmentRequested':
        requests.amendmentRequested(book, data.requestId, data.terms);
        break;
      case 'CancellationRequested':
        requests.cancellationRequested(book, data.requestId, data.orderId);
        break;
      case 'CloseRequested':
        requests.closeRequested(book, data, time);
        break;
      case 'RequestAccepted':
        accepted(book, data, time);
        break;
      case 'RequestRejected': {
        const { kind: what, reason, text } = data;
        ended(book, data, 'rejected', { about: 'rejected', what, reason, text }, time);
        break;
      }
      case 'RequestOutcomeUnknown':
        requests.outcomeUnknown(book, data, time);
        break;
      case 'RequestExpired':
        expired(book, data, time);
        break;
      case 'RequestResolved':
        resolved(book, data, time);
        break;

      case 'PositionOpened':
        positions.positionOpened(book, data, time);
        break;
      case 'PositionAmended':
        positions.positionAmended(book, data, time);
        break;
      case 'PositionReduced':
        positions.positionReduced(book, data, time);
        break;
      case 'PositionSwapCharged':
        positions.swapCharged(book, data);
        break;
      case 'PositionClosed':
        positions.positionClosed(book, data, time);
        break;

      case 'AccountReconciled':
        dropUnconfirmed(book, time);
        break;
      default:
        return unreachable(type);
    }
  },
};

type Request = Pick<EventBody<'RequestAccepted'>['data'], 'kind' | 'requestId'>;

function accepted(book: TradingSession, { kind, requestId }: Request, at: Instant): void {
  if (kind === 'order') orders.orderAccepted(book, requestId, at);
  else if (kind === 'close') requests.closeAccepted(book, requestId, at);
  else requests.requestEnded(book, requestId, null, at);
}

/** An order and a close are tickets of their own and end as such; the others leave a note where they aimed. */
function ended(
  book: TradingSession,
  { kind, requestId }: Request,
  status: 'cancelled' | 'rejected',
  note: Note,
  at: Instant,
): void {
  if (kind === 'order') orders.orderEnded(book, requestId, status, note, at);
  else if (kind === 'close') requests.closeEnded(book, requestId, status, note, at);
  else requests.requestEnded(book, requestId, note, at);
}

/** What a user took back is no failure, and what a later change took over is none. */
function expired(book: TradingSession, data: EventBody<'RequestExpired'>['data'], at: Instant): void {
  const { kind, reason, cause } = data;
  if (kind === 'amendment' && cause === 'superseded') return requests.requestEnded(book, data.requestId, null, at);
  const status = cause === 'cancelled' ? 'cancelled' : 'rejected';
  ended(book, data, status, { about: reason, what: kind, ...(cause && { cause }) }, at);
}

/** An operator found out what nobody could tell. */
function resolved(book: TradingSession, data: EventBody<'RequestResolved'>['data'], at: Instant): void {
  const { kind, requestId, executed } = data;
  const note: Note = { about: 'resolved', what: kind, executed };
  if (!executed) ended(book, data, 'cancelled', note, at);
  else if (kind === 'order') orders.orderResolvedAsExecuted(book, requestId, note, at);
  else if (kind === 'close') requests.closeEnded(book, requestId, 'filled', note, at);
  else requests.requestEnded(book, requestId, null, at);
}
