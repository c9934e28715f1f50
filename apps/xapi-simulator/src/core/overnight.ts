import { nextServerMidnightMs, serverWeekday } from '@core/xapi/wire/server-clock';
import type { SimulatedBroker } from './simulated-broker.ts';
import type { BrokerParts } from './broker-parts.ts';
import { swapCents } from './valuation.ts';

const TRIPLE = 3;

/** Charges swaps at every server-local midnight, three times on an instrument's own weekday (wire-behaviour §7.13). */
export class Overnight {
  constructor(
    private readonly broker: SimulatedBroker,
    private readonly parts: BrokerParts,
  ) {}

  start(): void {
    const { scheduler } = this.parts;
    const midnight = nextServerMidnightMs(scheduler.now);
    scheduler.at(midnight, () => {
      this.charge(serverWeekday(midnight - 1) - 1);
      this.start();
    });
  }

  /** `endedDay`: the weekday that is over, Monday = 0. Nothing is charged for the weekend: the triple day paid for it. */
  charge(endedDay: number): void {
    if (endedDay >= 5) return;
    for (const account of this.broker.accounts.values()) {
      for (const position of account.positions.values()) {
        const { instrument } = this.parts.market.get(position.symbol);
        const nights = endedDay === instrument.tripleSwapDay ? TRIPLE : 1;
        position.storage += nights * swapCents(this.parts.market, account.currency, instrument, position);
        this.broker.book.show(account, position);
      }
      if (account.positions.size > 0) this.parts.output.balance(account.userId);
    }
  }
}
