import type { StreamingBalanceRecord } from '@core/xapi/wire/account-record';
import type { StreamingTradeRecord, StreamingTradeStatusRecord } from '@core/xapi/wire/trade-record';
import type { Written } from '@core/xapi/wire/wire-types';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { BrokerOutput } from '../core/output.ts';
import { decimalOf } from '../core/units.ts';
import type { Figures } from '../core/valuation.ts';
import type { Streams } from './streams.ts';

/** Carries what the broker tells to the streams, each kind of frame after its own delay. */
export class BrokerAnnouncer implements BrokerOutput {
  /** How often the broker told something, heard or not. */
  count = 0;

  constructor(
    private readonly streams: Streams,
    private readonly behaviour: () => BehaviourSettings,
    private readonly figuresOf: (userId: string) => Figures,
  ) {}

  trade(userId: string, record: Written<StreamingTradeRecord>): void {
    this.count++;
    const { execDelayMs, duplicate } = this.behaviour();
    this.streams.publish(userId, 'trade', record, execDelayMs.trade, duplicate);
  }

  status(userId: string, record: Written<StreamingTradeStatusRecord>): void {
    this.count++;
    const { execDelayMs, duplicate } = this.behaviour();
    this.streams.publish(userId, 'tradeStatus', record, execDelayMs.status, duplicate);
  }

  balance(userId: string): void {
    if (!this.streams.wanted(userId, 'balance')) return;
    this.streams.publish(
      userId,
      'balance',
      balanceRecord(this.figuresOf(userId)),
      this.behaviour().execDelayMs.balance,
    );
  }
}

function balanceRecord(figures: Figures): Written<StreamingBalanceRecord> {
  const { balance, credit, equity, margin, marginFree, marginLevel } = figures;
  return {
    balance: decimalOf(balance, 2),
    credit: decimalOf(credit, 2),
    equity: decimalOf(equity, 2),
    margin: decimalOf(margin, 2),
    marginFree: decimalOf(marginFree, 2),
    marginLevel: decimalOf(marginLevel, 2),
    equityFX: decimalOf(equity, 2),
    stockValue: 0,
    stockLock: 0,
    cashStockValue: 0,
  };
}
