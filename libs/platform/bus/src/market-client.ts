import { CANDLES_MAX, CandlesAnswer, type Candle, type CandleRequest } from '@core/contracts/market/candle';
import type { MarketFailure } from '@core/contracts/market/failure';
import { AccountConnection } from '@core/contracts/market/connection';
import { HoursAnswer, type HoursRequest } from '@core/contracts/market/hours';
import { MarketSnapshot } from '@core/contracts/market/quote';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';
import type { z } from 'zod';
import { askedOnBus } from './question.ts';

const SNAPSHOT_TIMEOUT_MS = 2_000;
const CONNECTION_TIMEOUT_MS = 1_000;

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

  /**
   * Whether the broker of an account is connected. It is not where nobody holds the account: a process that was killed
   * holds none from that moment on. Null when whoever holds it does not answer in time.
   */
  async isConnected(account: AccountId, timeoutMs = CONNECTION_TIMEOUT_MS): Promise<boolean | null> {
    const question = {
      subject: subjects.connection(account),
      reply: subjects.marketAnswer(newId()),
      body: {},
      timeoutMs,
    };
    const told = await askedOnBus(this.connection, question);
    if (told === 'nobody') return false;
    const answer = told === 'late' ? null : AccountConnection.safeParse(told.answer);
    return answer?.data?.isConnected ?? null;
  }

  private async ask<Shape extends z.ZodType>(
    subject: string,
    body: object,
    shape: Shape,
    timeoutMs: number,
  ): Promise<z.output<Shape> | MarketFailure> {
    const told = await askedOnBus(this.connection, { subject, reply: subjects.marketAnswer(newId()), body, timeoutMs });
    if (told === 'nobody') return failure('broker-unavailable', 'nobody speaks for the venue');
    if (told === 'late') return failure('broker-unavailable', 'no answer in time');
    const answer = shape.safeParse(told.answer);
    return answer.success ? answer.data : failure('broker-error', 'the answer cannot be read');
  }
}

const failure = (reason: MarketFailure['reason'], text: string): MarketFailure => ({ ok: false, reason, text });

function restOf(request: CandleRequest, more: string, told: number): CandleRequest | null {
  if ('from' in request) return { ...request, from: more };
  const count = request.count - told;
  return count > 0 ? { ...request, to: more, count: Math.min(count, CANDLES_MAX) } : null;
}
