import type { BrokerLook } from '@core/contracts/broker-look';
import type { AccountId, Instant } from '@core/contracts/primitives';
import type { AccountOverview } from '@core/projections/overview';
import { targetOf, type OpenRequest } from '@core/projections/requests';
import { nextOfRequest } from './what-next.ts';

/** A request that should have an outcome by now. */
export interface StuckRequest {
  readonly account: AccountId;
  readonly request: OpenRequest;
  readonly since: Instant;
  /** How often it went out to the broker; it never goes twice, but where the broker itself says that it did nothing. */
  readonly attempts: 0 | 1;
  /** What becomes of it by itself, and what an operator can do. */
  readonly next: string;
}

/** Of one account, those that nobody knows the outcome of or that have waited longer than so, the oldest first. */
export function stuckRequests(
  account: AccountId,
  { account: state, requests }: AccountOverview,
  { nowMs, waitedMs }: { readonly nowMs: number; readonly waitedMs: number },
): readonly StuckRequest[] {
  const isConnected = state.session.status === 'open';
  return Object.values(requests)
    .filter(({ status, requested }) => status === 'unknown' || nowMs - Date.parse(requested.at) > waitedMs)
    .map((request): StuckRequest => ({
      ...{ account, request, since: request.requested.at },
      attempts: request.dispatched === null ? 0 : 1,
      next: nextOfRequest(request, isConnected),
    }))
    .toSorted((one, other) => (one.since < other.since ? -1 : 1));
}

/** What the broker shows of a request, by our mark and by the broker's numbers of what it changes. */
export function brokersView(request: OpenRequest, { orders, positions }: AccountOverview, look: BrokerLook): string {
  if (!look.ok) return `not asked: ${look.text}`;
  const marked = look.standing.filter(({ requestId }) => requestId === request.id);
  const target = targetOf(request);
  const brokerKey =
    target.kind === 'order'
      ? (orders.orders[target.id]?.brokerOrder ?? null)
      : (positions.positions[target.id]?.brokerPosition ?? null);
  const standing = look.standing.filter((each) => each.kind === target.kind && each.brokerKey === brokerKey);
  const seen = [...new Set([...marked, ...standing])].map(
    ({ kind, brokerKey: key, side, volumeLots, instrument, price }) =>
      `${kind} ${key}: ${side} ${volumeLots} ${instrument} at ${price}`,
  );
  if (seen.length > 0) return seen.join('; ');
  if (brokerKey !== null) return `${target.kind} ${brokerKey} does not stand any more`;
  return 'nothing that bears its mark';
}
