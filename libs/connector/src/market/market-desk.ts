import { subjects } from '@core/contracts/subjects';
import { parseJson } from '@core/bus/plain-json';
import type { Venue } from '@core/contracts/primitives';
import type { Msg, NatsConnection, Subscription } from 'nats';
import type { ConnectorConfig } from '../../../../apps/xapi-connector/src/config.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import { BrokerQuestions, failed, type AskedSession } from './broker-questions.ts';
import { CandleBlocks } from './candle-blocks.ts';
import { CandleDesk } from './candle-desk.ts';
import { HoursDesk } from './hours-desk.ts';
import type { VenueCatalog } from './venue-catalog.ts';

export interface MarketDeskParts {
  readonly config: ConnectorConfig;
  readonly nats: NatsConnection;
  readonly catalog: VenueCatalog;
  readonly metrics: ConnectorMetrics;
}

/** Answers what is asked about one venue's market over NATS: candles and trading hours. */
export class MarketDesk {
  private readonly questions: BrokerQuestions;
  private readonly candles: CandleDesk;
  private readonly hours: HoursDesk;
  private subscriptions: Subscription[] = [];
  /** Requests that are being answered. */
  private open = 0;

  constructor(
    private readonly venue: Venue,
    private readonly parts: MarketDeskParts,
    session: () => AskedSession | null,
  ) {
    const { config, catalog, metrics } = parts;
    const { questionIntervalMs: intervalMs, questionsMax: queueMax } = config;
    const questions = (this.questions = new BrokerQuestions({ intervalMs, queueMax }, session));
    const isKnown = (instrument: string): boolean | null =>
      catalog.isLoaded ? catalog.digitsOf(instrument) !== null : null;
    const { candleBlock: size, candlesFreshMs: freshMs, candlesKeptMax: candlesMax } = config;
    this.candles = new CandleDesk({
      blocks: new CandleBlocks({ size, freshMs, candlesMax }),
      questions,
      blocksMax: config.candleBlocksMax,
      gatherMs: config.candleGatherMs,
      isKnown,
      onUnreadable: () => metrics.unreadable('candle'),
    });
    this.hours = new HoursDesk({
      questions,
      maxAgeMs: config.hoursMs,
      isKnown,
      onUnreadable: () => metrics.unreadable('hours'),
    });
  }

  start(): void {
    const { nats } = this.parts;
    const answer = (subject: string, handle: (body: unknown) => Promise<object>): Subscription =>
      nats.subscribe(subject, {
        callback: (error, request) => {
          if (!error) void this.respond(request, handle);
        },
      });
    const { candles, hours, venue } = this;
    this.subscriptions = [
      answer(subjects.candles(venue), (body) => candles.answer(body, payloadMax(nats))),
      answer(subjects.hours(venue), (body) => hours.answer(body)),
    ];
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.questions.stop();
  }

  private async respond(request: Msg, handle: (body: unknown) => Promise<object>): Promise<void> {
    if (this.open >= this.parts.config.questionsMax) return this.say(request, failed('busy'));
    this.open += 1;
    try {
      this.say(request, await handle(parseJson(request.data)));
    } finally {
      this.open -= 1;
    }
  }

  private say(request: Msg, answer: object): void {
    if (!this.parts.nats.isClosed()) request.respond(Buffer.from(JSON.stringify(answer)));
  }
}

const DEFAULT_PAYLOAD = 1024 * 1024;

/** Most bytes of one message. */
export const payloadMax = (nats: NatsConnection): number => nats.info?.max_payload ?? DEFAULT_PAYLOAD;
