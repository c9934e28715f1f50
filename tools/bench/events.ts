import type { Event, EventOf } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';

/** Events in one round of either kind, about 600 bytes each. */
export const EVENTS_PER_ROUND = 10;

type Round = (subject: AccountId) => Generator<Event>;

/** Round after round for every account in turn. */
export function* rounds(accounts: readonly AccountId[], count: number, round: Round): Generator<Event> {
  for (let n = 0; n < count; n += 1) for (const account of accounts) yield* round(account);
}

/** What the log holds of a trader's round trip: an order is placed and filled, and its position closed. */
export function* roundTrip(subject: AccountId): Generator<Event> {
  const { orderId, positionId, requestId, brokerPosition, envelope } = names(subject);
  yield anEvent('OrderRequested', { orderId, kind: 'market', price: null }, envelope());
  yield anEvent('RequestDispatched', { requestId: orderId }, envelope());
  yield anEvent('RequestAccepted', { requestId: orderId }, envelope());
  yield anEvent('OrderFilled', { orderId, positionId }, envelope());
  yield anEvent('PositionOpened', { orderId, positionId, brokerPosition }, envelope());
  yield anEvent('CloseRequested', { requestId, positionId }, envelope());
  yield anEvent('RequestDispatched', { kind: 'close', requestId }, envelope());
  yield anEvent('RequestAccepted', { kind: 'close', requestId }, envelope());
  yield* booked(anEvent('PositionClosed', { positionId, requestId }, envelope()));
}

/** What a connector sends of an order placed elsewhere: facts only, for only the ledger decides the rest. */
export function* brokerFacts(subject: AccountId): Generator<Event> {
  const { orderId, positionId, brokerPosition, envelope } = names(subject);
  yield anEvent('OrderWorking', { orderId, brokerOrder: brokerPosition }, envelope());
  yield anEvent('OrderFilled', { orderId, positionId }, envelope());
  yield anEvent('PositionOpened', { orderId, positionId, brokerPosition }, envelope());
  yield anEvent('PositionAmended', { positionId }, envelope());
  yield anEvent('PositionSwapCharged', { positionId }, envelope());
  yield* booked(anEvent('PositionReduced', { positionId }, envelope()));
  yield* booked(anEvent('PositionClosed', { positionId }, envelope()));
  yield anEvent('EquityMarked', {}, envelope());
}

/** A deal, and the change of balance that tells of it: a position is forgotten once its deals are told. */
function* booked(deal: EventOf<'PositionReduced' | 'PositionClosed'>): Generator<Event> {
  const { id, subject, correlationid, data } = deal;
  const operation = { type: 'trading', delta: '10', reference: data.positionId, comment: null } as const;
  yield deal;
  yield anEvent('BalanceChanged', { operation }, { id: newId(), subject, correlationid, causationid: id });
}

function names(subject: AccountId) {
  const [orderId, positionId, requestId, correlationid] = [newId(), newId(), newId(), newId()];
  const brokerPosition = String(parseInt(positionId.slice(-8), 16));
  return { orderId, positionId, requestId, brokerPosition, envelope: () => ({ id: newId(), subject, correlationid }) };
}
