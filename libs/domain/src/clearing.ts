import type { CommandBody } from '@core/contracts/command';
import type { Clearing } from '@core/contracts/events/operations';
import type { Requester } from '@core/contracts/events/request';
import type { AccountAggregate } from './account-aggregate.ts';
import { isBeingWithdrawn } from './request.ts';

/** Who asks for what a kill switch asks for: an operator does, so a halt does not hold it up. */
const requester: Requester = { edge: 'operator', reference: 'kill-switch' };

type ClearingWish = CommandBody<'CancelOrder' | 'ClosePosition'>;

/**
 * What is still to be asked for so that nothing of an account stands that a kill switch clears. What is asked for already
 * is not asked for again; what is on its way to the broker is, once it stands there.
 */
export function clearingWishes({ orders, positions, requests }: AccountAggregate, clearing: Clearing): ClearingWish[] {
  const isLeft = (id: string): boolean => !isBeingWithdrawn(requests, id);
  const unsent = Object.entries(requests.open).filter(
    ([, { kind, status }]) => kind === 'order' && status === 'requested',
  );
  const standing = Object.keys(orders.working).filter(isLeft);
  const cancels = [...unsent.map(([id]) => id), ...standing].map((orderId): ClearingWish => ({
    type: 'CancelOrder',
    data: { orderId, requester },
  }));
  if (clearing === 'orders') return cancels;
  const open = Object.keys(positions.open).filter(isLeft);
  const closes = open.map((positionId): ClearingWish => ({
    type: 'ClosePosition',
    data: { positionId, volumeLots: null, requester },
  }));
  return [...cancels, ...closes];
}
