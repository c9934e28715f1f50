import type { EventBody } from '@core/contracts/event';
import type { NotSentCause } from '@core/contracts/events/request';
import type { AccountId, Instant } from '@core/contracts/primitives';
import { kindOf, type BookRequest } from '@core/projections/broker-book/state';
import { factOf, type Fact } from '../fact.ts';
import type { BrokerRejection } from '../report.ts';

const TEXT_MAX = 512;

export type Doubt = 'timeout' | 'connection-lost' | 'connector-restart' | 'broker-error' | 'mixed-evidence';

/** The broker executed it. `evidence` says what was seen where no answer came. */
export const acceptance = (
  account: AccountId,
  request: BookRequest,
  brokerRequest: string | null,
  evidence: string | null,
  at: Instant,
): Fact => {
  const data = { ...stepOf(request), brokerRequest, evidence: evidence?.slice(0, TEXT_MAX) ?? null };
  return outcome(account, request, { type: 'RequestAccepted', data }, at);
};

/** The broker's no. */
export const rejection = (account: AccountId, request: BookRequest, said: BrokerRejection, at: Instant): Fact => {
  const { reason, brokerCode, text } = said;
  const data = { reason, brokerCode: brokerCode || null, text: text?.slice(0, TEXT_MAX) || null };
  return outcome(account, request, { type: 'RequestRejected', data: { ...stepOf(request), ...data } }, at);
};

/** Nobody knows whether the broker did it. */
export const doubt = (account: AccountId, request: BookRequest, cause: Doubt, at: Instant): Fact =>
  outcome(account, request, { type: 'RequestOutcomeUnknown', data: { ...stepOf(request), cause } }, at);

/** The broker provably never did it. `cause`: it was ours not to send it. */
export const notExecuted = (
  account: AccountId,
  request: BookRequest,
  evidence: string,
  at: Instant,
  cause: NotSentCause | null = null,
): Fact => {
  const data = { ...stepOf(request), reason: 'not-executed', evidence: evidence.slice(0, TEXT_MAX) } as const;
  return outcome(account, request, { type: 'RequestExpired', data: { ...data, ...(cause && { cause }) } }, at);
};

const stepOf = ({ ask, requestId }: BookRequest) => ({ kind: kindOf(ask), requestId });

/** A request has each kind of outcome once; doubts are told apart by their cause. */
function outcome(
  account: AccountId,
  request: BookRequest,
  said: EventBody<'RequestAccepted' | 'RequestRejected' | 'RequestOutcomeUnknown' | 'RequestExpired'>,
  at: Instant,
): Fact {
  const { kind, requestId } = said.data;
  const content = 'cause' in said.data ? { cause: said.data.cause } : {};
  return factOf(account, said, { key: `${kind}|${requestId}`, content }, at, request);
}
