import type { AmendmentTerms, Requester } from '@core/contracts/events/request';
import type { Decimal, Instant, RequestId } from '@core/contracts/primitives';
import { nothing, record, type Decision } from './decision.ts';
import { amendmentsOf, notSent, type Requests } from './request.ts';

/** What an amendment sets; a position has neither price nor expiry of its own. */
export interface AmendedValues {
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly expiresAt: Instant | null;
}

/**
 * An allowed change of something that stands as `standing`. The last one wins: it takes over the one that still waits,
 * which is never sent, and waits for the one that is on its way. What is so already, or is asked for already, asks for
 * nothing; one whose outcome is unknown is no certainty.
 */
export function requestAmendment(
  requests: Requests,
  requestId: RequestId,
  { terms, requester }: { readonly terms: AmendmentTerms; readonly requester: Requester },
  standing: AmendedValues,
): Decision {
  const target = terms.target === 'order' ? terms.orderId : terms.positionId;
  const unsettled = amendmentsOf(requests, target);
  const [, last] = unsettled.at(-1) ?? [];
  const isStanding = isSame(valuesOf(terms), standing);
  const isAsked = last?.terms && last.status !== 'unknown' && isSame(valuesOf(terms), valuesOf(last.terms));
  if (last ? isAsked : isStanding) return nothing;

  const waiting = unsettled.filter(([, { status }]) => status === 'requested');
  const superseded = waiting.map(([id]) => notSent('amendment', id, 'superseded'));
  const isBack = isStanding && waiting.length === unsettled.length;
  return isBack
    ? record(...superseded)
    : record(...superseded, { type: 'AmendmentRequested', data: { requestId, terms, requester } });
}

const valuesOf = (terms: AmendmentTerms): AmendedValues =>
  terms.target === 'order' ? terms : { ...terms, price: null, expiresAt: null };

const isSame = (one: AmendedValues, other: AmendedValues): boolean =>
  one.price === other.price &&
  one.stopLoss === other.stopLoss &&
  one.takeProfit === other.takeProfit &&
  one.expiresAt === other.expiresAt;
