import type { EventBody, RecordedEvent } from '@core/contracts/event';
import { opposite, type Decimal, type Instrument, type Side } from '@core/contracts/primitives';
import { divide, multiply, sum } from '@core/kernel/decimal';

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
 * `would` are the events of whoever is in shadow, `done` those of an account that traded, both from its first event on;
 * what happened up to `after` is known and not counted.
 */
export function compareShadow(
  would: Iterable<RecordedEvent>,
  done: Iterable<RecordedEvent>,
  after: number,
): readonly ShadowComparison[] {
  const rows = new Map<string, { would: Deal[]; waiting: number; done: Deal[] }>();
  const rowOf = ({ instrument, side }: Deal) => {
    const key = `${instrument} ${side}`;
    const row = rows.get(key) ?? { would: [], waiting: 0, done: [] };
    rows.set(key, row);
    return row;
  };
  for (const event of would) {
    if (event.position <= after) continue;
    for (const { isWaiting, ...deal } of wouldDeal(event)) {
      const row = rowOf(deal);
      row.would.push(deal);
      if (isWaiting) row.waiting += 1;
    }
  }
  for (const [position, deal] of dealsDone(done)) if (position > after) rowOf(deal).done.push(deal);

  return [...rows]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, row]) => {
      const [instrument = '', side] = key.split(' ') as [Instrument, Side];
      return { instrument, side, would: dealt(row.would), waiting: row.waiting, done: dealt(row.done) };
    });
}

function wouldDeal(event: RecordedEvent): readonly (Deal & { readonly isWaiting: boolean })[] {
  if (event.type !== 'RequestShadowed' && event.type !== 'SignalShadowed') return [];
  const { opens, closes } = event.type === 'RequestShadowed' ? withPrices(event.data) : event.data;
  return [
    ...(closes ? [{ ...dealOf(closes), side: opposite(closes.side), isWaiting: false }] : []),
    ...(opens ? [{ ...dealOf(opens), isWaiting: 'kind' in opens && opens.kind !== 'market' }] : []),
  ];
}

/** What waits would have met its own price, and the rest the market's. */
function withPrices({ opens, closes }: EventBody<'RequestShadowed'>['data']) {
  const priced = (trade: typeof opens) => trade && { ...trade, price: trade.price ?? trade.marketPrice };
  return { opens: priced(opens), closes: priced(closes) };
}

function* dealsDone(events: Iterable<RecordedEvent>): Generator<readonly [number, Deal]> {
  const opened = new Map<string, Pick<Deal, 'instrument' | 'side'>>();
  for (const { position, type, data } of events) {
    if (type === 'PositionOpened') {
      opened.set(data.positionId, data);
      yield [position, dealOf(data)];
    } else if (type === 'PositionReduced' || type === 'PositionClosed') {
      const held = opened.get(data.positionId);
      if (held) yield [position, { ...dealOf({ ...held, ...data }), side: opposite(held.side) }];
    }
  }
}

const dealOf = ({ instrument, side, volumeLots, price }: Deal): Deal => ({ instrument, side, volumeLots, price });

function dealt(deals: readonly Deal[]): Dealt {
  const priced = deals.flatMap(({ volumeLots, price }) => (price === null ? [] : [{ volumeLots, price }]));
  const pricedLots = sum(priced.map(({ volumeLots }) => volumeLots));
  const value = sum(priced.map(({ volumeLots, price }) => multiply(volumeLots, price)));
  return {
    deals: deals.length,
    lots: sum(deals.map(({ volumeLots }) => volumeLots)),
    averagePrice: priced.length === 0 ? null : divide(value, pricedLots, PRICE_DIGITS),
  };
}
