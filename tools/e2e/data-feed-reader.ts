import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { present } from '@core/kernel/present';
import { barsOf, barsOfTrades, barText, MINUTE, type Bar } from '../conformance/rules/bar-rules.ts';
import type { BarColumns } from '../conformance/broker-words.ts';
import type { Endpoints } from '../start/endpoints.ts';

interface Trade {
  readonly t: number;
  readonly p: number;
  readonly s: number;
}

/** A reader of `/streaming` as TradingView's servers are, who compares it with `/history`. */
export class DataFeedReader {
  /** The first minute that is heard from its beginning. */
  private readonly from = Math.ceil(Date.now() / 1_000 / MINUTE) * MINUTE;
  private readonly trades = new Map<string, Trade[]>();
  /** Whether the server ended it. */
  hasEnded = false;

  private constructor(
    private readonly at: Endpoints['tvData'],
    private readonly response: IncomingMessage,
  ) {
    response.once('close', () => (this.hasEnded = true));
    createInterface({ input: response }).on('line', (line) => this.take(line));
  }

  static async open(at: Endpoints['tvData']): Promise<DataFeedReader> {
    const request = get(`${at.url}/streaming`, { headers: { authorization: at.authorization } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new DataFeedReader(at, response);
  }

  /**
   * Minutes that were heard wholly, and are settled, of which every symbol has the bar that its trades make. Of what the
   * owner of the bars did not hear wholly the broker's chart decides. Throws where the server ended the stream.
   */
  async agreed(): Promise<readonly number[]> {
    if (this.hasEnded) throw new Error('the server ended the stream of prices');
    const counts = new Map<number, number>();
    const symbols = await this.symbols();
    for (const symbol of symbols) {
      // The newest may be one that runs.
      const told = new Map((await this.told(symbol)).slice(0, -1).map((bar) => [bar.t, barText(bar)]));
      for (const bar of barsOfTrades(this.trades.get(symbol) ?? []))
        if (told.get(bar.t) === barText(bar)) counts.set(bar.t, (counts.get(bar.t) ?? 0) + 1);
    }
    return [...counts].filter(([, count]) => count === symbols.length).map(([minute]) => minute);
  }

  /** Bars since it was opened, as far as they are known. */
  async told(symbol: string): Promise<readonly Bar[]> {
    const query = { symbol, resolution: '1', from: `${this.from}`, to: `${Math.floor(Date.now() / 1_000)}` };
    const answer = await this.ask<BarColumns & { readonly s: string }>(`/history?${new URLSearchParams(query)}`);
    return answer.s === 'ok' ? barsOf(answer) : [];
  }

  close(): void {
    this.response.destroy();
  }

  private async symbols(): Promise<readonly string[]> {
    const { ticker } = await this.ask<{ readonly ticker?: readonly string[] }>('/symbol_info');
    return present(ticker, 'its symbols have tickers');
  }

  private async ask<Answer>(path: string): Promise<Answer> {
    const { url, authorization } = this.at;
    // On a connection of its own: specs stand still while a command runs, and a server ends what is idle.
    const request = get(`${url}${path}`, { agent: false, headers: { authorization } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return (await json(response)) as Answer;
  }

  private take(line: string): void {
    const message = JSON.parse(line) as Trade & { readonly f?: string; readonly id: string };
    if (message.f !== 't') return;
    const trades = this.trades.get(message.id) ?? [];
    if (trades.length === 0) this.trades.set(message.id, trades);
    trades.push(message);
  }
}
