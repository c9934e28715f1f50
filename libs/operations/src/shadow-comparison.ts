import type { EventBody, RecordedEvent } from '@core/contracts/event';
import { opposite, type Decimal, type Instrument, type PositionId, type Side } from '@core/contracts/primitives';
import { add, divide, multiply, ZERO } from '@core/kernel/decimal';

/** Deals on one side of an instrument. `averagePrice` is that of those whose price is known; null where none is. */
export interface Dealt {
  readonly deals: number;
  readonly lots: Decimal;
  readonly averagePrice: Decimal | null;
}

/** What would have been bought or sold in shadow, and what was: to open and to close, told together. */
export interface ShadowComparison {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly would: Dealt;
  /** Of those, limit and stop orders: nobody knows whether they would have filled. */
  readonly waiting: number;
  readonly done: Dealt;
}

interface Deal {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly volumeLots: Decimal;
  readonly price: Decimal | null;
}

const PRICE_DIGITS = 6;

/**
 * Counts what whoever is in shadow would have dealt and what an account that traded did, event by event: each account's
 * from its first on. What happened up to `after` is known and not counted.
 */
export class ShadowTally {
  private readonly rows = new Map<string, { would: Sum; waiting: number; done: Sum }>();
  private readonly held = new Map<PositionId, Pick<Deal, 'instrument' | 'side'>>();

  constructor(private readonly after: number) {}

  would(event: RecordedEvent): void {
    if (event.position <= this.after) return;
    for (const { isWaiting, ...deal } of wouldDeal(event)) {
      const row = this.rowOf(deal);
      row.would.add(deal);
      if (isWaiting) row.waiting += 1;
    }
  }

  done(event: RecordedEvent): void {
    const deal = this.dealDone(event);
    if (deal !== null && event.position > this.after) this.rowOf(deal).done.add(deal);
  }

  comparison(): readonly ShadowComparison[] {
    return [...this.rows]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, { would, waiting, done }]) => {
        const [instrument = '', side] = key.split(' ') as [Instrument, Side];
        return { instrument, side, would: would.dealt(), waiting, done: done.dealt() };
      });
  }

  private rowOf({ instrument, side }: Deal): { would: Sum; waiting: number; done: Sum } {
    const key = `${instrument} ${side}`;
    const row = this.rows.get(key) ?? { would: new Sum(), waiting: 0, done: new Sum() };
    this.rows.set(key, row);
    return row;
  }

  private dealDone({ type, data }: RecordedEvent): Deal | null {
    if (type === 'PositionOpened') {
      const { instrument, side } = data;
      this.held.set(data.positionId, { instrument, side });
      return data;
    }
    if (type !== 'PositionReduced' && type !== 'PositionClosed') return null;
    const held = this.held.get(data.positionId);
    if (type === 'PositionClosed') this.held.delete(data.positionId);
    return held ? { ...held, ...data, side: opposite(held.side) } : null;
  }
}

/** Deals on one side of an instrument, added up. */
class Sum {
  private deals = 0;
  private lots: Decimal = ZERO;
  private pricedLots: Decimal = ZERO;
  private value: Decimal = ZERO;

  add({ volumeLots, price }: Deal): void {
    this.deals += 1;
    this.lots = add(this.lots, volumeLots);
    if (price === null) return;
    this.pricedLots = add(this.pricedLots, volumeLots);
    this.value = add(this.value, multiply(volumeLots, price));
  }

  dealt(): Dealt {
    const averagePrice = this.pricedLots === ZERO ? null : divide(this.value, this.pricedLots, PRICE_DIGITS);
    return { deals: this.deals, lots: this.lots, averagePrice };
  }
}

function wouldDeal(event: RecordedEvent): readonly (Deal & { readonly isWaiting: boolean })[] {
  if (event.type !== 'RequestShadowed' && event.type !== 'SignalShadowed') return [];
  const { opens, closes } = event.type === 'RequestShadowed' ? withPrices(event.data) : event.data;
  return [
    ...(closes ? [{ ...closes, side: opposite(closes.side), isWaiting: false }] : []),
    ...(opens ? [{ ...opens, isWaiting: 'kind' in opens && opens.kind !== 'market' }] : []),
  ];
}

/** What waits would have met its own price, and the rest the market's. */
function withPrices({ opens, closes }: EventBody<'RequestShadowed'>['data']) {
  const priced = (trade: typeof opens) => trade && { ...trade, price: trade.price ?? trade.marketPrice };
  return { opens: priced(opens), closes: priced(closes) };
}
