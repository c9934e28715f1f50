import type { Command } from '@core/contracts/command';
import type { EventBody } from '@core/contracts/event';

type RefusedWish = Omit<EventBody<'CommandRefused'>['data'], 'requestId' | 'reason' | 'text' | 'breach' | 'omitted'>;

/** What a refused command wanted, of those that want something of a broker; null of any other. */
export function refusedWish(command: Command): RefusedWish | null {
  const none = { order: null, orderId: null, positionId: null, signalId: null, requester: null };
  switch (command.type) {
    case 'PlaceOrder': {
      const { instrument, side, kind, volumeLots, price, requester, signal } = command.data;
      const order = { instrument, side, kind, volumeLots, price };
      return { ...none, command: command.type, order, requester, signalId: signal?.signalId ?? null };
    }
    case 'Amend': {
      const { terms, requester } = command.data;
      const target = terms.target === 'order' ? { orderId: terms.orderId } : { positionId: terms.positionId };
      return { ...none, command: command.type, ...target, requester };
    }
    case 'CancelOrder':
      return { ...none, command: command.type, ...command.data };
    case 'ClosePosition':
    case 'ReversePosition': {
      const { positionId, requester } = command.data;
      return { ...none, command: command.type, positionId, requester };
    }
    case 'ReceiveSignal': {
      const { signal, order } = command.data;
      const wanted = order && { ...order, side: signal.side, kind: 'market' as const, price: null };
      return { ...none, command: command.type, order: wanted, signalId: signal.signalId };
    }
    case 'RecordRefusal':
      return { ...none, command: command.data.command, requester: command.data.requester };
    case 'ContinueSignal':
      return { ...none, command: command.type, signalId: command.data.signalId };
    default:
      return null;
  }
}
