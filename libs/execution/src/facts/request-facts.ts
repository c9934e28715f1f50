import { requestOfToken } from '@core/contracts/order-token';
import type { Instant } from '@core/contracts/primitives';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import type { BookRequest } from '../broker-book.ts';
import { meaningOf, reasonOfMessage } from '@core/xapi/translate/error-reason';
import type { Fact } from '../fact.ts';
import { acceptance, rejection, type Rejection } from './request-outcome.ts';
import { awaitsOutcome, requestFor, type Knowledge } from '../knowledge.ts';
import { RequestStatus } from '@core/xapi/wire/enums';
import { StreamingTradeStatusRecord } from '@core/xapi/wire/trade-record';

/** What became of a request, from the stream or from `tradeTransactionStatus`. The price in it is the requested one. */
export interface TradeStatus {
  readonly brokerRequest: string;
  readonly status: number;
  readonly message: string | null;
  readonly customComment: string | null;
}

const Fields = StreamingTradeStatusRecord.pick({
  order: true,
  requestStatus: true,
  message: true,
  customComment: true,
}).partial({ message: true, customComment: true });

export function readTradeStatus(data: unknown): Result<TradeStatus, string> {
  const record = Fields.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  const { order, requestStatus, message, customComment } = record.data;
  return ok({
    brokerRequest: String(order),
    status: requestStatus,
    message: message ?? null,
    customComment: customComment ?? null,
  });
}

/** Final statuses; `pending` and ones nobody documented leave everything open. */
export const isFinal = ({ status }: TradeStatus): boolean =>
  status === RequestStatus.accepted || status === RequestStatus.rejected || status === RequestStatus.error;

/** The outcome that a status tells; `unmatched` while nobody knows whose number it is (it may beat the reply). */
export function translateStatus(view: Knowledge, status: TradeStatus, at: Instant): readonly Fact[] | 'unmatched' {
  if (!isFinal(status)) return [];
  const request = requestFor(view, status.brokerRequest, status.customComment);
  if (!request) return isSettled(view, status) ? [] : 'unmatched';
  if (!awaitsOutcome(request)) return [];
  if (status.status === RequestStatus.accepted)
    return [acceptance(view.account, request, status.brokerRequest, null, at)];
  const reason = reasonOfMessage(status.message);
  return [refused(view, request, { reason, brokerCode: null, text: status.message }, at)];
}

/** The broker's error reply to a trade command that it will not carry out. Null: the code does not say that. */
export function translateRefusal(
  view: Knowledge,
  request: BookRequest,
  errorCode: string,
  errorDescr: string,
  at: Instant,
): Fact | null {
  const answer = meaningOf(errorCode);
  if (answer.means !== 'rejected') return null;
  return refused(view, request, { reason: answer.reason, brokerCode: errorCode, text: errorDescr }, at);
}

/** A no that gives no other reason, to a change of something that is gone: somebody else was faster (wire-behaviour §9). */
export function refused(view: Knowledge, request: BookRequest, said: Rejection, at: Instant): Fact {
  const vague = said.reason === 'not-found' || said.reason === 'broker-error';
  const overtaken = request.ask.type !== 'OrderRequested' && vague && (isFasterCode(said) || !stands(view, request));
  return rejection(view.account, request, overtaken ? { ...said, reason: 'superseded' } : said, at);
}

/** Requests name what stood a moment ago, so a broker that does not find it has seen its end already. */
const isFasterCode = ({ brokerCode, reason }: Rejection): boolean =>
  reason === 'not-found' && brokerCode !== null && brokerCode !== 'BE096';

function stands({ book, memory }: Knowledge, { ask }: BookRequest): boolean {
  const target =
    ask.type === 'AmendmentRequested' ? (ask.data.terms.target === 'order' ? 'order' : 'position') : ask.type;
  const id = idOf(ask);
  return target === 'order' || target === 'CancellationRequested'
    ? Object.entries(book.orders).some(([number, { orderId }]) => orderId === id && !memory.goneOrders.has(number))
    : Object.entries(book.positions).some(
        ([number, { positionId }]) => positionId === id && !memory.closing.has(number) && !memory.deals.has(number),
      );
}

function idOf(ask: BookRequest['ask']): string {
  if (ask.type === 'CloseRequested') return ask.data.positionId;
  if (ask.type !== 'AmendmentRequested') return ask.data.orderId;
  return ask.data.terms.target === 'order' ? ask.data.terms.orderId : ask.data.terms.positionId;
}

/** The book had this request and it is over. */
function isSettled({ book, memory }: Knowledge, { brokerRequest, customComment }: TradeStatus): boolean {
  if (memory.requestOfNumber.has(brokerRequest)) return true;
  const marked = requestOfToken(customComment);
  return book.endedOrders.some((order) => order.brokerOrder === brokerRequest || order.orderId === marked);
}
