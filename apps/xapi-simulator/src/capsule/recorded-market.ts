import type { Decimal, Instrument, OrderKind, Side } from '@core/contracts/primitives';
import type { BrokerControl } from '../control/broker-control.ts';
import type { Market, MarketPrice } from '../core/market.ts';
import { decimalOf, toUnits, type Points } from '../core/units.ts';
import { Unplayable } from './unplayable.ts';

/** So far from what would trigger it a price is kept. */
const AWAY_POINTS = 100;

/** Moves the simulator's prices to where facts say that they were; in between nobody knows, and they stand still. */
export class RecordedMarket {
  constructor(
    private readonly market: Market,
    private readonly control: BrokerControl,
  ) {}

  /** Whoever trades on this side now meets this price. */
  offer(instrument: Instrument, side: Side, price: Decimal): void {
    const { instrument: traded } = this.quote(instrument);
    const points = toUnits(price, traded.digits);
    this.put(instrument, side === 'buy' ? points - traded.spread : points);
  }

  /** A limit or stop order can be placed at this price: it is not met yet. */
  keepFrom(instrument: Instrument, side: Side, kind: Exclude<OrderKind, 'market'>, price: Decimal): void {
    const { instrument: traded, bid, ask } = this.quote(instrument);
    const trigger = toUnits(price, traded.digits);
    const fromAbove = (side === 'buy') === (kind === 'limit');
    const met = side === 'buy' ? ask : bid;
    if (fromAbove ? met > trigger : met < trigger) return;
    const away = fromAbove ? trigger + AWAY_POINTS : trigger - AWAY_POINTS;
    this.put(instrument, side === 'buy' ? away - traded.spread : away);
  }

  /** A position on this side can have these levels: the price is between them. */
  keepBetween(instrument: Instrument, side: Side, stopLoss: Decimal | null, takeProfit: Decimal | null): void {
    const { instrument: traded, bid, ask } = this.quote(instrument);
    const levels = [stopLoss, takeProfit].map((level) => (level === null ? null : toUnits(level, traded.digits)));
    const [low = null, high = null] = side === 'buy' ? levels : levels.toReversed();
    const closing = side === 'buy' ? bid : ask;
    if ((low === null || closing > low) && (high === null || closing < high)) return;
    const between =
      low !== null && high !== null
        ? Math.round((low + high) / 2)
        : (low ?? (high ?? 0) - 2 * AWAY_POINTS) + AWAY_POINTS;
    this.put(instrument, side === 'buy' ? between : between - traded.spread);
  }

  private put(symbol: Instrument, bid: Points): void {
    const { instrument } = this.quote(symbol);
    const price = (points: Points): Decimal => decimalOf(points, instrument.digits);
    this.control.setPrice({ symbol, bid: price(bid), ask: price(bid + instrument.spread), hold: true });
  }

  private quote(symbol: Instrument): MarketPrice {
    const quote = this.market.find(symbol);
    if (!quote) throw new Unplayable(`the simulator does not trade ${symbol}`);
    return quote;
  }
}
