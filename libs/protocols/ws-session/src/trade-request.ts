// What a session asks of the broker: docs/decisions/0030. Every field of an update is said, and null clears.
import type { CommandBody } from '@core/contracts/command';
import { TrailingPoints, type Requester } from '@core/contracts/events/request';
import { AccountId, Instrument, OrderId, PositionId, PositiveDecimal } from '@core/contracts/primitives';
import { fromAnyNumber, toNumber } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { unreachable } from '@core/kernel/unreachable';
import type { TradeRequestName } from '@core/views/ws-session/session-requests';
import { z } from 'zod';
import { Micros } from './root-models.ts';

const PROCESS_ID_MAX = 128;

/** A JSON number above zero outside, an exact decimal inside. */
const PositiveAmount = z.codec(z.number(), PositiveDecimal, { decode: fromAnyNumber, encode: toNumber });

/** No broker of ours protects by an amount of money. */
const NoMoney = { sl_in_currency: z.number().nullish(), tp_in_currency: z.number().nullish() };

const Whose = {
  /** Kept in the log: no database hands out NUL or half of a character. */
  process_id: z
    .string()
    .min(1)
    .max(PROCESS_ID_MAX)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'holds what no database keeps'),
  account_id: AccountId,
};

const Protection = {
  sl_in_instrument_price: PositiveAmount.nullable(),
  tp_in_instrument_price: PositiveAmount.nullable(),
  ...NoMoney,
};

/** Distance of a trailing stop in points of the instrument's last digit. Left out is as it is; null is none. */
const Trailing = { trailing_points: TrailingPoints.optional() };

/** Bodies of trading requests by their names, as clients send them. */
export const tradeRequests = {
  place_order: z.object({
    ...Whose,
    asset_pair: Instrument,
    side: z.enum(['Buy', 'Sell']),
    order_type: z.enum(['Market', 'Limit', 'Stop']),
    lots_amount: PositiveAmount,
    /** The trigger of a limit or stop order. */
    desire_price: PositiveAmount.nullish(),
    sl_in_instrument_price: PositiveAmount.nullish(),
    tp_in_instrument_price: PositiveAmount.nullish(),
    ...NoMoney,
    ...Trailing,
    /** Good till then; null is good till cancelled. */
    expire_date: Micros.nullish(),
    /** The worst price that a market order may fill at. */
    worst_price: PositiveAmount.nullish(),
  }),
  update_order: z.object({
    ...Whose,
    order_id: OrderId,
    desire_price: PositiveAmount,
    ...Protection,
    ...Trailing,
    expire_date: Micros.nullable(),
  }),
  cancel_order: z.object({ ...Whose, order_id: OrderId }),
  /** `lots_amount` null closes all of it. */
  close_position: z.object({ ...Whose, position_id: PositionId, lots_amount: PositiveAmount.nullish() }),
  update_position: z.object({ ...Whose, position_id: PositionId, ...Protection, ...Trailing }),
} as const satisfies Record<TradeRequestName, z.ZodObject>;

export type TradeRequest = {
  [Name in TradeRequestName]: { readonly name: Name; readonly body: z.output<(typeof tradeRequests)[Name]> };
}[TradeRequestName];

export const isTradeRequest = (name: string): name is TradeRequestName => Object.hasOwn(tradeRequests, name);

const KINDS = { Market: 'market', Limit: 'limit', Stop: 'stop' } as const;

/** Why no broker of ours can do what a request says. */
export interface Impossible {
  readonly code: 'invalid_sl' | 'invalid_tp';
  readonly text: string;
}

const NO_MONEY = 'no broker here protects by an amount of money';
const NO_START = 'a trailing stop begins at a stop loss';

/** The command that a request stands for. */
export function commandOf({ name, body }: TradeRequest, requester: Requester): Result<CommandBody, Impossible> {
  if ('sl_in_currency' in body && typeof body.sl_in_currency === 'number')
    return err({ code: 'invalid_sl', text: NO_MONEY });
  if ('tp_in_currency' in body && typeof body.tp_in_currency === 'number')
    return err({ code: 'invalid_tp', text: NO_MONEY });
  if ('trailing_points' in body && body.trailing_points && (body.sl_in_instrument_price ?? null) === null)
    return err({ code: 'invalid_sl', text: NO_START });
  switch (name) {
    case 'place_order':
      return ok({
        type: 'PlaceOrder',
        data: {
          instrument: body.asset_pair,
          side: body.side === 'Buy' ? 'buy' : 'sell',
          kind: KINDS[body.order_type],
          volumeLots: body.lots_amount,
          price: body.desire_price ?? null,
          stopLoss: body.sl_in_instrument_price ?? null,
          takeProfit: body.tp_in_instrument_price ?? null,
          ...(body.trailing_points !== undefined && { trailingPoints: body.trailing_points }),
          ...(typeof body.worst_price === 'string' && { worstPrice: body.worst_price }),
          expiresAt: body.expire_date ?? null,
          requester,
          signal: null,
        },
      });
    case 'update_order': {
      const { order_id: orderId, desire_price: price, expire_date: expiresAt } = body;
      const terms = { target: 'order', orderId, price, ...protectionOf(body), expiresAt } as const;
      return ok({ type: 'Amend', data: { terms, requester } });
    }
    case 'cancel_order':
      return ok({ type: 'CancelOrder', data: { orderId: body.order_id, requester } });
    case 'close_position': {
      const { position_id: positionId, lots_amount: volumeLots = null } = body;
      return ok({ type: 'ClosePosition', data: { positionId, volumeLots, requester } });
    }
    case 'update_position': {
      const terms = { target: 'position', positionId: body.position_id, ...protectionOf(body) } as const;
      return ok({ type: 'Amend', data: { terms, requester } });
    }
    default:
      return unreachable(name);
  }
}

/** Who takes the stop loss off ends the trailing stop, or it would come back with the next price. */
function protectionOf({
  sl_in_instrument_price: stopLoss,
  tp_in_instrument_price: takeProfit,
  trailing_points: wanted,
}: Omit<z.output<(typeof tradeRequests)['update_position']>, 'position_id'>) {
  const trailingPoints = stopLoss === null ? null : wanted;
  return { stopLoss, takeProfit, ...(trailingPoints !== undefined && { trailingPoints }) };
}
