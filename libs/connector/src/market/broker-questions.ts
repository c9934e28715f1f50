import type { MarketFailure } from '@core/contracts/market/failure';
import { toMs, type Instant } from '@core/kernel/instant';
import { meaningOf } from '@core/xapi/translate/error-reason';
import type { CommandArguments, CommandName } from '@core/xapi/wire/commands';
import type { Written } from '@core/xapi/wire/wire-types';
import { CommandRefused, NoReply } from '../../../../apps/xapi-connector/src/transport/main-connection.ts';
import { NoTurn, Pacer, Priority, type PacerOptions } from '../requests/pacer.ts';
import type { Asks } from './venue-catalog.ts';

/** The broker gives less at once than was asked for. */
export const isTooLarge = (error: unknown): boolean => error instanceof CommandRefused && error.errorCode === 'EX009';

/** The broker's answer to a question about its market cannot be read. */
export class UnreadableMarket extends Error {
  readonly code = 'unreadable-market';
}

/** What questions need of a session. */
export interface AskedSession {
  readonly main: Asks;
  readonly serverNow: Instant;
}

/**
 * Questions about one venue's market, under the session of any of its accounts: one at a time, with room between them
 * for what trades, and behind everything else that waits on that connection.
 */
export class BrokerQuestions {
  private readonly line: Pacer;

  constructor(
    pacing: PacerOptions,
    /** A session that is ready, whichever; null while there is none. */
    private readonly session: () => AskedSession | null,
  ) {
    this.line = new Pacer(pacing);
  }

  /** Now, in the broker's clock while it can be heard. */
  get nowMs(): number {
    const session = this.session();
    return session ? toMs(session.serverNow) : Date.now();
  }

  /** What the command returns; rejects with `CommandRefused`, `NoReply`, `NoTurn`. */
  async ask<Name extends CommandName>(command: Name, takes: Written<CommandArguments<Name>>): Promise<unknown> {
    let answer: unknown;
    await this.line.turn(Priority.market, async () => {
      const session = this.session();
      if (!session) throw new NoTurn('no session');
      answer = await session.main.ask(command, takes, Priority.market);
    });
    return answer;
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
  if (error instanceof NoReply || error instanceof NoTurn) return failed('broker-unavailable', error.message);
  if (error instanceof UnreadableMarket) return failed('broker-error', error.message);
  if (!(error instanceof CommandRefused)) throw error;
  if (isTooLarge(error)) return failed('range-too-large', error.message);
  if (error.errorCode === 'BE105') return failed('unknown-period', error.message);
  const meaning = meaningOf(error.errorCode);
  const isUnknown = meaning.means === 'rejected' && meaning.reason === 'unknown-instrument';
  return failed(isUnknown ? 'unknown-instrument' : 'broker-error', error.message);
}
