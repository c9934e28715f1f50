import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';

/**
 * What an active account produces, over and over: an order is placed and filled, and its position closed.
 * Ten events a round, about 600 bytes each.
 */
export function* tradingDays(accounts: readonly AccountId[], rounds: number): Generator<Event> {
  for (let round = 0; round < rounds; round += 1) {
    for (const account of accounts) yield* roundTrip(account);
  }
}

function* roundTrip(subject: AccountId): Generator<Event> {
  const [orderId, positionId, requestId, correlationid]: [Uuid, Uuid, Uuid, Uuid] = [
    newId(),
    newId(),
    newId(),
    newId(),
  ];
  const envelope = () => ({ id: newId(), subject, correlationid });
  yield anEvent('OrderRequested', { orderId, kind: 'market', price: null }, envelope());
  yield anEvent('OrderDispatched', { orderId }, envelope());
  yield anEvent('OrderAccepted', { orderId }, envelope());
  yield anEvent('OrderFilled', { orderId, positionId }, envelope());
  yield anEvent(
    'PositionOpened',
    { orderId, positionId, brokerPosition: String(parseInt(positionId.slice(0, 8), 16)) },
    envelope(),
  );
  yield anEvent('CloseRequested', { requestId, positionId }, envelope());
  yield anEvent('CloseDispatched', { requestId }, envelope());
  yield anEvent('CloseAccepted', { requestId }, envelope());
  yield anEvent('PositionClosed', { positionId, requestId }, envelope());
  yield anEvent('BalanceChanged', {}, envelope());
}
