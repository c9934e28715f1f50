import { requestOfToken } from '@core/contracts/order-token';
import type { Instant } from '@core/contracts/primitives';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { Fact } from '../fact.ts';
import { awaitsOutcome, requestFor, type Knowledge } from '../knowledge.ts';
import type { BrokerRejection, OutcomeReport } from '../report.ts';
import { acceptance, rejection } from './request-outcome.ts';

/** What an outcome tells; `unmatched` while nobody knows whose number it is (it may beat the receipt). */
export function outcomeFacts(knowledge: Knowledge, report: OutcomeReport, at: Instant): readonly Fact[] | 'unmatched' {
  const { brokerRequest, comment, outcome } = report;
  if (outcome.is === 'open') return [];
  const request = requestFor(knowledge, brokerRequest, comment);
  if (!request) return isSettled(knowledge, report) ? [] : 'unmatched';
  if (!awaitsOutcome(request)) return [];
  return outcome.is === 'accepted'
    ? [acceptance(knowledge.account, request, brokerRequest, null, at)]
    : [rejectedFact(knowledge, request, outcome, at)];
}

/** A no that gives no other reason, to a change of something that is gone: somebody else was faster. */
export function rejectedFact(knowledge: Knowledge, request: BookRequest, said: BrokerRejection, at: Instant): Fact {
  const vague = said.reason === 'not-found' || said.reason === 'broker-error';
  const overtaken =
    request.ask.type !== 'OrderRequested' && vague && (findsNothing(said) || !stands(knowledge, request));
  return rejection(knowledge.account, request, overtaken ? { ...said, reason: 'superseded' } : said, at);
}

/** Requests name what stood a moment ago, so a broker that does not find it, and says so by code, has seen its end. */
const findsNothing = ({ brokerCode, reason }: BrokerRejection): boolean =>
  reason === 'not-found' && brokerCode !== null;

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
function isSettled({ book, memory }: Knowledge, { brokerRequest, comment }: OutcomeReport): boolean {
  if (memory.requestOfNumber.has(brokerRequest)) return true;
  const marked = requestOfToken(comment);
  return book.endedOrders.some((order) => order.brokerOrder === brokerRequest || order.orderId === marked);
}
