import type { BrokerAccount, BrokerAdapter, SessionListener } from '@core/connector/broker-adapter';
import { BrokerUnavailable, LoginRefused } from '@core/connector/broker-failure';
import type { AccountId, Instant, Venue } from '@core/contracts/primitives';
import type { HistoryReport, PaperStore, StoredAccount } from './paper-store.ts';
import { emptyAccount } from '@core/paper/account';
import { PaperExchange } from '@core/paper/exchange';
import { PaperTerms } from '@core/paper/terms';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { QuoteSettings } from './config.ts';
import { LiveMarket } from './live-market.ts';
import { PaperSession } from './paper-session.ts';
import type { QuoteSource } from './quote-source.ts';

/** Accounts whose broker is this process: they trade at another venue's live prices, with money that nobody has. */
export class PaperAdapter implements BrokerAdapter, OnApplicationShutdown {
  readonly protocol = 'paper';
  private readonly sources = new Map<Venue, QuoteSource>();

  constructor(
    private readonly store: PaperStore,
    private readonly settings: QuoteSettings,
    private readonly sourceOf: (venue: Venue) => QuoteSource,
    private readonly now: () => Instant,
  ) {}

  /** The other venue says how far back it goes. */
  candlesBackMs(): number {
    return Infinity;
  }

  /** There is nobody to log in to: an account is what the books say, and its password is never asked for. */
  async open(account: BrokerAccount, listener: SessionListener, signal: AbortSignal): Promise<PaperSession> {
    const { store, now } = this;
    const terms = termsOf(account);
    const source = this.sourceTo(terms.quotesOf);
    if (source.instruments === null && !(await source.fetch()))
      throw new BrokerUnavailable(`nobody speaks for ${terms.quotesOf}`);
    const market = new LiveMarket(account.venue, terms.leverage, source, this.settings, now);
    const stored = (await store.load(account.id)) ?? (await this.begin(account.id, terms, market));
    if (stored.account.currency !== terms.currency)
      throw new LoginRefused('disabled', `its money is ${stored.account.currency}, not ${terms.currency}`);
    signal.throwIfAborted();
    const session = new PaperSession({ account, terms, market, store, stored, listener, now });
    signal.addEventListener('abort', () => session.close('stopped'), { once: true });
    return session;
  }

  /** Sessions are over by now. */
  onApplicationShutdown(): Promise<void> {
    return this.store.close();
  }

  private async begin(id: AccountId, terms: PaperTerms, market: LiveMarket): Promise<StoredAccount> {
    const at = this.now();
    const account = emptyAccount(terms.currency, at);
    const exchange = new PaperExchange(account, terms, market);
    exchange.begin(at);
    const history = exchange.drain() as HistoryReport[];
    return { version: await this.store.save(id, 0, account, history), account };
  }

  private sourceTo(venue: Venue): QuoteSource {
    const known = this.sources.get(venue) ?? this.sourceOf(venue);
    this.sources.set(venue, known);
    return known;
  }
}

function termsOf({ endpoint, venue }: BrokerAccount): PaperTerms {
  const terms = PaperTerms.safeParse(endpoint);
  if (!terms.success)
    throw new LoginRefused('disabled', `the venue's endpoint is none: ${terms.error.issues[0]?.message}`);
  if (terms.data.quotesOf === venue) throw new LoginRefused('disabled', 'a venue cannot have its own prices');
  return terms.data;
}
