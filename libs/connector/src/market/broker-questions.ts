import type { MarketFailure } from '@core/contracts/market/failure';
import { toMs } from '@core/kernel/instant';
import type { BrokerSession } from '../broker-adapter.ts';
import { NoAnswer, NoTurn, QuestionRefused, UnreadableAnswer } from '../broker-failure.ts';
import type { Clock } from '../pacing/clock.ts';
import { Pacer, type PacerOptions } from '../pacing/pacer.ts';

/** What questions about a market need of a session. */
export type AskedSession = Pick<BrokerSession, 'now' | 'candles' | 'hours' | 'quotes'>;

/**
 * Questions about one venue's market, under the session of an account that does not trade where there is one: one at a
 * time, with room between them for what trades, and behind everything else that waits on that connection.
 */
export class BrokerQuestions {
  private readonly line: Pacer;

  constructor(
    pacing: PacerOptions,
    /** A session to ask under; null while there is none. */
    private readonly session: () => AskedSession | null,
    clock?: Clock,
  ) {
    this.line = new Pacer(pacing, clock);
  }

  /** Now, in the broker's clock while it can be heard. */
  get nowMs(): number {
    const session = this.session();
    return session ? toMs(session.now) : Date.now();
  }

  /** The answer to a question; rejects like the session's questions do. */
  ask<Answer>(question: (session: AskedSession) => Promise<Answer>): Promise<Answer> {
    return this.line.turn('market', () => {
      const session = this.session();
      if (!session) throw new NoTurn('no session');
      return question(session);
    });
  }

  stop(): void {
    this.line.close('stopped');
  }
}

export const failed = (reason: MarketFailure['reason'], text: string | null = null): MarketFailure => ({
  ok: false,
  reason,
  text,
});

/** What a failed question means to whoever asked; rethrows what is a defect of ours. */
export function failureOf(error: unknown): MarketFailure {
  if (error instanceof NoAnswer || error instanceof NoTurn) return failed('broker-unavailable', error.message);
  if (error instanceof UnreadableAnswer) return failed('broker-error', error.message);
  if (!(error instanceof QuestionRefused)) throw error;
  return failed(error.reason === 'too-large' ? 'range-too-large' : error.reason, error.message);
}
