import type { EventBody } from '@core/contracts/event';
import type { Clearing } from '@core/contracts/events/operations';
import { isOperator, type Requester } from '@core/contracts/events/request';
import { EVERY_EDGE } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import { nothing, record, type Decide, type Restrictions } from './decision.ts';

/**
 * What a request does to the risk of an account.
 * `expose` may add to it (an order, or another price for one), `protect` moves stop loss or take profit of a position,
 * `reduce` closes, `withdraw` takes back an order that has not filled.
 */
export type Purpose = 'expose' | 'protect' | 'reduce' | 'withdraw';

/** The restrictions as the account's events left them. */
export interface Risk {
  halted: boolean;
  closeOnly: boolean;
  /** What the halt is to take away. */
  clearing: Clearing | null;
  /** Edges whose requests are recorded and not traded; `*` is every edge. */
  shadow: string[];
}

export type RiskRefusal = 'trading-halted' | 'close-only';

export const noRestrictions = (): Risk => ({ halted: false, closeOnly: false, clearing: null, shadow: [] });

/** A restriction of everyone is one of each. */
export const bothOf = (account: Restrictions, system: Restrictions): Restrictions => ({
  halted: account.halted || system.halted,
  closeOnly: account.closeOnly || system.closeOnly,
  shadow: [...account.shadow, ...system.shadow],
});

/**
 * Close-only stops what may add exposure, and nothing else.
 * A halt stops everything, for our picture of the account may be wrong, with two exceptions that cannot make it worse:
 * anyone may withdraw an order, and an operator may close by hand.
 * Asked when something is requested, and again when it is claimed: what was not sent before the restriction is not sent after.
 */
export function restrictionOn(purpose: Purpose, byOperator: boolean, on: Restrictions): RiskRefusal | null {
  if (on.halted && purpose !== 'withdraw' && !(purpose === 'reduce' && byOperator)) return 'trading-halted';
  if (on.closeOnly && purpose === 'expose') return 'close-only';
  return null;
}

/** Whether what is asked by this edge is recorded and not traded. Operators' hands are no rehearsal. */
export const isInShadow = (requester: Requester, { shadow }: Pick<Restrictions, 'shadow'>): boolean =>
  !isOperator(requester) && (shadow.includes(EVERY_EDGE) || shadow.includes(requester.edge));

type Known = { readonly risk: Readonly<Risk> };

// Operators' decisions about one account, or about all when the system account is asked. Already so: nothing.

export const haltTrading: Decide<'HaltTrading', Known> = ({ risk }, { data }) =>
  risk.halted && !clearsMore(data.clearing, risk.clearing) ? nothing : record({ type: 'TradingHalted', data });

export const resumeTrading: Decide<'ResumeTrading', Known> = ({ risk }, { data }) =>
  risk.halted ? record({ type: 'TradingResumed', data }) : nothing;

export const setCloseOnly: Decide<'SetCloseOnly', Known> = ({ risk }, { data }) =>
  risk.closeOnly === data.closeOnly ? nothing : record({ type: 'CloseOnlySet', data });

export const setShadow: Decide<'SetShadow', Known> = ({ risk }, { data }) =>
  risk.shadow.includes(data.edge ?? EVERY_EDGE) === data.shadow ? nothing : record({ type: 'ShadowSet', data });

const clearsMore = (asked: Clearing | undefined, standing: Clearing | null): boolean =>
  asked !== undefined && asked !== standing && standing !== 'orders-and-positions';

/** Resuming lifts the halt only: close-only is a decision of its own. */
export function evolveRisk(
  risk: Risk,
  event: EventBody<'TradingHalted' | 'TradingResumed' | 'CloseOnlySet' | 'ShadowSet'>,
): void {
  switch (event.type) {
    case 'TradingHalted':
      risk.halted = true;
      risk.clearing = event.data.clearing ?? risk.clearing;
      return;
    case 'TradingResumed':
      risk.halted = false;
      risk.clearing = null;
      return;
    case 'CloseOnlySet':
      risk.closeOnly = event.data.closeOnly;
      return;
    case 'ShadowSet': {
      const edge = event.data.edge ?? EVERY_EDGE;
      risk.shadow = risk.shadow.filter((each) => each !== edge);
      if (event.data.shadow) risk.shadow.push(edge);
      return;
    }
    default:
      unreachable(event);
  }
}
