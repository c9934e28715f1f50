import type { EventType, RecordedEvent } from '@core/contracts/event';
import type { AccountId, Instant, Instrument } from '@core/contracts/primitives';
import type { TradingSession } from '@core/views/tradingview/session-state';
import { translateExecution, translateOrder } from '@core/tradingview/translate/order';

export interface OrderRow {
  readonly accountId: AccountId;
  readonly orderId: string;
  readonly finishedAt: Instant;
  /** Of the event that ended it. */
  readonly position: number;
  readonly json: string;
}

export interface ExecutionRow {
  readonly accountId: AccountId;
  readonly executionId: string;
  readonly instrument: Instrument;
  readonly at: Instant;
  readonly position: number;
  readonly json: string;
}

/** The events that can end an order, a bracket or a closing, or fill one: only these add rows. */
const ADDING: ReadonlySet<EventType> = new Set<EventType>([
  'OrderRejected',
  'OrderWorking',
  'OrderAmended',
  'OrderFilled',
  'OrderCancelled',
  'OrderExpired',
  'CloseRejected',
  'CloseExpired',
  'PositionOpened',
  'PositionAmended',
  'PositionReduced',
  'PositionClosed',
  'AccountReconciled',
  'OrderResolvedByOperator',
]);

export const mayAddRows = ({ type }: RecordedEvent): boolean => ADDING.has(type);

/** The rows that an event adds, from the book just after it. */
export function rowsOf(
  { subject, position }: RecordedEvent,
  { latest, tickets }: TradingSession,
): { readonly orders: OrderRow[]; readonly executions: ExecutionRow[] } {
  return {
    orders: latest.tickets.flatMap((id) => {
      const ticket = tickets[id];
      if (!ticket) return [];
      const json = JSON.stringify(translateOrder(ticket));
      return [{ accountId: subject, orderId: id, finishedAt: ticket.changedAt, position, json }];
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
