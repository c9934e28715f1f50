import type { AccountPolls } from '../account-polls.ts';
import {
  isOver,
  supports,
  type BrokerAccount,
  type BrokerInstrument,
  type BrokerNetPosition,
  type BrokerOrder,
  type BrokerPosition,
  type BrokerQuote,
} from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import { isFailure, shown } from '../answer-judge.ts';
import { dataOf, type Asked, type Reply } from '../conformance-client.ts';
import type { Observation } from '../rules/observation.ts';
import { MissingGround, UnfitAnswer } from '../verdict.ts';

/** How long a fill, a change or a cancellation may take to be seen. */
const PATIENCE_MS = 10_000;
/** How far from the market what is not to be filled stands. */
const FAR = 0.1;

interface Placed {
  readonly orderId?: string;
  readonly transactionId?: string;
}
type Form = Readonly<Record<string, string | number | undefined>>;

/** Trades one instrument of one demo account in which nothing else happens: what is there is the desk's own. */
export class LiveDesk {
  readonly requested: string[] = [];
  private transactionId: string | null = null;
  readonly polls: AccountPolls;

  private constructor(
    private readonly session: BrokerSession,
    readonly account: BrokerAccount,
    readonly instrument: BrokerInstrument,
    /** Smallest quantity; the desk never holds more than four times as much. */
    readonly unit: number,
    private readonly duration: string | null,
  ) {
    this.polls = session.polls(account);
  }

  /** Rejects with a missing ground where there is no demo account, or none of its instruments can be traded now. */
  static async open(session: BrokerSession): Promise<LiveDesk> {
    const account = (await session.accounts()).find(({ type }) => type === 'demo');
    if (!account) throw new MissingGround('there is no demo account, and no other is traded');
    const { orders, positions } = await session.polls(account).round();
    const busy = new Set([
      ...orders.filter((order) => !isOver(order)).map(({ instrument }) => instrument),
      ...positions.filter(({ qty }) => qty !== 0).map(({ instrument }) => instrument),
    ]);
    const { live } = session.options;
    const free = (await session.instruments(account)).filter(
      ({ name }) => !busy.has(name) && (live?.instrument ?? name) === name,
    );
    const instrument = await firstPriced(session, account, free);
    const { minQty = 1, qtyStep = minQty } = instrument;
    const unit = live?.qty ?? Math.ceil(minQty / qtyStep) * qtyStep;
    const { durations = [] } = await session.config();
    const duration = durations.find((each) => each.default) ?? durations[0];
    return new LiveDesk(session, account, instrument, Number(unit.toPrecision(12)), duration?.id ?? null);
  }

  /** `share` of the price below (less than 0) or above the market, on a tick. */
  async priceAt(share: number): Promise<number> {
    const { bid } = (await this.quote()).v;
    return this.onTick(bid * (1 + share));
  }

  far(side: 'below' | 'above', times = 1): Promise<number> {
    return this.priceAt(side === 'below' ? -FAR * times : FAR * times);
  }

  /** Gives the id of the order. */
  async place(form: Form, requestId?: string): Promise<string> {
    const { orderId, transactionId } = dataOf<Placed>(await this.askToPlace(form, requestId));
    this.transactionId = transactionId ?? this.transactionId;
    if (orderId === undefined)
      throw new UnfitAnswer({ expected: 'the id of the order', got: 'none', at: 'POST /orders' });
    if (!this.requested.includes(orderId)) this.requested.push(orderId);
    return orderId;
  }

  /** The text of a refusal, or the id of what was taken nevertheless. */
  async refusal(form: Form): Promise<{ readonly text: string } | { readonly orderId: string }> {
    const reply = await this.askToPlace(form);
    if (isFailure(reply.body)) return { text: String((reply.body as { errmsg?: unknown }).errmsg) };
    const { orderId } = dataOf<Placed>(reply);
    if (orderId === undefined) throw new UnfitAnswer({ expected: 'a refusal', got: shown(reply.body), at: reply.at });
    this.requested.push(orderId);
    return { orderId };
  }

