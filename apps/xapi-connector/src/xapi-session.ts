import type {
  BrokerSession,
  InstrumentList,
  Prices,
  PriceStream,
  PriceTerms,
  Readable,
  Urgency,
} from '@core/connector/broker-adapter';
import { UnreadableAnswer } from '@core/connector/broker-failure';
import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Instant, Instrument, Venue } from '@core/contracts/primitives';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';
import type { AccountReport, BrokerSnapshot, OutcomeReport } from '@core/execution/report';
import { instantFromMs, toMs } from '@core/kernel/instant';
import type { Result } from '@core/kernel/result';
import { translateUserData } from '@core/xapi/translate/account';
import { translateMarginLevel } from '@core/xapi/translate/balance';
import { chartCommand, translateChart } from '@core/xapi/translate/candle';
import { encodeRequest, type Unsendable } from '@core/xapi/translate/encode-request';
import { symbolsOfOneCommand, translateHours } from '@core/xapi/translate/hours';
import { translateTradeStatus } from '@core/xapi/translate/outcome';
import { translateSymbol } from '@core/xapi/translate/symbol';
import { translateListedPrice, translateTickPrices } from '@core/xapi/translate/tick';
import { translateTrades } from '@core/xapi/translate/trade';
import type { EgressAddresses } from './transport/egress.ts';
import type { Login } from './transport/login.ts';
import type { MainConnection } from './transport/main-connection.ts';
import { XapiPriceStream } from './xapi-price-stream.ts';

const PRICE_CONNECTIONS = 1;

/** One login at an xAPI server, in our words. */
export class XapiSession implements BrokerSession {
  private readonly main: MainConnection;

  constructor(
    private readonly venue: Venue,
    private readonly login: Login,
    private readonly egress: EgressAddresses,
  ) {
    this.main = login.main;
  }

  get isOpen(): boolean {
    return this.login.isOpen;
  }

  get now(): Instant {
    return this.login.serverNow;
  }

  turn(urgency: Urgency, task: () => Promise<boolean> | boolean): Promise<boolean> {
    return this.main.pacer.turn(urgency, task, (hasSent) => hasSent);
  }

  send(request: BookRequest, book: BrokerBook, prices: Prices): 'sent' | 'not-sent' | Unsendable {
    const command = encodeRequest(request, book, prices);
    if (!command.ok) return command.error;
    return this.main.transmit(command.value) ? 'sent' : 'not-sent';
  }

  async outcome(brokerRequest: string): Promise<OutcomeReport> {
    return valueOf(
      translateTradeStatus(await this.main.ask('tradeTransactionStatus', { order: Number(brokerRequest) }, 'settle')),
    );
  }

  /** The first read is the trades: what the stream says of them while the others are read is newer. */
  async snapshot(since: Instant | null): Promise<BrokerSnapshot> {
    let askedMs = performance.now();
    const onTurn = (): void => void (askedMs = performance.now());
    const start = since === null ? 0 : Math.max(1, toMs(since));
    const trades = await this.main.ask('getTrades', { openedOnly: false }, 'settle', onTurn);
    const history = await this.main.ask('getTradesHistory', { start, end: 0 }, 'settle');
    const money = valueOf(translateMarginLevel(await this.main.ask('getMarginLevel', {}, 'settle')));
    return { askedMs, ...valueOf(translateTrades(trades, history)), money };
  }

  async account(): Promise<AccountReport | null> {
    return translateUserData(await this.main.ask('getCurrentUserData', {}));
  }

  async instruments(): Promise<InstrumentList> {
    const records = listOf('getAllSymbols', await this.main.ask('getAllSymbols', {}));
    const specs = records.map((record) => translateSymbol(this.venue, record));
    return {
      instruments: specs.flatMap((spec) => (spec.ok ? [spec.value] : [])),
      quotes: records.flatMap((record) => translateListedPrice(record) ?? []),
      unreadable: specs.flatMap((spec) => (spec.ok ? [] : [spec.error])),
    };
  }

  async instrument(symbol: Instrument): Promise<InstrumentSpec | null> {
    const spec = translateSymbol(this.venue, await this.main.ask('getSymbol', { symbol }));
    return spec.ok ? spec.value : null;
  }

  /** Servers round both ends of a range: what lies outside of it is left out here. */
  async candles(instrument: Instrument, period: CandlePeriod, fromMs: number, toMs: number): Promise<Readable<Candle>> {
    const command = chartCommand(instrument, period, fromMs, toMs);
    const { candles, unreadable } = valueOf(
      translateChart(await this.main.ask('getChartRangeRequest', command, 'market')),
    );
    const [from, to] = [instantFromMs(fromMs), instantFromMs(toMs)];
    return { values: candles.filter(({ openedAt }) => openedAt >= from && openedAt < to), unreadable };
  }

  async quotes(instruments: readonly InstrumentSpec[]): Promise<Readable<Quote> & { readonly asked: number }> {
    const symbols = symbolsOfOneCommand(instruments.map(({ instrument }) => instrument));
    const answer = await this.main.ask('getTickPrices', { level: 0, symbols, timestamp: 0 }, 'market');
    return { ...valueOf(translateTickPrices(answer, instruments)), asked: symbols.length };
  }

  async hours(instruments: readonly Instrument[]): Promise<Readable<TradingHours> & { readonly asked: number }> {
    const symbols = symbolsOfOneCommand(instruments);
    const answer = await this.main.ask('getTradingHours', { symbols }, 'market');
    const hours = listOf('getTradingHours', answer).map((record) => translateHours(record, this.now));
    const values = hours.flatMap((each) => (each.ok ? [each.value] : []));
    return { values, unreadable: hours.length - values.length, asked: symbols.length };
  }

  async prices(terms: PriceTerms, onClosed: (reason: string) => void, signal: AbortSignal): Promise<PriceStream> {
    const { budget, sessions } = this.egress.pick();
    await budget.take(PRICE_CONNECTIONS, signal);
    const { server, streamSessionId } = this.login;
    const source = { address: server.stream, streamSessionId, options: sessions.stream };
    let isOver = false;
    const over = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      budget.give(PRICE_CONNECTIONS);
      onClosed(reason);
    };
    try {
      return await XapiPriceStream.open(source, terms, over, signal);
    } catch (error) {
      over('not opened');
      throw error;
    }
  }

  close(reason: string): void {
    this.login.close(reason);
  }
}

function valueOf<Value>(read: Result<Value, string>): Value {
  if (!read.ok) throw new UnreadableAnswer(read.error);
  return read.value;
}

function listOf(command: string, answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw new UnreadableAnswer(`${command}: not a list`);
  return answer;
}
