import { opposite } from '@core/contracts/primitives';
import { uuidV5 } from '@core/kernel/uuid';
import { record, refuse, type Decide } from './decision.ts';
import { allowOrder, requestOrder } from './order.ts';
import { allowClose, requestClose, type Positions } from './position.ts';
import type { Requests } from './request.ts';

type Known = { readonly positions: Positions; readonly requests: Requests };

/** Both legs or none are asked for. The close has the command's id, and the order one that follows from it. */
export const reversePosition: Decide<'ReversePosition', Known> = (known, { commandid, data }, at) => {
  const { positionId, requester, ...terms } = data;
  const closable = allowClose(known, positionId, requester, at);
  if (!closable.ok) return refuse(closable.error);
  const { instrument, side, volumeLots } = closable.value;
  const order = {
    ...({ instrument, side: opposite(side), kind: 'market', volumeLots, price: null, ...terms } as const),
    ...{ expiresAt: null, requester, signal: null, closes: positionId },
  };
  const allowed = allowOrder(order, at);
  if (!allowed.ok) return refuse(allowed.error);

  const orderId = uuidV5(commandid, 'reverse');
  const { closes: _, ...opening } = order;
  const close = requestClose(commandid, positionId, volumeLots, requester, null);
  const open = requestOrder(orderId, opening, allowed.value);
  return record(
    { ...close, data: { ...close.data, reversedBy: orderId } },
    { ...open, data: { ...open.data, reverses: { positionId, closeId: commandid } } },
  );
};
