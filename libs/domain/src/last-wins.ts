import type { AmendmentTerms, Requester } from '@core/contracts/events/request';
import type { Decimal, Instant, RequestId } from '@core/contracts/primitives';
import { nothing, record, type Decision } from './decision.ts';
import { amendmentsOf, notSent, type Requests, type UnsettledRequest } from './request.ts';

/** What an amendment sets; a position has neither price nor expiry of its own. */
export interface AmendedValues {
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  /** Absent is as it is, or as the amendment before it wants. */
  readonly trailingPoints?: number | null | undefined;
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
  const asked = last?.terms && { ...valuesOf(last.terms), trailingPoints: trailingAfter(unsettled, standing) };
  const isAsked = asked && last?.status !== 'unknown' && isSame(valuesOf(terms), asked);
  if (last ? isAsked : isStanding) return nothing;

  const waiting = unsettled.filter(([, { status }]) => status === 'requested');
  const superseded = waiting.map(([id]) => notSent('amendment', id, 'superseded'));
  const wanted = withTrailing(terms, waiting.at(-1)?.[1].terms?.trailingPoints);
  const isBack = isSame(valuesOf(wanted), standing) && waiting.length === unsettled.length;
  return isBack
    ? record(...superseded)
    : record(...superseded, { type: 'AmendmentRequested', data: { requestId, terms: wanted, requester } });
}

/** Whether an order that does not stand yet was asked for just so. */
export function isAskedFor({ open }: Requests, terms: Extract<AmendmentTerms, { target: 'order' }>): boolean {
  const order = open[terms.orderId];
  return order?.kind === 'order' && order.terms !== null && isSame(valuesOf(terms), valuesOf(order.terms));
}

/** The trailing stop that all these lead to; absent where that is no certainty. */
function trailingAfter(
  unsettled: readonly (readonly [RequestId, UnsettledRequest])[],
  standing: AmendedValues,
): AmendedValues['trailingPoints'] {
  const [, named] = unsettled.findLast(([, { terms }]) => terms?.trailingPoints !== undefined) ?? [];
  if (!named) return standing.trailingPoints;
  return named.status === 'unknown' ? undefined : named.terms?.trailingPoints;
}

/** What a change leaves as it is, is as it was: the trailing stop of one that is taken over is not lost with it. */
const withTrailing = (terms: AmendmentTerms, before: number | null | undefined): AmendmentTerms =>
  terms.trailingPoints === undefined && before !== undefined ? { ...terms, trailingPoints: before } : terms;

const valuesOf = (terms: AmendmentTerms): AmendedValues =>
  terms.target === 'order' ? terms : { ...terms, price: null, expiresAt: null };

/** Whether the first asks for nothing that the other has not. */
const isSame = (one: AmendedValues, other: AmendedValues): boolean =>
  one.price === other.price &&
  one.stopLoss === other.stopLoss &&
  one.takeProfit === other.takeProfit &&
  (one.trailingPoints === undefined || one.trailingPoints === other.trailingPoints) &&
  one.expiresAt === other.expiresAt;
