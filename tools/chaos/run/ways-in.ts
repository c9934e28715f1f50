import type { WsClient } from '@trading-core/ws-client';
import { deliverSignal, openingSignal } from '../../e2e/signal-delivery.ts';
import type { TradingView } from '../../e2e/trading-view.ts';
import type { Endpoints } from '../../start/endpoints.ts';
import type { WayIn } from './wishes.ts';

const LOTS = 0.01;
const ORDER = { instrument: 'EURUSD', type: 'market', qty: '1000', currentAsk: '1.1', currentBid: '1.1' };

export const byTradingView = (name: string, tradingView: TradingView, account: string): WayIn => ({
  name,
  async send(wish, turn) {
    const answer = await tradingView.place(account, { ...ORDER, side: turn % 2 === 0 ? 'buy' : 'sell' }, wish);
    return answer.d === undefined ? null : { of: 'order', by: name, wish, requestId: answer.d.orderId };
  },
});

export const byWebSocket = (name: string, socket: WsClient, account: string): WayIn => ({
  name,
  async send(wish, turn) {
    const { request_id: requestId } = await socket.placeOrder({
      ...{ account_id: account, asset_pair: 'EURUSD', order_type: 'Market', lots_amount: LOTS, process_id: wish },
      side: turn % 2 === 0 ? 'Buy' : 'Sell',
    });
    return { of: 'order', by: name, wish, requestId };
  },
});

/** ProQuant delivers what was not answered again, as it was sent first. */
export function bySignals(name: string, hook: Endpoints['proquant'], nowMs: () => number): WayIn {
  const sent = new Map<string, object>();
  return {
    name,
    async send(wish) {
      const event = sent.get(wish) ?? openingSignal(wish, nowMs());
      sent.set(wish, event);
      return (await deliverSignal(hook, event)) ? { of: 'signal', by: name, externalPositionId: wish } : null;
    },
  };
}