  private async askToPlace(form: Form, requestId?: string): Promise<Reply> {
    const { bid, ask } = (await this.quote()).v;
    const whole = {
      ...{ instrument: this.instrument.name, currentAsk: ask, currentBid: bid },
      ...(form['type'] !== 'market' && this.duration !== null && { durationType: this.duration }),
      ...form,
    };
    return this.session.client.ask('placeOrder', {
      params: { accountId: this.account.id },
      form: textOf(whole),
      ...(requestId !== undefined && { query: { requestId } }),
    });
  }

  async modify(orderId: string, form: Form): Promise<void> {
    await this.session.client.must('modifyOrder', this.ofOrder(orderId, form));
  }

  async cancel(orderId: string): Promise<void> {
    await this.session.client.must('cancelOrder', this.ofOrder(orderId));
  }

  /** What the server says to cancelling something that it must refuse. */
  async refusedCancel(orderId: string): Promise<{ readonly status: number; readonly s: unknown; readonly at: string }> {
    const { status, body, at } = await this.session.client.ask('cancelOrder', this.ofOrder(orderId));
    return { status, s: (body as { s?: unknown } | null)?.s, at };
  }

  /** Of the last order; false where it had no transaction. */
  async tellLatency(): Promise<boolean> {
    if (this.transactionId === null) return false;
    const { client } = this.session;
    const { bid, ask } = (await this.quote()).v;
    const timestamp = client.wire.nowMs();
    const form = textOf({
      ...{ transactionId: this.transactionId, transactionType: 'place_order', instrument: this.instrument.name },
      ...{ qty: this.unit, side: 'buy', ask, bid, timestamp, roundTripStartTime: timestamp, roundTripDuration: 100 },
    });
    dataOf(await client.ask('trackLatency', { params: { accountId: this.account.id }, form }));
    return true;
  }

  async changePosition({ id }: BrokerPosition, form: Form): Promise<void> {
    const name = this.isNetting ? 'modifyIndividualPosition' : 'modifyPosition';
    await this.session.client.must(name, this.ofPosition(id, form));
  }

  async close({ id }: BrokerPosition, amount?: number): Promise<void> {
    const name = this.isNetting ? 'closeIndividualPosition' : 'closePosition';
    await this.session.client.must(name, this.ofPosition(id, amount === undefined ? {} : { amount }));
  }

  /** Where positions are netted: those of the instrument as one. */
  async netPosition(): Promise<BrokerNetPosition | undefined> {
    const asked = { params: { accountId: this.account.id } };
    const all = await this.session.client.must<readonly BrokerNetPosition[]>('getNetPositions', asked);
    return all.find(({ instrument, qty }) => instrument === this.instrument.name && qty !== 0);
  }

  async closeNet({ id }: BrokerNetPosition): Promise<void> {
    const params = { accountId: this.account.id, netPositionId: id };
    await this.session.client.must('closeNetPosition', { params });
  }

  get isNetting(): boolean {
    return supports(this.account, 'PositionNetting');
  }

  has(what: string): boolean {
    return supports(this.account, what);
  }

  /** Rounds until something is seen, then as many more as the effort says: what is stable is proved by them. */
  async until<Seen>(expected: string, find: (observation: Observation) => Seen | undefined | false): Promise<Seen> {
    const { wire } = this.session.client;
    const untilMs = wire.nowMs() + PATIENCE_MS;
    for (;;) {
      const found = find(await this.polls.round());
      if (found !== undefined && found !== false) {
        await this.polls.rounds(this.session.options.effort.pollsAfterStep);
        return found;
      }
      if (wire.nowMs() > untilMs) {
        const at = `${this.instrument.name}, account ${this.account.id}`;
        throw new UnfitAnswer({ expected: `within 10 s: ${expected}`, got: this.shownNow(), at });
      }
      await wire.wait(500);
    }
  }

