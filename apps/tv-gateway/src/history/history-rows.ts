import type { RecordedEvent } from '@core/contracts/event';
import { ignoring, UPKEEP_EVENTS, RESTRICTION_EVENTS, SIGNAL_EVENTS } from '@core/contracts/ignoring';
import type { AccountId, Instant, Instrument } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import type { TradingSession } from '@core/views/tradingview/session-state';
import type { Note } from '@core/views/tradingview/ticket';
import { translateExecution, translateTicket } from '@core/tradingview/translate/order';

export interface OrderRow {
  readonly accountId: AccountId;
  readonly orderId: string;
  readonly finishedAt: Instant;
  /** Of the event that ended it. */
  readonly position: number;
  readonly json: string;
  readonly note: Note | null;
}

export interface ExecutionRow {
  readonly accountId: AccountId;
  readonly executionId: string;
  readonly instrument: Instrument;
  readonly at: Instant;
  readonly position: number;
  readonly json: string;
}

const addsNone = ignoring(
  'OrderRequested',
  'AmendmentRequested',
  'CancellationRequested',
  'CloseRequested',
  'RequestDispatched',
  'RequestAccepted',
  'RequestOutcomeUnknown',
  'PositionSwapCharged',
  'AccountRegistered',
  'AccountSessionOpened',
  'AccountSessionLost',
  'AccountUpdated',
  'BalanceChanged',
  'EquityMarked',
  ...SIGNAL_EVENTS,
  ...RESTRICTION_EVENTS,
  ...UPKEEP_EVENTS,
);

/** Whether an event can end an order, a bracket or a closing, or fill one: only these add rows. */
export function mayAddRows(event: RecordedEvent): boolean {
  if (addsNone(event)) return false;
  switch (event.type) {
    case 'RequestRejected':
    case 'RequestExpired':
      return event.data.kind === 'order' || event.data.kind === 'close';
    case 'RequestResolved':
    case 'OrderWorking':
    case 'OrderAmended':
    case 'OrderFilled':
    case 'OrderCancelled':
    case 'OrderExpired':
    case 'PositionOpened':
    case 'PositionAmended':
    case 'PositionReduced':
    case 'PositionClosed':
    case 'AccountReconciled':
      return true;
    default:
      return unreachable(event);
  }
}

/** The rows that an event adds, from the book just after it. */
export function rowsOf(
  { subject, position }: RecordedEvent,
  { latest, tickets }: TradingSession,
): { readonly orders: OrderRow[]; readonly executions: ExecutionRow[] } {
  return {
    orders: latest.tickets.flatMap((id) => {
      const ticket = tickets[id];
      if (!ticket) return [];
      const json = JSON.stringify(translateTicket(ticket));
      return [{ accountId: subject, orderId: id, finishedAt: ticket.changedAt, position, json, note: ticket.note }];
    }),
    executions: latest.executions.map((execution) => ({
      accountId: subject,
      executionId: execution.id,
      instrument: execution.instrument,
      at: execution.at,
      position,
      json: JSON.stringify(translateExecution(execution)),
    })),
  };
}
