import type { Recorded, RecordedEvent } from '@core/contracts/event';
import type { CloseReason } from '@core/contracts/events/position';
import type { Uuid } from '@core/contracts/primitives';
import { breachInWords } from './describe-event.ts';

/** Why something is as it is, in a sentence: the last event that decides on it; null where none does. */
export function verdictOf(id: Uuid, events: readonly RecordedEvent[]): string | null {
  return events.reduce<string | null>((verdict, event) => saidOf(id, event) ?? verdict, null);
}

function saidOf(id: Uuid, event: RecordedEvent): string | null {
  switch (event.type) {
    case 'CommandRefused':
      return concerns(id, event.data) ? refusedBecause(event) : null;
    case 'RequestRejected': {
      const { requestId, reason, text } = event.data;
      return requestId === id ? `The broker rejected it: ${reason}${text === null ? '' : `, ${text}`}.` : null;
    }
    case 'RequestExpired': {
      const { requestId, reason, cause } = event.data;
      if (requestId !== id) return null;
      return reason === 'not-sent' ? `It was never sent: ${cause ?? 'in time'}.` : 'The broker never executed it.';
    }
    case 'RequestResolved': {
      const { requestId, executed, operator, note } = event.data;
      return requestId === id ? `${operator} settled it as ${executed ? '' : 'not '}executed: ${note}.` : null;
    }
    case 'OrderFilled':
      return event.data.orderId === id ? `It was filled at ${event.data.price}.` : null;
    case 'OrderCancelled':
      return event.data.orderId === id ? `It was cancelled, by ${event.data.reason}.` : null;
    case 'OrderExpired':
      return event.data.orderId === id ? 'It stood until its good-till passed, and was not filled.' : null;
    case 'PositionClosed': {
      const { positionId, reason, price, profit, inferred } = event.data;
      if (positionId !== id) return null;
      const found = inferred ? '; nobody listened then, it was found by comparing with the broker' : '';
      return `It was closed at ${price} with a profit of ${profit}: ${CLOSED_BY[reason]}${found}.`;
    }
    case 'SignalRefused': {
      const { signalId, step, reason, text } = event.data;
      return signalId === id ? `It did not trade (${step}): ${reason}${text === null ? '' : `, ${text}`}.` : null;
    }
    case 'SignalOutcomeUnknown':
      return event.data.signalId === id ? 'Nobody knows what became of its request.' : null;
    case 'SignalExecuted': {
      const { signalId, superseded, requestIds } = event.data;
      if (signalId !== id) return null;
      return superseded
        ? 'It had nothing to trade: what it wanted was true already, or a later one overtook it.'
        : `It traded, by ${requestIds.length === 1 ? '1 request' : `${requestIds.length} requests`}.`;
    }
    default:
      return null;
  }
}

const CLOSED_BY: Readonly<Record<CloseReason, string>> = {
  user: 'somebody asked for it',
  'stop-loss': 'its stop loss was met',
  'take-profit': 'its take profit was met',
  'stop-out': 'the broker closed it for want of margin',
  reconciled: 'it stood at the broker no more, and its end could not be seen',
  unknown: 'the broker does not say why',
};

const concerns = (id: Uuid, { requestId, signalId }: Recorded<'CommandRefused'>['data']): boolean =>
  requestId === id || signalId === id;

const refusedBecause = ({ data: { reason, text, breach, omitted } }: Recorded<'CommandRefused'>): string => {
  const why = [breach ? breachInWords(breach) : reason, text].filter(Boolean).join(', ');
  const left = omitted === 0 ? '' : ` (${omitted} refusals of this account before it were too many to be kept)`;
  return `We refused it: ${why}${left}.`;
};
