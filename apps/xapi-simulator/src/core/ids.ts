import { z } from 'zod';
import { OrderNumber } from './account.ts';
import type { Random } from './random.ts';

/** Where the next numbers begin; kept over restarts, so that no number is ever given twice. */
export const IdCounters = z.strictObject({ order: OrderNumber, deal: OrderNumber });
export type IdCounters = Readonly<z.output<typeof IdCounters>>;

export const FIRST_IDS: IdCounters = { order: 500_000_000, deal: 73_000_000 };

/** After an unclean end the last numbers given may be unknown: a restart begins this far on. */
export const RESTART_GAP = 100_000;

/**
 * Numbers as brokers give them: rising, with holes, orders and positions from one sequence, deals from another. A
 * position's number may be lower than that of the request it comes from: nobody may read an order of time out of them.
 */
export class Ids {
  private order: number;
  private deal: number;

  constructor(
    private readonly random: Random,
    start: IdCounters,
  ) {
    this.order = start.order;
    this.deal = start.deal;
  }

  nextOrder(): number {
    return (this.order += this.random.between(1, 9));
  }

  nextDeal(): number {
    return (this.deal += this.random.between(1, 30));
  }

  /** Two orders' numbers, in either order. */
  nextPair(): readonly [number, number] {
    const [first, second] = [this.nextOrder(), this.nextOrder()];
    return this.random.chance(0.5) ? [first, second] : [second, first];
  }

  get counters(): IdCounters {
    return { order: this.order, deal: this.deal };
  }
}
