import { eurusdTerms } from '@core/contracts/examples.fixture';
import { tokenOf } from '@core/contracts/order-token';
import { positionIdOf } from '@core/contracts/fact-id';
import type { Decimal, Instrument, OrderId, RequestId, Side } from '@core/contracts/primitives';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { Ask, BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import type {
  AccountFigures,
  DealReport,
  OrderReport,
  OutcomeReport,
  PositionReport,
  Receipt,
  Report,
  StandingReport,
} from '@core/execution/report';
import { ZERO } from '@core/kernel/decimal';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { until } from '@core/testing/until';
import type { BrokerAccount, BrokerAdapter, BrokerSession, SessionListener, Urgency } from './broker-adapter.ts';

type OrderTerms = Extract<Ask, { type: 'OrderRequested' }>['data'];
type Levels = Pick<OrderTerms, 'stopLoss' | 'takeProfit'>;
type Answer = { readonly is: 'accepted' } | Extract<Receipt, { is: 'rejected' }>;

const requester = { edge: 'operator', reference: null } as const;

/** Uses an adapter as a connector does, one account with one session, and remembers all it hears. */
export class AdapterUser implements SessionListener {
  readonly reports: Report[] = [];
  readonly figures: AccountFigures[] = [];
  readonly outcomes: OutcomeReport[] = [];
  readonly receipts = new Map<RequestId, Receipt[]>();
  readonly unread: string[] = [];
  readonly ends: string[] = [];
  private current: BrokerSession | null = null;
  private isSending = false;

  constructor(
    private readonly account: BrokerAccount,
    readonly instrument: Instrument,
  ) {}

  static async open(
    adapter: BrokerAdapter,
    account: BrokerAccount,
    instrument: Instrument,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<AdapterUser> {
    const user = new AdapterUser(account, instrument);
    user.current = await adapter.open(account, user, signal);
    return user;
  }

  get session(): BrokerSession {
    return present(this.current, 'the session was opened');
  }

  /** How much was heard of anything. */
  get heard(): number {
    const answers = [...this.receipts.values()].flat();
    return [this.reports, this.figures, this.outcomes, answers, this.unread, this.ends].flat().length;
  }

  reported(report: Report): void {
    this.reports.push(report);
  }

  money(figures: AccountFigures): void {
    this.figures.push(figures);
  }

  outcome(outcome: OutcomeReport): void {
    this.outcomes.push(outcome);
  }

  answered(requestId: RequestId, receipt: Receipt): void {
    if (this.isSending) throw new Error('answered before it was sent');
    this.receipts.set(requestId, [...(this.receipts.get(requestId) ?? []), receipt]);
  }

  unreadable(what: string, reason: string): void {
    this.unread.push(`${what}: ${reason}`);
  }

  closed(reason: string): void {
    this.ends.push(reason);
  }

  order(parts: Partial<Omit<OrderTerms, 'orderId'>> = {}): Promise<OrderId> {
    const orderId = newId();
    const market = { instrument: this.instrument, contract: eurusdTerms, side: 'buy', kind: 'market' } as const;
    const open = { volumeLots: '0.1', price: null, stopLoss: null, takeProfit: null, expiresAt: null } as const;
    const data = { orderId, ...market, ...open, requester, signal: null, ...parts };
    return this.send('order', orderId, { type: 'OrderRequested', data });
  }

  close(position: string, volumeLots: Decimal): Promise<RequestId> {
    const data = { requestId: newId(), positionId: this.idOf(position), volumeLots, requester, signal: null };
    return this.send('close', data.requestId, { type: 'CloseRequested', data });
  }

  protect(position: string, levels: Levels & Pick<OrderTerms, 'trailingPoints'>): Promise<RequestId> {
    const terms = { target: 'position', positionId: this.idOf(position), ...levels } as const;
    return this.amend(terms);
  }

  change(order: OrderReport, parts: Partial<Levels & { price: Decimal }>): Promise<RequestId> {
    const { price, stopLoss, takeProfit, expiresAt } = { ...order, ...parts };
    return this.amend({ target: 'order', orderId: this.idOf(order.order), price, stopLoss, takeProfit, expiresAt });
  }

  cancel(order: string): Promise<RequestId> {
    const data = { requestId: newId(), orderId: this.idOf(order), requester };
    return this.send('close', data.requestId, { type: 'CancellationRequested', data });
  }

  /** Opens a position at the market and gives it as it is first told. */
  async opens(parts: Partial<Omit<OrderTerms, 'orderId'>> = {}): Promise<PositionReport> {
    const orderId = await this.order(parts);
    return this.position(({ comment }) => comment === tokenOf(orderId));
  }

  /** Puts a limit or stop order into the book and gives it as it is first told. */
  async places(kind: OrderReport['kind'], price: Decimal, side: Side = 'buy'): Promise<OrderReport> {
    const orderId = await this.order({ kind, price, side });
    return this.sees('order', ({ comment }) => comment === tokenOf(orderId));
  }

  /** The first report about something that fits, once it is there. */
  async sees<About extends Report['about']>(
    about: About,
    fits: (report: Extract<Report, { about: About }>) => boolean = () => true,
  ): Promise<Extract<Report, { about: About }>> {
    const find = () =>
      this.reports.find(
        (report): report is Extract<Report, { about: About }> =>
          report.about === about && fits(report as Extract<Report, { about: About }>),
      );
    await until(() => find() !== undefined).catch(() => {
      throw new Error(`nothing of ${about} that fits in ${JSON.stringify(this.reports)}`);
    });
    return present(find(), 'it was just there');
  }

  position(fits: (report: PositionReport) => boolean): Promise<PositionReport> {
    return this.sees('position', fits);
  }

  deal(position: string): Promise<DealReport> {
    return this.sees('deal', (report) => report.position === position);
  }

  /** Under which number a request was taken. */
  async number(requestId: RequestId): Promise<string> {
    const receipt = await this.receipt(requestId);
    if (receipt.is !== 'taken') throw new Error(`not taken: ${JSON.stringify(receipt)}`);
    return receipt.brokerRequest;
  }

  async receipt(requestId: RequestId): Promise<Receipt> {
    await until(() => this.receipts.has(requestId));
    return present(this.receipts.get(requestId)?.[0], 'it was answered');
  }

  /** What the broker made of a request, whether its receipt says so or an outcome that follows. */
  async answer(requestId: RequestId): Promise<Answer> {
    const receipt = await this.receipt(requestId);
    if (receipt.is === 'rejected') return receipt;
    const number = await this.number(requestId);
    const said = () =>
      this.outcomes.flatMap(({ brokerRequest, outcome }) =>
        brokerRequest === number && outcome.is !== 'open' ? [outcome] : [],
      )[0];
    await until(() => said() !== undefined);
    return present(said(), 'it was told');
  }

  /** What stands by all that was told so far. */
  get standing(): ReadonlyMap<string, StandingReport> {
    const standing = new Map<string, StandingReport>();
    for (const report of this.reports) {
      if (report.about === 'position') standing.set(report.position, report);
      else if (report.about === 'order') standing.set(report.order, report);
      else if (report.about === 'position-gone') standing.delete(report.position);
      else if (report.about === 'order-gone') standing.delete(report.order);
    }
    return standing;
  }

  private amend(terms: Extract<Ask, { type: 'AmendmentRequested' }>['data']['terms']): Promise<RequestId> {
    const data = { requestId: newId(), terms, requester };
    return this.send('amend', data.requestId, { type: 'AmendmentRequested', data });
  }

  private async send(urgency: Urgency, requestId: RequestId, ask: Ask): Promise<RequestId> {
    const { session } = this;
    await session.turn(urgency, () => {
      this.isSending = true;
      const sent = session.send(requestOf(requestId, ask, session.now), this.book, () => null);
      this.isSending = false;
      if (sent !== 'sent') throw new Error(sent);
      return true;
    });
    return requestId;
  }

  /** Ours of what the broker knows by number; of what it does not, an id all the same. */
  private idOf(number: string): string {
    return positionIdOf(this.account.id, number);
  }

  private get book(): BrokerBook {
    const book = brokerBook.initial();
    const past = { amendments: 0, correlationid: newId(), lastEventId: newId() };
    for (const [number, report] of this.standing) {
      const id = this.idOf(number);
      book.numbers[id] = number;
      if (report.about === 'position')
        book.positions[number] = {
          positionId: id,
          orderId: null,
          swapCharges: 0,
          deals: [],
          since: null,
          ...past,
          ...report,
        };
      else book.orders[number] = { orderId: id, filledLots: ZERO, signal: null, ...past, ...report };
    }
    return book;
  }
}

const requestOf = (requestId: RequestId, ask: Ask, at: string): BookRequest => ({
  ...{ requestId, ask, status: 'dispatched', effected: false, requestedAt: at, dispatchedAt: at, brokerRequest: null },
  ...{ filledLots: ZERO, before: null, correlationid: requestId, lastEventId: requestId },
});
