import type { Decimal } from '@core/contracts/primitives';
import { Cmd } from '@core/xapi/wire/enums';
import type { SimulatedAccount, PendingOrder, SimulatedPosition } from '../core/account.ts';
import type { MarketPrice } from '../core/market.ts';
import { isWholeUnits, MOST_UNITS, toUnits, type Points } from '../core/units.ts';
import { closingPoints, openingPoints } from '../core/valuation.ts';
import type { ClientConnection } from '../server/client-connection.ts';
import type { Simulator } from '../simulator.ts';
import type { ControlAction } from './actions.ts';

/** Nothing stands under that name or number, or it cannot be done now. */
export class ActionRefused extends Error {
  readonly code = 'action-refused';

  constructor(
    readonly reason: 'not-found' | 'impossible',
    message: string,
  ) {
    super(message);
    this.name = 'ActionRefused';
  }
}

const KINDS = {
  'buy-limit': Cmd.buyLimit,
  'sell-limit': Cmd.sellLimit,
  'buy-stop': Cmd.buyStop,
  'sell-stop': Cmd.sellStop,
} as const;

/**
 * Whoever stands behind the broker: prices, humans at the broker's own platform, connections, faults. What it does streams
 * to clients like anything else, and is never answered to them.
 */
export class BrokerControl {
  constructor(private readonly simulator: Simulator) {}

  setPrice({ symbol, bid, ask, hold }: ControlAction<'setPrice'>): void {
    const quote = this.quote(symbol);
    this.put(symbol, pointsOf(quote, bid), ask === undefined ? null : pointsOf(quote, ask));
    if (hold !== undefined) quote.held = hold;
  }

  movePrice({ symbol, points }: ControlAction<'movePrice'>): void {
    const { bid, ask } = this.quote(symbol);
    this.put(symbol, bid + points, ask + points);
  }

  holdPrice({ symbol, hold }: ControlAction<'holdPrice'>): void {
    this.quote(symbol).held = hold;
  }

  hit({ position: id, what }: ControlAction<'hit'>): void {
    const { position } = this.position(id);
    const target = position[what];
    if (target === 0) throw new ActionRefused('impossible', `position ${id} has no ${what}`);
    const { bid, ask } = this.quote(position.symbol);
    const spread = ask - bid;
    if (position.isBuy) this.put(position.symbol, target, target + spread);
    else this.put(position.symbol, target - spread, target);
  }

  openPosition({
    userId,
    symbol,
    side,
    volume,
    sl,
    tp,
    comment,
    customComment,
  }: ControlAction<'openPosition'>): number {
    const account = this.account(userId);
    const quote = this.quote(symbol);
    const { broker } = this.simulator;
    const [request, positionId] = broker.newNumbers();
    const buys = side === 'buy';
    const refusal = broker.execution.open(account, {
      ...{ request, positionId, instrument: quote.instrument, isBuy: buys, volume: this.lots(volume) },
      ...{ price: openingPoints(buys, quote), time: broker.time, offset: 0 },
      ...{ sl: pointsOf(quote, sl), tp: pointsOf(quote, tp) },
      ...{ comment: comment ?? '', customComment: customComment ?? null },
    });
    if (refusal !== null) throw new ActionRefused('impossible', refusal);
    return positionId;
  }

  closePosition({ position: id, volume, comment }: ControlAction<'closePosition'>): void {
    const { account, position } = this.position(id);
    const { broker, market } = this.simulator;
    const [closedBy] = broker.newNumbers();
    const lots = volume === undefined ? position.volume : this.lots(volume);
    if (lots > position.volume) throw new ActionRefused('impossible', `position ${id} is not that large`);
    broker.book.close(account, position, {
      ...{ volume: lots, price: closingPoints(position.isBuy, market.get(position.symbol)), time: broker.time },
      ...{ closedBy, reason: 'user', comment: comment ?? position.comment, customComment: position.customComment },
    });
  }

  modifyPosition({ position: id, sl, tp, customComment }: ControlAction<'modifyPosition'>): void {
    const { account, position } = this.position(id);
    const quote = this.quote(position.symbol);
    const { book } = this.simulator.broker;
    book.amend(account, position, {
      sl: sl === undefined ? position.sl : pointsOf(quote, sl),
      tp: tp === undefined ? position.tp : pointsOf(quote, tp),
      customComment: customComment ?? null,
    });
  }

  placeOrder(action: ControlAction<'placeOrder'>): number {
    const { userId, symbol, kind, volume, price, sl, tp, comment, customComment, expiration } = action;
    const account = this.account(userId);
    const quote = this.quote(symbol);
    const { broker } = this.simulator;
    const [id] = broker.newNumbers();
    const pending: PendingOrder = {
      ...{ id, userId, symbol, cmd: KINDS[kind], volume: this.lots(volume), price: pointsOf(quote, price) },
      ...{ sl: pointsOf(quote, sl), tp: pointsOf(quote, tp), offset: 0, expiration, comment: comment ?? '' },
      ...{ customComment: customComment ?? null, openTime: broker.time },
    };
    broker.book.place(account, pending);
    return id;
  }

