import { newId } from '@core/service/clock';
import { setTimeout as pause } from 'node:timers/promises';
import type { Endpoints } from '../start/endpoints.ts';
import { openingSignal } from './signal-delivery.ts';
import { TradingView } from './trading-view.ts';

/** An account may place four orders a second in the long run. */
const PACE_MS = 400;
const AGAIN_MS = 100;
const ORDER = { instrument: 'EURUSD', type: 'market', qty: '1000', side: 'buy', currentAsk: '1.1', currentBid: '1.1' };

/** Asks of one kind, each until it is taken: how many were, what was said of the others, and how long one waited at most. */
export class PatientAsks {
  taken = 0;
  longestMs = 0;
  readonly refusals = new Set<string>();
}

/**
 * A trader whose orders and strategies' signals keep coming while they are moved: what is refused is asked again, the
 * same under the same id, and who is not known any more logs in again.
 */
export class MovingLoad {
  readonly orders = new PatientAsks();
  readonly signals = new PatientAsks();
  private isOver = false;
  private readonly running: Promise<unknown>;

  private constructor(
    private readonly at: Pick<Endpoints, 'tvGateway' | 'proquant'>,
    private tradingView: TradingView,
    /** The account that orders are placed on. */
    readonly account: string,
  ) {
    this.running = Promise.all([
      this.keepAsking(this.orders, () => this.order(newId())),
      this.keepAsking(this.signals, () => this.signal(newId())),
    ]);
  }

  static async on(at: Pick<Endpoints, 'tvGateway' | 'proquant'>): Promise<MovingLoad> {
    const tradingView = await TradingView.login(at.tvGateway);
    const [, account = ''] = tradingView.accountIds;
    return new MovingLoad(at, tradingView, account);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async keepAsking(asks: PatientAsks, wish: () => () => Promise<string | null>): Promise<void> {
    while (!this.isOver) {
      const ask = wish();
      const began = performance.now();
      for (let why = await ask(); why !== null; why = await ask()) {
        asks.refusals.add(why);
        await pause(AGAIN_MS);
      }
      asks.taken += 1;
      asks.longestMs = Math.max(asks.longestMs, performance.now() - began);
      await pause(PACE_MS);
    }
  }

  /** Null once it is taken, and why not otherwise. */
  private order(requestId: string): () => Promise<string | null> {
    return async () => {
      const { s, errmsg = '' } = await this.tradingView.place(this.account, ORDER, requestId);
      if (/log in again/.test(errmsg)) this.tradingView = await TradingView.login(this.at.tvGateway);
      return s === 'ok' ? null : errmsg;
    };
  }

  private signal(id: string): () => Promise<string | null> {
    const { url, header, token } = this.at.proquant;
    const event = openingSignal(id, Date.now());
    return async () => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { [header]: token, 'content-type': 'application/json' },
        body: JSON.stringify({ v1: { deprecation: null, event } }),
      });
      await answer.arrayBuffer();
      return answer.status === 200 ? null : String(answer.status);
    };
  }
}
