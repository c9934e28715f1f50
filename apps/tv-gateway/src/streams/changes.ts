import { MarketView } from '@core/bus/market-view';
import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { BrokerConnections } from '../views/broker-connections.ts';

type Listener = () => void;

/** Tells open streams that something they show may have changed. */
@Injectable()
export class Changes {
  private readonly byAccount = new Map<AccountId, Set<Listener>>();
  private readonly onPrices = new Set<Listener>();

  constructor(runner: ProjectionRunner, market: MarketView, connections: BrokerConnections) {
    runner.onApplied((events) => this.applied(events));
    runner.onReplaced(() => this.allMoved());
    connections.onChanged((account) => this.moved(account));
    market.onQuotes(() => this.allMoved());
    market.onInstruments(() => this.allMoved());
  }

  /** Calls `listener` after events of the account and after moves of prices. Returns how to stop that. */
  subscribe(account: AccountId, listener: Listener): () => void {
    const listeners = this.byAccount.get(account) ?? new Set();
    this.byAccount.set(account, listeners.add(listener));
    this.onPrices.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.byAccount.delete(account);
      this.onPrices.delete(listener);
    };
  }

  private allMoved(): void {
    for (const listener of this.onPrices) listener();
  }

  private applied(events: readonly RecordedEvent[]): void {
    if (this.byAccount.size === 0) return;
    for (const account of new Set(events.map(({ subject }) => subject))) this.moved(account);
  }

  private moved(account: AccountId): void {
    for (const listener of this.byAccount.get(account) ?? []) listener();
  }
}
