// What a key with the scope `trade` may ask for. Null and left out are the same, except in updates: they say the whole,
// trailing stops aside.
import type { Micros } from './models.ts';

export interface TradingRequest {
  account_id: string;
  /**
   * 1 to 128 characters that are this request's own: asked again under it, whenever and wherever, it is the same request
   * and is not carried out twice. The client makes one where you do not; it is in the answer, and in `NoAnswerError`.
   */
  process_id?: string;
}

export interface PlaceOrder extends TradingRequest {
  asset_pair: string;
  side: 'Buy' | 'Sell';
  order_type: 'Market' | 'Limit' | 'Stop';
  lots_amount: number;
  /** The trigger of a limit or stop order. */
  desire_price?: number | null;
  sl_in_instrument_price?: number | null;
  tp_in_instrument_price?: number | null;
  /** How far the stop loss trails the price, in points of the instrument's last digit. */
  trailing_points?: number | null;
  /** When an order that stands is to end by itself. */
  expire_date?: Micros | null;
  /** A market order is not filled at a worse price. */
  worst_price?: number | null;
}

/** The whole of what the order is to be: null clears. */
export interface UpdateOrder extends TradingRequest {
  order_id: string;
  desire_price: number;
  sl_in_instrument_price: number | null;
  tp_in_instrument_price: number | null;
  /** Left out is as it is, but for a stop loss that is taken off; null is none. */
  trailing_points?: number | null;
  expire_date: Micros | null;
}

export interface CancelOrder extends TradingRequest {
  order_id: string;
}

export interface ClosePosition extends TradingRequest {
  position_id: string;
  /** Null or left out for all of it. */
  lots_amount?: number | null;
}

/** The whole of what protects the position: null clears. */
export interface UpdatePosition extends TradingRequest {
  position_id: string;
  sl_in_instrument_price: number | null;
  tp_in_instrument_price: number | null;
  /** Left out is as it is, but for a stop loss that is taken off; null is none. */
  trailing_points?: number | null;
}

/** How a trading request stands. It is recorded, and no restart forgets it; what the broker makes of it follows. */
export interface RequestState {
  request: 'place_order' | 'update_order' | 'cancel_order' | 'close_position' | 'update_position';
  /** The `id` of the order that was placed, and the `…_process_id` of whatever the request brings about. */
  request_id: string;
  process_id: string;
  account_id: string;
  /** The last three are ends: `expired` was not sent, or not executed. `unknown` is none: the broker did not say. */
  state: 'requested' | 'sent' | 'unknown' | 'accepted' | 'rejected' | 'expired';
  waits_for: 'broker' | null;
  /** Of a rejection, from the catalogue of errors, with words for people. */
  error: string | null;
  message: string | null;
}
