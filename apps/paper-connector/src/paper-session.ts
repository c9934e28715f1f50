import type {
  BrokerAccount,
  BrokerSession,
  InstrumentList,
  PriceStream,
  PriceTerms,
  Readable,
  SessionListener,
  Urgency,
} from '@core/connector/broker-adapter';
import { NoAnswer, NoTurn } from '@core/connector/broker-failure';
import { Pacer } from '@core/connector/pacing/pacer';
import type { Candle, CandlePeriod, Candles } from '@core/contracts/market/candle';
import { HOURS_INSTRUMENTS_MAX, type TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Instant, Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import type { AccountFigures, AccountReport, BrokerSnapshot, OutcomeReport, Report } from '@core/execution/report';
import { PaperExchange } from '@core/paper/exchange';
import { paperRequestOf } from '@core/paper/request';
import type { PaperTerms } from '@core/paper/terms';
import type { LiveMarket } from './live-market.ts';
import { PaperJournal } from './paper-journal.ts';
import { PaperPriceStream } from './paper-price-stream.ts';
import type { PaperStore, StoredAccount } from './paper-store.ts';
import { answerOf } from './source-answers.ts';

export interface PaperSessionParts {
  readonly account: BrokerAccount;
  readonly terms: PaperTerms;
  readonly market: LiveMarket;
  readonly store: PaperStore;
  readonly stored: StoredAccount;
  readonly listener: SessionListener;
  readonly now: () => Instant;
}

/** How often time is looked at: what expires, what a night costs, what an account is worth. */
const TICK_MS = 1_000;
const TURNS_MAX = 1_000;

/**
 * One account while its connector holds it: what is decided is written first and told then. Where it cannot be written
 * the session ends, and the next one begins with what was.
 */
export class PaperSession implements BrokerSession {
  private readonly exchange: PaperExchange;
  private readonly turns = new Pacer({ intervalMs: 0, queueMax: TURNS_MAX });
  private readonly ticking: NodeJS.Timeout;
  private readonly leave: () => void;
  private readonly journal: PaperJournal;
  private open = true;
  private worth: AccountFigures | null = null;

  constructor(private readonly parts: PaperSessionParts) {
    const { account, store, stored, terms, market } = parts;
    this.journal = new PaperJournal(store, account.id, stored, (reason) => this.close(reason));
    this.exchange = new PaperExchange(stored.account, terms, market);
    this.leave = market.source.follow((moved) => this.moved(moved));
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  get isOpen(): boolean {
    return this.open;
  }

  get now(): Instant {
    return this.parts.now();
  }

  turn(urgency: Urgency, task: () => Promise<boolean> | boolean): Promise<boolean> {
    return this.turns.turn(urgency, task, (hasSent) => hasSent);
  }

  send(request: BookRequest, book: BrokerBook): 'sent' | 'not-sent' | 'target-gone' {
    if (!this.open) return 'not-sent';
    const wanted = paperRequestOf(request, book);
    if (wanted === null) return 'target-gone';
    const { listener } = this.parts;
    const receipt = this.exchange.perform(wanted, this.now);
    const reports = this.exchange.drain();
    this.journal.changed(reports);
    this.journal.say(() => listener.answered(request.requestId, receipt));
    if (receipt.is === 'taken') this.journal.say(() => listener.outcome(acceptedOf(receipt.brokerRequest)));
    this.tell(reports);
    return 'sent';
  }

  /** What was taken was carried out: a number that was given says so. */
  async outcome(brokerRequest: string): Promise<OutcomeReport> {
    await this.journal.written();
    const isGiven = Number(brokerRequest) <= this.exchange.account.numbers;
    return isGiven ? acceptedOf(brokerRequest) : { brokerRequest, comment: null, outcome: { is: 'open' } };
  }

  async snapshot(since: Instant | null): Promise<BrokerSnapshot> {
    const askedMs = performance.now();
    await this.journal.written();
    const { exchange, parts } = this;
    const [standing, money, { numbers }] = [exchange.standing(), exchange.figures(), exchange.account];
    if (money === null) throw new NoAnswer('a price that the account depends on is not known');
    return { askedMs, standing, money, history: await parts.store.history(parts.account.id, since, numbers) };
  }

  account(): Promise<AccountReport> {
    const { currency, leverage, quotesOf } = this.parts.terms;
    return Promise.resolve({ currency, leverage, group: `paper ${quotesOf}`, tradingDisabled: false });
  }

  instruments(): Promise<InstrumentList> {
    const { market } = this.parts;
    const { instruments } = market;
    const quotes = instruments.flatMap(({ instrument }) => market.quote(instrument) ?? []);
    return Promise.resolve({ instruments, quotes, unreadable: [] });
  }

  instrument(instrument: Instrument): Promise<InstrumentSpec | null> {
    return Promise.resolve(this.parts.market.instrument(instrument));
  }

  async candles(instrument: Instrument, period: CandlePeriod, fromMs: number, toMs: number): Promise<Readable<Candle>> {
    const [from, to] = [instantFromMs(fromMs), instantFromMs(toMs)];
    const values: Candle[] = [];
    for (let next: Instant | null = from; next !== null;) {
      const page: Candles = answerOf(await this.parts.market.source.candles({ instrument, period, from: next, to }));
      values.push(...page.candles);
      next = page.more;
    }
    return { values, unreadable: 0 };
  }

  /** Of what the other venue stands by: what it does not is not confirmed. */
  quotes(instruments: readonly InstrumentSpec[]): Promise<Readable<Quote> & { readonly asked: number }> {
    const { market } = this.parts;
    const values = instruments.flatMap(({ instrument }) => market.standing(instrument) ?? []);
    return Promise.resolve({ values, unreadable: 0, asked: instruments.length });
  }

  async hours(instruments: readonly Instrument[]): Promise<Readable<TradingHours> & { readonly asked: number }> {
    const asked = instruments.slice(0, HOURS_INSTRUMENTS_MAX);
    const { hours } = answerOf(await this.parts.market.source.hours(asked));
    return { values: hours, unreadable: 0, asked: asked.length };
  }

  prices(terms: PriceTerms, onClosed: (reason: string) => void, signal: AbortSignal): Promise<PriceStream> {
    if (signal.aborted || !this.open) return Promise.reject(new NoTurn('the session is over'));
    const stream = new PaperPriceStream(this.parts.market.source, terms, onClosed);
    signal.addEventListener('abort', () => stream.close('stopped'), { once: true });
    return Promise.resolve(stream);
  }

  close(reason: string): void {
    if (!this.open) return;
    this.open = false;
    clearInterval(this.ticking);
    this.leave();
    this.turns.close(reason);
    this.journal.stop();
    this.parts.listener.closed(reason);
  }

  private moved(instruments: ReadonlySet<Instrument>): void {
    this.exchange.moved(instruments, this.now);
    this.report();
  }

  /** Prices that stood while nobody looked, or were dead, and do not move now, are looked at too. */
  private tick(): void {
    this.exchange.passed(this.now);
    this.exchange.moved(this.exchange.instruments, this.now);
    this.report();
    if (Object.keys(this.exchange.account.positions).length > 0) this.value();
  }

  private report(): void {
    const reports = this.exchange.drain();
    this.journal.changed(reports);
    this.tell(reports);
  }

  private tell(reports: readonly Report[]): void {
    const { listener } = this.parts;
    for (const report of reports) this.journal.say(() => listener.reported(report));
    if (reports.length > 0) this.value();
  }

  /** What the account is worth, where that is known and new. */
  private value(): void {
    const worth = this.exchange.figures();
    if (worth === null || JSON.stringify(worth) === JSON.stringify(this.worth)) return;
    this.worth = worth;
    this.journal.say(() => this.parts.listener.money(worth));
  }
}

const acceptedOf = (brokerRequest: string): OutcomeReport => ({
  brokerRequest,
  comment: null,
  outcome: { is: 'accepted' },
});
