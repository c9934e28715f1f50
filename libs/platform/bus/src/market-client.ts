import { CANDLES_MAX, CandlesAnswer, type Candle, type CandleRequest } from '@core/contracts/market/candle';
import type { MarketFailure } from '@core/contracts/market/failure';
import { HoursAnswer, type HoursRequest } from '@core/contracts/market/hours';
import { MarketSnapshot } from '@core/contracts/market/quote';
import type { Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import { ErrorCode, NatsError, type NatsConnection } from 'nats';
import type { z } from 'zod';
import { parseJson } from './plain-json.ts';

const SNAPSHOT_TIMEOUT_MS = 2_000;

/** How edges and operators ask whoever speaks for a venue. Nobody there is an answer too: `broker-unavailable`. */
export class MarketClient {
  constructor(private readonly connection: NatsConnection) {}

  /** Instruments and last quotes; null when nobody answers. */
  async snapshot(venue: Venue, timeoutMs = SNAPSHOT_TIMEOUT_MS): Promise<MarketSnapshot | null> {
    const answer = await this.ask(subjects.marketSnapshot(venue), {}, MarketSnapshot, timeoutMs);
    return 'instruments' in answer ? answer : null;
  }

  /** One page: `more` of the answer says where the rest begins. */
  candles(request: CandleRequest, timeoutMs: number): Promise<CandlesAnswer> {
    return this.ask(subjects.candles(request.venue), request, CandlesAnswer, timeoutMs);
  }

  /** All pages of a request; stops with the first failure, which then stands for the whole. */
  async allCandles(
    request: CandleRequest,
    limits: { readonly candlesMax: number; readonly pageTimeoutMs: number },
  ): Promise<Candle[] | MarketFailure> {
    const candles: Candle[] = [];
    for (let next: CandleRequest | null = request; next !== null;) {
      const page: CandlesAnswer = await this.candles(next, limits.pageTimeoutMs);
      if (!page.ok) return page;
      if ('count' in next) candles.unshift(...page.candles);
      else candles.push(...page.candles);
      if (candles.length > limits.candlesMax) return { ok: false, reason: 'range-too-large', text: null };
      next = page.more === null ? null : restOf(next, page.more, page.candles.length);
    }
    return candles;
  }

  hours(request: HoursRequest, timeoutMs: number): Promise<HoursAnswer> {
    return this.ask(subjects.hours(request.venue), request, HoursAnswer, timeoutMs);
  }

  private async ask<Shape extends z.ZodType>(
    subject: string,
    body: object,
    shape: Shape,
    timeout: number,
  ): Promise<z.output<Shape> | MarketFailure> {
    try {
      const own = { noMux: true, reply: subjects.marketAnswer(newId()) };
      const reply = await this.connection.request(subject, JSON.stringify(body), { timeout, ...own });
      const answer = shape.safeParse(parseJson(reply.data));
      return answer.success ? answer.data : failure('broker-error', 'the answer cannot be read');
    } catch (error) {
      if (!(error instanceof NatsError)) throw error;
      const isAlone = error.code === (ErrorCode.NoResponders as string);
      return failure('broker-unavailable', isAlone ? 'nobody speaks for the venue' : 'no answer in time');
    }
  }
}

const failure = (reason: MarketFailure['reason'], text: string): MarketFailure => ({ ok: false, reason, text });

function restOf(request: CandleRequest, more: string, told: number): CandleRequest | null {
  if ('from' in request) return { ...request, from: more };
  const count = request.count - told;
  return count > 0 ? { ...request, to: more, count: Math.min(count, CANDLES_MAX) } : null;
}