  /** Orders that came into being since the desk was opened. */
  get ordersOfRun(): ReadonlySet<string> {
    const before = new Set(this.polls.seen[0]?.orders.map(({ id }) => id));
    const all = this.polls.seen.flatMap(({ orders }) => orders.map(({ id }) => id));
    return new Set(all.filter((id) => !before.has(id)));
  }

  openPositions({ positions }: Observation): readonly BrokerPosition[] {
    return positions.filter(({ instrument, qty }) => instrument === this.instrument.name && qty !== 0);
  }

  /** Positive where more was bought than sold. */
  exposure(observation: Observation): number {
    const sum = this.openPositions(observation).reduce(
      (total, { side, qty }) => total + (side === 'sell' ? -qty : qty),
      0,
    );
    return Number(sum.toPrecision(12));
  }

  /**
   * Cancels and closes everything that is open in the instrument; again, for what was shown late.
   * What is on its way to its end already may be refused: what is left is seen.
   */
  async clear(times = 3): Promise<void> {
    const now = await this.polls.round();
    const alive = now.orders.filter((order) => order.instrument === this.instrument.name && !isOver(order));
    const cancelled = alive.filter(({ parentId, type }) => parentId === undefined && type !== 'market');
    for (const { id } of cancelled) await this.cancel(id).catch(refusalIgnored);
    for (const position of this.openPositions(now)) await this.close(position).catch(refusalIgnored);
    await this.polls.rounds(1);
    if (times > 1) await this.clear(times - 1);
  }

  private shownNow(): string {
    const last = this.polls.seen.at(-1);
    const orders = (last?.orders ?? []).filter(({ instrument }) => instrument === this.instrument.name);
    const shown = orders.slice(-6).map(({ id, type, status, qty }) => `${type} ${id} ${status} ${qty}`);
    const open = last ? this.openPositions(last).map(({ id, side, qty }) => `position ${id} ${side} ${qty}`) : [];
    return [...shown, ...open].join('; ') || 'nothing of it';
  }

  private async quote(): Promise<BrokerQuote> {
    const [quote] = await this.session.client.must<readonly BrokerQuote[]>('getQuotes', {
      query: { accountId: this.account.id, symbols: this.instrument.name },
    });
    return quote as BrokerQuote;
  }

  private onTick(price: number): number {
    const { minTick } = this.instrument;
    return Number((Math.round(price / minTick) * minTick).toPrecision(12));
  }

  private ofOrder(orderId: string, form: Form = {}): Asked {
    return { params: { accountId: this.account.id, orderId }, form: textOf(form) };
  }

  private ofPosition(id: string, form: Form): Asked {
    const params = { accountId: this.account.id, positionId: id, individualPositionId: id };
    return { params, form: textOf(form) };
  }
}

async function firstPriced(
  session: BrokerSession,
  { id }: BrokerAccount,
  free: readonly BrokerInstrument[],
): Promise<BrokerInstrument> {
  const some = free.slice(0, 50);
  const query = { accountId: id, symbols: some.map(({ name }) => name).join(',') };
  const quotes = some.length === 0 ? [] : await session.client.must<readonly BrokerQuote[]>('getQuotes', { query });
  const priced = new Set(
    quotes.filter(({ s, v }) => s !== 'error' && v.halted !== true && v.notShortable !== true).map(({ n }) => n),
  );
  const instrument = some.find(({ name }) => priced.has(name));
  if (!instrument) throw new MissingGround('no instrument is free of orders and positions and has a price');
  return instrument;
}

function refusalIgnored(error: unknown): void {
  if (!(error instanceof UnfitAnswer)) throw error;
}

const textOf = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

export const orderIn = ({ orders }: Observation, id: string): BrokerOrder | undefined =>
  orders.find((order) => order.id === id);

export const bracketsOf = ({ orders }: Observation, parentId: string): readonly BrokerOrder[] =>
  orders.filter((order) => order.parentId === parentId);
