import type { EventBody, RecordedEvent } from '@core/contracts/event';
import { ignoring, QUARANTINE_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { Instant } from '@core/contracts/primitives';
import type { Projection } from '@core/kernel/projection';
import { unreachable } from '@core/kernel/unreachable';
import { dropUnconfirmed } from './brackets.ts';
import * as orders from './order-events.ts';
import * as positions from './position-events.ts';
import * as requests from './request-events.ts';
import { advance, emptyBook, type TradingSession } from './session-state.ts';
import type { Note } from './ticket.ts';

type Resolution = EventBody<'OrderResolvedByOperator'>['data'];
type Rejection = Pick<EventBody<'OrderRejected'>['data'], 'reason' | 'text'>;

const ignored = ignoring(
  'OrderDispatched',
  'AmendmentDispatched',
  'CancellationDispatched',
  'CloseDispatched',
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'AccountUpdated',
  'BalanceChanged',
  'EquityMarked',
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...QUARANTINE_EVENTS,
);

/**
 * One account as TradingView's user sees it during a session.
 * It is a fold of its own because TradingView's orders are more than ours: brackets and closings are orders too,
 * with ids, an order of states and a memory that no other reader of the log needs.
 */
export const tradingSession: Projection<TradingSession, RecordedEvent> = {
  name: 'tradingview-session',
  version: 1,
  initial: emptyBook,

  evolve(book, event) {
    advance(book, event.recordedtime);
    if (ignored(event)) return book;
    const { type, data, time } = event;
    switch (type) {
      case 'OrderRequested':
        orders.orderRequested(book, data, time);
        break;
      case 'OrderAccepted':
        orders.orderAccepted(book, data.orderId, time);
        break;
      case 'OrderRejected':
        orders.orderEnded(book, data.orderId, 'rejected', { about: 'rejected', what: 'order', ...because(data) }, time);
        break;
      case 'OrderOutcomeUnknown':
        requests.outcomeUnknown(book, data.orderId, 'order', time);
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
        orders.orderEnded(
          book,
          data.orderId,
          'cancelled',
          data.reason === 'expired' ? { about: data.reason } : { about: data.reason, what: 'order' },
          time,
        );
        break;

      case 'AmendmentRequested':
        requests.amendmentRequested(book, data.requestId, data.terms);
        break;
      case 'CancellationRequested':
        requests.cancellationRequested(book, data.requestId, data.orderId);
        break;
      case 'AmendmentAccepted':
      case 'CancellationAccepted':
        requests.requestEnded(book, data.requestId, null, time);
        break;
      case 'AmendmentRejected':
        requests.requestEnded(book, data.requestId, { about: 'rejected', what: 'amendment', ...because(data) }, time);
        break;
      case 'CancellationRejected':
        requests.requestEnded(
          book,
          data.requestId,
          { about: 'rejected', what: 'cancellation', ...because(data) },
          time,
        );
        break;
      case 'AmendmentOutcomeUnknown':
      case 'CancellationOutcomeUnknown':
        requests.requestUnknown(book, data.requestId, time);
        break;
      case 'AmendmentExpired':
        requests.requestEnded(book, data.requestId, { about: data.reason, what: 'amendment' }, time);
        break;
      case 'CancellationExpired':
        requests.requestEnded(book, data.requestId, { about: data.reason, what: 'cancellation' }, time);
        break;

      case 'CloseRequested':
        requests.closeRequested(book, data, time);
        break;
      case 'CloseAccepted':
        requests.closeAccepted(book, data.requestId, time);
        break;
      case 'CloseRejected':
        requests.closeEnded(
          book,
          data.requestId,
          'rejected',
          { about: 'rejected', what: 'close', ...because(data) },
          time,
        );
        break;
      case 'CloseOutcomeUnknown':
        requests.outcomeUnknown(book, data.requestId, 'close', time);
        break;
      case 'CloseExpired':
        requests.closeEnded(book, data.requestId, 'cancelled', { about: data.reason, what: 'close' }, time);
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
      case 'OrderResolvedByOperator':
        resolved(book, data, time);
        break;
      default:
        return unreachable(type);
    }
    return book;
  },
};

/** An operator found out what nobody could tell. */
function resolved(book: TradingSession, { kind, requestId, executed }: Resolution, at: Instant): void {
  const note: Note = { about: 'resolved', what: kind, executed };
  switch (kind) {
    case 'order':
      if (executed) orders.orderResolvedAsExecuted(book, requestId, note, at);
      else orders.orderEnded(book, requestId, 'cancelled', note, at);
      return;
    case 'close':
      requests.closeEnded(book, requestId, executed ? 'filled' : 'cancelled', note, at);
      return;
    case 'amendment':
    case 'cancellation':
      requests.requestEnded(book, requestId, executed ? null : note, at);
      return;
    default:
      return unreachable(kind);
  }
}

const because = ({ reason, text }: Rejection): Rejection => ({ reason, text });
