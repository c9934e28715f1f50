import type { PriceMoves, PriceStream, PriceTerms } from '@core/connector/broker-adapter';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Quote } from '@core/contracts/market/quote';
import type { Instrument } from '@core/contracts/primitives';
import { QuoteBook } from '@core/xapi/translate/tick';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import type { BrokerAddress } from './transport/broker-socket.ts';
import { StreamConnection, type StreamOptions } from './transport/stream-connection.ts';

/** Where prices come from: a streaming connection of a login, of their own. */
export interface PriceSource {
  readonly address: BrokerAddress;
  readonly streamSessionId: string;
  readonly options: StreamOptions;
}

/** Ticks as they came, until somebody asks what they come to. */
export class XapiPriceStream implements PriceStream {
  private readonly book: QuoteBook;
  private readonly digits = new Map<Instrument, number>();
  private received = 0;
  private unreadable = 0;
  private connection: StreamConnection | null = null;

  private constructor(private readonly terms: PriceTerms) {
    this.book = new QuoteBook((instrument) => this.digits.get(instrument) ?? null, terms.deepestLevel);
  }

  /** Rejects with a `BrokerFailure`; nothing is left open then. `onClosed` is heard in either case. */
  static async open(
    { address, streamSessionId, options }: PriceSource,
    terms: PriceTerms,
    onClosed: (reason: string) => void,
    signal: AbortSignal,
  ): Promise<XapiPriceStream> {
    const prices = new XapiPriceStream(terms);
    const record = (stream: string, data: JsonObject): void => prices.take(stream, data);
    const heard = { record, closed: onClosed };
    prices.connection = await StreamConnection.open(address, streamSessionId, options, heard, signal);
    await prices.connection.start([]);
    return prices;
  }

  async subscribe({ instrument: symbol, contract }: InstrumentSpec): Promise<void> {
    this.digits.set(symbol, contract.digits);
    const { deepestLevel: maxLevel, intervalMs: minArrivalTime } = this.terms;
    await this.connection?.subscribe({ command: 'getTickPrices', symbol, minArrivalTime, maxLevel });
  }

  drain(): PriceMoves {
    const { received, unreadable } = this;
    this.received = this.unreadable = 0;
    return { quotes: this.book.drain(), received, unreadable };
  }

  quote(instrument: Instrument): Quote | null {
    return this.book.quote(instrument);
  }

  close(reason: string): void {
    this.connection?.destroy(reason);
  }

  private take(stream: string, data: JsonObject): void {
    if (stream !== 'tickPrices') return;
    this.received += 1;
    if (!this.book.take(data)) this.unreadable += 1;
  }
}