  cancelOrder({ order }: ControlAction<'cancelOrder'>): void {
    for (const account of this.simulator.broker.accounts.values()) {
      const pending = account.pendings.get(order);
      if (pending) return this.simulator.broker.book.delete(account, pending);
    }
    throw new ActionRefused('not-found', `no pending order ${order}`);
  }

  cash({ userId, amount, kind, comment }: ControlAction<'cash'>): number {
    const { broker } = this.simulator;
    const word = amount.startsWith('-') ? 'Withdrawal' : 'Deposit';
    return broker.book.book(this.account(userId), kind, toUnits(amount, 2), comment ?? word, broker.time).id;
  }

  resync({ userId }: ControlAction<'resync'>): void {
    this.simulator.broker.resync(this.account(userId));
  }

  loginDisabled({ userId, disabled }: ControlAction<'loginDisabled'>): void {
    this.account(userId).loginDisabled = disabled;
  }

  addAccount({ balance, ...terms }: ControlAction<'addAccount'>): void {
    const { broker } = this.simulator;
    if (broker.accounts.has(terms.userId)) throw new ActionRefused('impossible', `account ${terms.userId} exists`);
    broker.addAccount({ ...terms, balance: toUnits(balance, 2) });
  }

  disconnect({ userId, socket, how, code }: ControlAction<'disconnect'>): number {
    const matching = this.connections(userId, socket);
    for (const connection of matching) {
      if (how === 'close') connection.end(code);
      else connection.destroy(how === 'reset');
    }
    return matching.length;
  }

  endSession({ userId, how }: ControlAction<'endSession'>): number {
    const { sessions } = this.simulator;
    const ours = sessions.ofUser(userId);
    for (const session of ours) {
      if (how === 'expire') sessions.expire(session);
      else sessions.end(session);
    }
    return ours.length;
  }

  raw({ userId, socket, text }: ControlAction<'raw'>): number {
    const matching = this.connections(userId, socket);
    for (const connection of matching) connection.send(text);
    return matching.length;
  }

  tickBurst({ symbol, count }: ControlAction<'tickBurst'>): void {
    const quote = this.quote(symbol);
    for (let tick = 0; tick < count; tick++) this.put(symbol, quote.bid, quote.ask);
  }

  news({ title, body }: ControlAction<'news'>): void {
    this.simulator.news.publish({ title, body });
  }

  rollover({ weekday }: ControlAction<'rollover'>): void {
    this.simulator.overnight.charge(weekday);
  }

  private put(symbol: string, bid: Points, ask: Points | null): void {
    const { market, broker, pulse } = this.simulator;
    const isPrice = bid > 0 && bid <= MOST_UNITS && (ask === null || ask >= bid);
    if (!isPrice) throw new ActionRefused('impossible', `no price of ${symbol}`);
    pulse.ticked([market.set(symbol, bid, ask, broker.time)]);
  }

  private quote(symbol: string): MarketPrice {
    const quote = this.simulator.market.find(symbol);
    if (!quote) throw new ActionRefused('not-found', `no instrument ${symbol}`);
    return quote;
  }

  private account(userId: string): SimulatedAccount {
    const account = this.simulator.broker.accounts.get(userId);
    if (!account) throw new ActionRefused('not-found', `no account ${userId}`);
    return account;
  }

  private position(id: number): { readonly account: SimulatedAccount; readonly position: SimulatedPosition } {
    for (const account of this.simulator.broker.accounts.values()) {
      const position = account.positions.get(id);
      if (position) return { account, position };
    }
    throw new ActionRefused('not-found', `no open position ${id}`);
  }

  private connections(
    userId: string | undefined,
    socket: ControlAction<'disconnect'>['socket'],
  ): readonly ClientConnection[] {
    return [...this.simulator.connections.all()].filter(
      (each) => (userId === undefined || each.userId === userId) && (socket === undefined || each.kind === socket),
    );
  }

  private lots(volume: Decimal): number {
    const lots = toUnits(volume, 2);
    if (lots <= 0 || !isWholeUnits(volume, 2)) throw new ActionRefused('impossible', `no volume ${volume}`);
    return lots;
  }
}

/** 0 for none. */
function pointsOf({ instrument }: MarketPrice, price: Decimal | undefined): Points {
  const points = price === undefined ? 0 : toUnits(price, instrument.digits);
  if (points < 0 || points > MOST_UNITS) throw new ActionRefused('impossible', `no price ${price}`);
  return points;
}
