import { StreamingBalanceRecord, StreamingKeepAliveRecord } from './account-record.ts';
import { StreamingCandleRecord, StreamingTickRecord } from './market-record.ts';
import { StreamingNewsRecord } from './reference-record.ts';
import { StreamingProfitRecord, StreamingTradeRecord, StreamingTradeStatusRecord } from './trade-record.ts';
import { z } from 'zod';
import { Integer, WireText } from './wire-types.ts';

/** Seed §6: what can be subscribed to, with the commands that start and stop it and the record that its frames carry. */
export const subscriptions = {
  balance: { start: 'getBalance', stop: 'stopBalance', record: StreamingBalanceRecord },
  candle: { start: 'getCandles', stop: 'stopCandles', record: StreamingCandleRecord },
  keepAlive: { start: 'getKeepAlive', stop: 'stopKeepAlive', record: StreamingKeepAliveRecord },
  news: { start: 'getNews', stop: 'stopNews', record: StreamingNewsRecord },
  profit: { start: 'getProfits', stop: 'stopProfits', record: StreamingProfitRecord },
  tickPrices: { start: 'getTickPrices', stop: 'stopTickPrices', record: StreamingTickRecord },
  trade: { start: 'getTrades', stop: 'stopTrades', record: StreamingTradeRecord },
  tradeStatus: { start: 'getTradeStatus', stop: 'stopTradeStatus', record: StreamingTradeStatusRecord },
} as const;

export type StreamName = keyof typeof subscriptions;
export type StreamRecord<Name extends StreamName> = z.output<(typeof subscriptions)[Name]['record']>;

/** Whether frames of this name are ones the document knows. */
export const isStreamName = (name: string): name is StreamName => Object.hasOwn(subscriptions, name);

/**
 * A command of the streaming connection. Start commands and `ping` carry the session id, stop commands need not;
 * symbol streams name the symbol, and `getTickPrices` may bound interval and depth.
 */
export const StreamCommand = z.object({
  command: WireText,
  streamSessionId: WireText.nullish(),
  symbol: WireText.nullish(),
  minArrivalTime: Integer.nullish(),
  maxLevel: Integer.nullish(),
});
export type StreamCommand = z.output<typeof StreamCommand>;

/** The interval of ticks when the subscription names none (seed §6.6). */
export const DEFAULT_TICK_INTERVAL_MS = 200;
