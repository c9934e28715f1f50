import { answerMarket } from '@core/bus/answers';
import { parseJson } from '@core/bus/plain-json';
import { subscribe } from '@core/bus/subscribe';
import type { Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { inBackground } from '@core/service/in-background';
import type { Msg, NatsConnection, Subscription } from 'nats';
import type { BrokerAdapter } from '../broker-adapter.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import { steadyClock } from '../pacing/clock.ts';
import type { QuestionSettings } from './market-settings.ts';
import { BrokerQuestions, failed, type AskedSession } from './broker-questions.ts';
import { CandleBlocks } from './candle-blocks.ts';
import { CandleService } from './candle-service.ts';
import { payloadMax } from './payload.ts';
import { TradingHoursService } from './trading-hours-service.ts';
import type { VenueCatalog } from './venue-catalog.ts';

export interface MarketServiceParts {
  readonly settings: QuestionSettings;
  readonly candlesBackMs: BrokerAdapter['candlesBackMs'];
  readonly nats: NatsConnection;
  readonly catalog: VenueCatalog;
  readonly metrics: Pick<ConnectorMetrics, 'unreadable'>;
}

/** Answers what is asked about one venue's market over NATS: candles and trading hours. */
export class MarketService {
  readonly questions: BrokerQuestions;
  readonly hours: TradingHoursService;
  private readonly candles: CandleService;
  private subscriptions: Subscription[] = [];
  /** Requests that are being answered. */
  private open = 0;

  constructor(
    private readonly venue: Venue,
    private readonly parts: MarketServiceParts,
    session: () => AskedSession | null,
  ) {
    const { settings, catalog, metrics, candlesBackMs } = parts;
    const { questionIntervalMs: intervalMs, questionsMax: queueMax } = settings;
    const { candleBlock: size, candlesFreshMs: freshMs, candlesKeptMax: candlesMax } = settings;
    this.questions = new BrokerQuestions({ intervalMs, queueMax }, session);
    const shared = {
      questions: this.questions,
      clock: steadyClock,
      isKnown: (instrument: string): boolean | null => catalog.isKnown(instrument),
    };
    this.candles = new CandleService({
      ...shared,
      candlesBackMs,
      blocks: new CandleBlocks({ size, freshMs, candlesMax }, steadyClock),
      blocksMax: settings.candleBlocksMax,
      gatherMs: settings.candleGatherMs,
      onUnreadable: () => metrics.unreadable('candle'),
    });
    this.hours = new TradingHoursService({
      ...shared,
      maxAgeMs: settings.hoursMs,
      onUnreadable: () => metrics.unreadable('hours'),
    });
  }

  start(): void {
    const { nats } = this.parts;
    const answer = (subject: string, handle: (body: unknown) => Promise<object>): Subscription =>
      subscribe(nats, subject, (request) =>
        inBackground('answering a question about a market', this.respond(request, handle)),
      );
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
    if (this.open >= this.parts.settings.questionsMax) return this.say(request, failed('busy'));
    this.open += 1;
    try {
      this.say(request, await handle(parseJson(request.data)));
    } finally {
      this.open -= 1;
    }
  }

  private say(request: Msg, answer: object): void {
    if (!this.parts.nats.isClosed()) answerMarket(request, Buffer.from(JSON.stringify(answer)));
  }
}
