import type { BrokerSession, InstrumentList, PriceStream, PriceTerms, Readable } from '@core/connector/broker-adapter';
import { UnreadableAnswer } from '@core/connector/broker-failure';
import type { Candle, CandlePeriod } from '@core/contracts/market/candle';
import type { TradingHours } from '@core/contracts/market/hours';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Instant, Instrument, Venue } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { chartCommand, translateChart } from '@core/xapi/translate/candle';
import { hoursCommand, translateHours } from '@core/xapi/translate/hours';
import { translateSymbol } from '@core/xapi/translate/symbol';
import { translateListedPrice } from '@core/xapi/translate/tick';
import type { EgressAddresses } from './transport/egress.ts';
import type { Login } from './transport/login.ts';
import { XapiPriceStream } from './xapi-price-stream.ts';

const PRICE_CONNECTIONS = 1;

/** One login at an xAPI server, in our words. */
export class XapiSession implements Pick<
  BrokerSession,
  'isOpen' | 'now' | 'instruments' | 'instrument' | 'candles' | 'hours' | 'prices' | 'close'
> {
  constructor(
    private readonly venue: Venue,
    readonly login: Login,
    private readonly egress: EgressAddresses,
  ) {}

  get isOpen(): boolean {
    return this.login.isOpen;
  }

  get now(): Instant {
    return this.login.serverNow;
  }

  async instruments(): Promise<InstrumentList> {
    const records = listOf('getAllSymbols', await this.login.main.ask('getAllSymbols', {}));
    const specs = records.map((record) => translateSymbol(this.venue, record));
    return {
      instruments: specs.flatMap((spec) => (spec.ok ? [spec.value] : [])),
      quotes: records.flatMap((record) => translateListedPrice(record) ?? []),
      unreadable: specs.flatMap((spec) => (spec.ok ? [] : [spec.error])),
    };
  }

  async instrument(symbol: Instrument): Promise<InstrumentSpec | null> {
    const spec = translateSymbol(this.venue, await this.login.main.ask('getSymbol', { symbol }));
    return spec.ok ? spec.value : null;
  }

  /** Servers round both ends of a range: what lies outside of it is left out here. */
  async candles(instrument: Instrument, period: CandlePeriod, fromMs: number, toMs: number): Promise<Readable<Candle>> {
    const command = chartCommand(instrument, period, fromMs, toMs);
    const chart = translateChart(await this.login.main.ask('getChartRangeRequest', command, 'market'));
    if (!chart.ok) throw new UnreadableAnswer(chart.error);
    const [from, to] = [instantFromMs(fromMs), instantFromMs(toMs)];
    const values = chart.value.candles.filter(({ openedAt }) => openedAt >= from && openedAt < to);
    return { values, unreadable: chart.value.unreadable };
  }

  async hours(instruments: readonly Instrument[]): Promise<Readable<TradingHours> & { readonly asked: number }> {
    const command = hoursCommand(instruments);
    const answer = await this.login.main.ask('getTradingHours', command, 'market');
    const hours = listOf('getTradingHours', answer).map((record) => translateHours(record, this.now));
    const values = hours.flatMap((each) => (each.ok ? [each.value] : []));
    return { values, unreadable: hours.length - values.length, asked: command.symbols.length };
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

function listOf(command: string, answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw new UnreadableAnswer(`${command}: not a list`);
  return answer;
}
