import { present } from '@core/kernel/present';
import { RequestStatus } from '@core/xapi/wire/enums';
import { errorCodes, type XapiErrorCode } from '@core/xapi/wire/error-codes';
import { openAccount, type SimulatedAccount, type AccountTerms, type RequestState } from './account.ts';
import { TradeBook } from './trade-book.ts';
import type { BrokerParts } from './broker-parts.ts';
import { OrderExecution } from './order-execution.ts';
import { checkOrder, type OrderRequest } from './order-check.ts';
import { priceText } from './units.ts';
import { accountFigures, type Figures } from './valuation.ts';

/** A number for a request that was taken, or why it was not. */
export type RequestReceipt = { readonly order: number } | { readonly error: XapiErrorCode };

/** Refused at once whatever the setting says: without an instrument or a kind there is no request to speak of. */
const ALWAYS_AT_ONCE: readonly XapiErrorCode[] = ['BE101', 'BE102'];

/** The accounts and what they ask for. What prices do to them is in `Triggers`. */
export class SimulatedBroker {
  readonly accounts = new Map<string, SimulatedAccount>();
  readonly book: TradeBook;
  readonly execution: OrderExecution;
  private readonly requestTimes = new Map<string, number[]>();

  constructor(private readonly parts: BrokerParts) {
    const { market, ids, random, behaviour, output } = parts;
    this.book = new TradeBook(market, ids, random, behaviour, output);
    this.execution = new OrderExecution(parts, this.book, () => this.time);
  }

  /** The broker's own clock, which may be set wrong. */
  get time(): number {
    return this.parts.scheduler.now + this.parts.behaviour().clockSkewMs;
  }

  addAccount(terms: AccountTerms): SimulatedAccount {
    const account = openAccount(terms);
    this.accounts.set(terms.userId, account);
    return account;
  }

  account(userId: string): SimulatedAccount {
    return present(this.accounts.get(userId), `no account ${userId}`);
  }

  figures(account: SimulatedAccount): Figures {
    return accountFigures(this.parts.market, account);
  }

  /** For a request and a position that no client asked for. */
  newNumbers(): readonly [request: number, position: number] {
    return this.parts.ids.nextPair();
  }

  /** Takes a request. Whether it comes to anything is told later: streamed, and kept in the account's `requests`. */
  receive(account: SimulatedAccount, request: OrderRequest): RequestReceipt {
    const { market, behaviour, ids, scheduler } = this.parts;
    const tooFrequent = this.countRequest(account.userId);
    if (tooFrequent) return { error: tooFrequent };
    const check = checkOrder(request, account, market, behaviour(), this.time);
    if ('error' in check && (behaviour().rejectVia === 'reply' || ALWAYS_AT_ONCE.includes(check.error))) return check;

    const [order, positionId] = ids.nextPair();
    const { digits } = market.get(request.symbol).instrument;
    const { customComment } = request;
    const price = 'ok' in check ? check.ok.price : 0;
    const state = { order, requestStatus: RequestStatus.pending, message: null, customComment, price, digits };
    account.requests.set(order, state);
    if (behaviour().announcePending) this.showStatus(account, state);
    scheduler.after(behaviour().execDelayMs.execute, () => {
      if ('error' in check) return this.settle(account, state, RequestStatus.rejected, errorCodes[check.error]);
      const fault = this.parts.faults.strike('reject', account.userId);
      if (fault) return this.settle(account, state, fault.requestStatus, fault.message);
      const refusal = this.execution.execute({ account, request, checked: check.ok, order, positionId });
      this.settle(account, state, refusal === null ? RequestStatus.accepted : RequestStatus.rejected, refusal);
    });
    return { order };
  }

  /** Streams every open position again, unchanged (wire-behaviour §7.16). */
  resync(account: SimulatedAccount): void {
    for (const position of account.positions.values()) this.book.show(account, position);
  }

  private settle(account: SimulatedAccount, state: RequestState, requestStatus: number, message: string | null): void {
    const settled = (): void => {
      Object.assign(state, { requestStatus, message });
      this.showStatus(account, state);
    };
    const stuck = this.parts.faults.strike('stuck-status', account.userId);
    if (stuck) this.parts.scheduler.after(stuck.ms, settled);
    else settled();
  }

  private showStatus(
    { userId }: SimulatedAccount,
    { order, requestStatus, message, customComment, price, digits }: RequestState,
  ) {
    this.parts.output.status(userId, { order, requestStatus, message, customComment, price: priceText(price, digits) });
  }

  /** BE014 when there are too many within a second, BE016 when there are twice as many. */
  private countRequest(userId: string): XapiErrorCode | null {
    const most = this.parts.behaviour().maxTradeRequestsPerSecond;
    if (most === 0) return null;
    const { now } = this.parts.scheduler;
    const recent = (this.requestTimes.get(userId) ?? []).filter((time) => time > now - 1_000);
    this.requestTimes.set(userId, [...recent, now]);
    if (recent.length >= 2 * most) return 'BE016';
    return recent.length >= most ? 'BE014' : null;
  }
}
