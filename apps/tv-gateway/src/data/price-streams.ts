import { TickFeed, type HeardTicks } from '@core/bus/tick-feed';
import type { Instrument } from '@core/contracts/primitives';
import { RegistryNews } from '@core/edge/registry-news';
import { inBackground } from '@core/service/in-background';
import { streamingLinesOf } from '@core/tradingview/translate/price-change';
import type { StreamingLine } from '@core/tradingview/wire/feed';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge, Registry as Metrics } from 'prom-client';
import { Readable } from 'node:stream';
import { DataSettings } from '../config.ts';
import { Refused } from '../refused.ts';
import { DataLogins, type DataReader } from './data-logins.ts';
import { OfferedSymbols } from './offered-symbols.ts';

/** So often every reader hears that its connection lives, whatever moves (document, `StreamingHeartbeatResponse`). */
const HEARTBEAT_MS = 5_000;

/**
 * Every reader of `/streaming` is told the same: the ticks as the owner of the bars counted them. A reader that falls
 * behind is closed, and all of them are where ticks were missed: who reads then asks for what lies between.
 */
@Injectable()
export class PriceStreams implements BeforeApplicationShutdown {
  private readonly readers = new Map<Readable, DataReader>();
  private readonly heart: NodeJS.Timeout;
  private isStopping = false;
  private readonly closed: Counter<'reason'>;

  constructor(
    private readonly settings: DataSettings,
    private readonly symbols: OfferedSymbols,
    private readonly logins: DataLogins,
    ticks: TickFeed,
    news: RegistryNews,
    metrics: Metrics,
  ) {
    ticks.onTicks((heard) => this.hear(heard));
    news.onChanged(() => inBackground('ending streams of revoked clients', this.endRevoked()));
    this.heart = setInterval(() => this.tell([heartbeat()]), HEARTBEAT_MS).unref();
    const { readers } = this;
    new Gauge({
      name: 'tv_data_readers',
      help: 'Readers of the stream of prices',
      registers: [metrics],
      collect() {
        this.set(readers.size);
      },
    });
    this.closed = new Counter({
      name: 'tv_data_readers_closed_total',
      help: 'Readers that were closed from here',
      labelNames: ['reason'],
      registers: [metrics],
    });
  }

  /** Whoever reads hears a whole line last, and the end of the answer: a cut connection is what a fault looks like. */
  beforeApplicationShutdown(): void {
    clearInterval(this.heart);
    this.isStopping = true;
    this.end('stopping', [...this.readers.keys()]);
  }

  /** Lines from now on, for as long as the reader keeps up. */
  open(reader: DataReader): Readable {
    if (this.isStopping) throw new Refused({ key: 'request.stopping' });
    if (this.readers.size >= this.settings.streamsMax) throw new Refused({ key: 'request.tooManyStreams' });
    const stream = new Readable({ read: () => undefined });
    this.readers.set(stream, reader);
    stream.once('close', () => this.readers.delete(stream));
    stream.push(textOf([heartbeat()]));
    return stream;
  }

  /** Whether somebody reads, and was told that there is such an instrument. */
  tells(instrument: Instrument): boolean {
    return this.readers.size > 0 && this.symbols.tells(instrument);
  }

  /** Tells every reader. */
  tell(lines: readonly StreamingLine[]): void {
    if (lines.length === 0) return;
    const text = textOf(lines);
    for (const stream of this.readers.keys()) {
      if (stream.readableLength <= this.settings.streamBacklogBytes) stream.push(text);
      else this.cut(stream);
    }
  }

  private hear({ venue, changes, missed }: HeardTicks): void {
    if (venue !== this.settings.venue) return;
    if (missed) this.end('missed', [...this.readers.keys()]);
    this.tell(changes.filter(({ instrument }) => this.tells(instrument)).flatMap(streamingLinesOf));
  }

  /** What it has not read is of no use to it: it must hear at once that it is behind. */
  private cut(stream: Readable): void {
    this.closed.inc({ reason: 'behind' });
    this.readers.delete(stream);
    stream.destroy();
  }

  private async endRevoked(): Promise<void> {
    for (const [stream, reader] of this.readers) if (!(await this.logins.isLive(reader))) this.end('revoked', [stream]);
  }

  private end(reason: string, streams: readonly Readable[]): void {
    for (const stream of streams) {
      this.closed.inc({ reason });
      this.readers.delete(stream);
      stream.push(null);
    }
  }
}

const textOf = (lines: readonly StreamingLine[]): Buffer =>
  Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

const heartbeat = (): StreamingLine => ({ heartbeat: Math.floor(Date.now() / 1000) });
