import type { StreamingTradeRecord, StreamingTradeStatusRecord } from '@core/xapi/wire/trade-record';
import type { Written } from '@core/xapi/wire/wire-types';

/** Where the broker tells what happened; in the order in which it happened, as of that moment. */
export interface BrokerOutput {
  trade(userId: string, record: Written<StreamingTradeRecord>): void;
  status(userId: string, record: Written<StreamingTradeStatusRecord>): void;
  /** Balance, margin or what depends on them changed. */
  balance(userId: string): void;
}
