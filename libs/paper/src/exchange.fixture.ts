import { ConversionRates } from '@core/contracts/market/conversion';
import { anInstrument, aPair } from '@core/contracts/market/example.fixture';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Decimal, Instant, Instrument } from '@core/contracts/primitives';
import { instantFromMs, toMs } from '@core/kernel/instant';
import type { DealReport, Receipt, Report } from '@core/execution/report';
import { emptyAccount } from './account.ts';
import { PaperExchange } from './exchange.ts';
import type { PaperMarket } from './paper-market.ts';
import type { PaperOrderRequest, PaperRequest } from './request.ts';
import { PaperTerms } from './terms.ts';

export const MONDAY: Instant = '2026-01-05T10:00:00.000000Z';

/** A market whose prices are said. */
export class SaidMarket implements PaperMarket {
  readonly specs = new Map<Instrument, InstrumentSpec>();
  readonly quotes = new Map<Instrument, Quote>();
  readonly dead = new Set<Instrument>();
  rates: ConversionRates;
  bookedRates: ConversionRates;

  constructor(specs: readonly InstrumentSpec[] = [aPair('EURUSD')]) {
    for (const spec of specs) this.specs.set(spec.instrument, spec);
    this.rates = new ConversionRates(specs, (instrument) => this.quote(instrument));
    this.bookedRates = new ConversionRates(specs, (instrument) => this.live(instrument));
  }

  say(instrument: Instrument, bid: Decimal, ask: Decimal, book: Partial<Pick<Quote, 'bids' | 'asks'>> = {}): void {
    this.quotes.set(instrument, { instrument, bid, ask, time: MONDAY, bids: [], asks: [], ...book });
  }

  instrument(instrument: Instrument): InstrumentSpec | null {
    return this.specs.get(instrument) ?? null;
  }

  quote(instrument: Instrument): Quote | null {
    return this.quotes.get(instrument) ?? null;
  }

  live(instrument: Instrument): Quote | null {
    return this.dead.has(instrument) ? null : this.quote(instrument);
  }

  refusal(): 'market-closed' {
    return 'market-closed';
  }
}

/** A trader at the exchange, with 10 000 dollars and a euro at 1.1 unless the test says otherwise. */
export class PaperTrader {
  readonly market: SaidMarket;
  readonly exchange: PaperExchange;
  /** What was told of the account's beginning. */
  readonly begun: readonly Report[];
  at: Instant = MONDAY;

  constructor(terms: Partial<PaperTerms> = {}, specs?: readonly InstrumentSpec[]) {
    this.market = new SaidMarket(specs);
    this.market.say('EURUSD', '1.1', '1.1002');
    const all = PaperTerms.parse({ quotesOf: 'demo', currency: 'USD', balance: '10000', ...terms });
    this.exchange = new PaperExchange(emptyAccount(all.currency, this.at), all, this.market);
    this.exchange.begin(this.at);
    this.begun = this.exchange.drain();
  }

  ask(request: PaperRequest): Receipt {
    return this.exchange.perform(request, this.at);
  }

  order(parts: Partial<PaperOrderRequest> = {}): Receipt {
    const market = { is: 'order', instrument: 'EURUSD', side: 'buy', kind: 'market', volumeLots: '0.1' } as const;
    const open = {
      price: null,
      stopLoss: null,
      takeProfit: null,
      trailingPoints: null,
      expiresAt: null,
      comment: 'mine',
    };
    return this.ask({ ...market, ...open, ...parts });
  }

  /** The price moves; what became of it. */
  moves(bid: Decimal, ask: Decimal, instrument: Instrument = 'EURUSD'): Report[] {
    this.market.say(instrument, bid, ask);
    this.exchange.moved(new Set([instrument]), this.at);
    return this.exchange.drain();
  }

  waits(ms: number): Report[] {
    this.at = instantFromMs(toMs(this.at) + ms);
    this.exchange.passed(this.at);
    return this.exchange.drain();
  }

  get position() {
    return Object.values(this.exchange.account.positions)[0];
  }
}

export const dealIn = (reports: readonly Report[]): DealReport | undefined =>
  reports.find((report): report is DealReport => report.about === 'deal');

/** A yen for each of whose lots no dollar price leads anywhere: nobody can say what it is worth. */
export const unvalued = anInstrument({
  instrument: 'NIKKEI',
  category: 'index',
  contract: { contractSize: '1', baseCurrency: 'JPY', quoteCurrency: 'JPY', digits: 0, pipSize: '1' },
  ...{ tickSize: '1', marginCurrency: 'JPY' },
});
