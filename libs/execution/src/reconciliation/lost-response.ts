import type { Decimal } from '@core/contracts/primitives';
import { compare } from '@core/kernel/decimal';
import { unreachable } from '@core/kernel/unreachable';
import type { BookRequest, Before } from '@core/projections/broker-book/state';
import type { StandingReport } from '../report.ts';

/** What a snapshot shows of a request's target once everything in it that explains itself has been told. */
export interface Evidence {
  /** The position or order as the broker lists it; null when it does not. */
  readonly target: StandingReport | null;
  /** Whether the book still believes that it stands. */
  readonly standing: boolean;
  /** A position came of the order. */
  readonly filled: boolean;
}

export type Finding =
  | { readonly is: 'executed'; readonly evidence: string }
  | { readonly is: 'not-executed'; readonly evidence: string }
  /** Neither what was asked nor what was there before: only a person can say. */
  | { readonly is: 'mixed' }
  | { readonly is: 'look-again' };

export interface Patience {
  /** A broker may still be executing: no finding of "not executed" before this long after sending. */
  readonly settleMs: number;
  /** Between the two reads that a "not executed" takes. */
  readonly againMs: number;
}

/** How long ago things were, by this process's own clock; a request of an earlier process counts as sent long ago. */
export interface Elapsed {
  readonly sinceSentMs: number;
  /** Since the first read that found no trace; null when this is the first. */
  readonly sinceFirstReadMs: number | null;
}

/**
 * What became of a request whose answer was lost. It is asked after a snapshot and the history
 * were told: a position or order that carries our mark has settled its request by then, so what is asked here left no
 * such trace. "Executed" takes one read, "not executed" takes two, apart, and long enough after sending.
 */
export function judge(request: BookRequest, evidence: Evidence, elapsed: Elapsed, patience: Patience): Finding {
  const found = trace(request, evidence);
  if (found.is === 'executed') return found;
  const patient =
    elapsed.sinceSentMs >= patience.settleMs &&
    elapsed.sinceFirstReadMs !== null &&
    elapsed.sinceFirstReadMs >= patience.againMs;
  return patient ? found : { is: 'look-again' };
}

function trace({ ask, before }: BookRequest, { target, standing, filled }: Evidence): Finding {
  switch (ask.type) {
    case 'OrderRequested':
      return notExecuted('neither among trades nor in the history, in two reads');

    case 'CancellationRequested':
      if (!standing) return notExecuted('the order had ended otherwise');
      if (target !== null) return notExecuted('the order stands, in two reads');
      return filled ? notExecuted('the order was filled') : executed('the order is gone and was not filled');

    case 'CloseRequested':
      if (!standing) return notExecuted('the position was closed otherwise');
      if (target === null) return { is: 'look-again' };
      return before !== null && compare(target.volumeLots, before.volumeLots) < 0
        ? executed(`the position has ${target.volumeLots} lots left`)
        : notExecuted('the position stands with all its volume, in two reads');

    case 'AmendmentRequested': {
      if (!standing) return notExecuted('what it was to change is gone');
      if (target === null) return { is: 'look-again' };
      const { terms } = ask.data;
      const price = terms.target === 'order' ? terms.price : null;
      if (same(target, { ...terms, price })) return executed('the broker shows the values asked for');
      return before !== null && same(target, before)
        ? notExecuted('the broker shows the values from before, in two reads')
        : { is: 'mixed' };
    }

    default:
      return unreachable(ask);
  }
}

type Values = Pick<Before, 'price' | 'stopLoss' | 'takeProfit'> & {
  /** Absent may be any. */
  readonly trailingPoints?: number | null | undefined;
};

const same = (report: StandingReport, { price, stopLoss, takeProfit, trailingPoints }: Values): boolean =>
  (report.stopLoss === stopLoss || hasFollowed(report, stopLoss)) &&
  report.takeProfit === takeProfit &&
  (trailingPoints === undefined || report.trailingPoints === trailingPoints) &&
  (price === null || report.price === price);

/** A trailing stop may have moved since it was set there, and to the better only. */
function hasFollowed({ about, side, stopLoss, trailingPoints }: StandingReport, from: Decimal | null): boolean {
  if (about !== 'position' || stopLoss === null || trailingPoints === null) return false;
  return from === null || (side === 'buy' ? compare(stopLoss, from) > 0 : compare(stopLoss, from) < 0);
}

const executed = (evidence: string): Finding => ({ is: 'executed', evidence });
const notExecuted = (evidence: string): Finding => ({ is: 'not-executed', evidence });
