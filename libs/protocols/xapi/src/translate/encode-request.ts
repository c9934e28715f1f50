import type { EventBody } from '@core/contracts/event';
import { pointsOf } from '@core/contracts/market/point';
import { tokenOf } from '@core/contracts/order-token';
import { opposite, type Decimal, type Instrument, type Side } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import { add, subtract, ZERO } from '@core/kernel/decimal';
import { err, ok, type Result } from '@core/kernel/result';
import { open, standing, trailingPointsOf } from '@core/projections/broker-book/requests';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import type { CommandArguments } from '../wire/commands.ts';
import { encodeCommand } from '../wire/encode-frames.ts';
import { Cmd, TransactionType } from '../wire/enums.ts';
import type { Written } from '../wire/wire-types.ts';

/** Servers drop the connection over longer commands; clients in the field stay below this (wire-behaviour §3). */
export const COMMAND_BYTES = 1000;

type TradeTransInfo = Written<CommandArguments<'tradeTransaction'>['tradeTransInfo']>;

/** What it would send to is not there any more, or does not fit into one command: it must not be sent at all. */
export type Unsendable = 'target-gone' | 'too-long';

/** A price for commands whose price the broker ignores and yet wants above zero; null where none is known. */
export type AnyPrice = (instrument: Instrument, side: Side) => Decimal | null;

/**
 * The `tradeTransaction` that carries a request (wire-behaviour §5), with the request's id as its tag.
 * The comment is the order's token; a modification sends it again, because the broker replaces it with what it gets.
 */
export function encodeRequest(
  { requestId, ask }: BookRequest,
  book: BrokerBook,
  anyPrice: AnyPrice,
): Result<string, Unsendable> {
  const tradeTransInfo = transactionOf(ask, book, anyPrice);
  if (tradeTransInfo === null) return err('target-gone');
  const command = encodeCommand('tradeTransaction', { tradeTransInfo }, requestId);
  return Buffer.byteLength(command) <= COMMAND_BYTES ? ok(command) : err('too-long');
}

function transactionOf(ask: BookRequest['ask'], book: BrokerBook, anyPrice: AnyPrice): TradeTransInfo | null {
  switch (ask.type) {
    case 'OrderRequested': {
      const { orderId, instrument, side, kind, volumeLots, price, stopLoss, takeProfit, trailingPoints, expiresAt } =
        ask.data;
      return {
        type: TransactionType.open,
        cmd: cmdOf(kind, side),
        symbol: instrument,
        volume: volumeLots,
        price: price ?? anyPrice(instrument, side) ?? '1',
        sl: stopLoss ?? beginningOf(ask.data, anyPrice) ?? ZERO,
        tp: takeProfit ?? ZERO,
        order: 0,
        offset: trailingPoints ?? 0,
        expiration: expiresAt === null ? 0 : toMs(expiresAt),
        customComment: tokenOf(orderId),
      };
    }
    case 'CloseRequested': {
      const position = open(book, ask.data.positionId);
      if (!position) return null;
      const { instrument, side, price, comment } = position;
      return {
        type: TransactionType.close,
        cmd: cmdOf('market', side),
        symbol: instrument,
        volume: ask.data.volumeLots,
        price: anyPrice(instrument, opposite(side)) ?? price,
        sl: ZERO,
        tp: ZERO,
        order: Number(book.numbers[ask.data.positionId]),
        offset: 0,
        ...commented(comment),
      };
    }
    case 'CancellationRequested': {
      const order = standing(book, ask.data.orderId);
      if (!order) return null;
      const { instrument, side, kind, volumeLots, price, comment } = order;
      return {
        type: TransactionType.delete,
        cmd: cmdOf(kind, side),
        symbol: instrument,
        volume: volumeLots,
        price: price ?? '1',
        order: Number(book.numbers[ask.data.orderId]),
        ...commented(comment),
      };
    }
    case 'AmendmentRequested': {
      const { terms } = ask.data;
      const protection = { sl: terms.stopLoss ?? ZERO, tp: terms.takeProfit ?? ZERO };
      if (terms.target === 'position') {
        const position = open(book, terms.positionId);
        if (!position) return null;
        const { instrument, side, volumeLots, price, comment } = position;
        return {
          type: TransactionType.modify,
          cmd: cmdOf('market', side),
          symbol: instrument,
          volume: volumeLots,
          price: anyPrice(instrument, opposite(side)) ?? price,
          ...protection,
          order: Number(book.numbers[terms.positionId]),
          offset: trailingPointsOf(book, terms) ?? 0,
          ...commented(comment),
        };
      }
      const order = standing(book, terms.orderId);
      if (!order) return null;
      const { instrument, side, kind, volumeLots, comment } = order;
      return {
        type: TransactionType.modify,
        cmd: cmdOf(kind, side),
        symbol: instrument,
        volume: volumeLots,
        price: terms.price,
        ...protection,
        order: Number(book.numbers[terms.orderId]),
        offset: trailingPointsOf(book, terms) ?? 0,
        expiration: terms.expiresAt === null ? 0 : toMs(terms.expiresAt),
        ...commented(comment),
      };
    }
  }
}

const CMD = {
  market: { buy: Cmd.buy, sell: Cmd.sell },
  limit: { buy: Cmd.buyLimit, sell: Cmd.sellLimit },
  stop: { buy: Cmd.buyStop, sell: Cmd.sellStop },
} as const;

const cmdOf = (kind: keyof typeof CMD, side: Side): number => CMD[kind][side];

/** Where the stop loss of a new order begins that only trails: so far behind its price, or what it could be closed at. */
function beginningOf(
  { instrument, contract, side, price, trailingPoints }: EventBody<'OrderRequested'>['data'],
  anyPrice: AnyPrice,
): Decimal | null {
  const from = trailingPoints ? (price ?? anyPrice(instrument, opposite(side))) : null;
  const distance = pointsOf(trailingPoints ?? 0, contract.digits);
  return from && (side === 'buy' ? subtract(from, distance) : add(from, distance));
}

const commented = (comment: string | null) => (comment === null ? {} : { customComment: comment });
