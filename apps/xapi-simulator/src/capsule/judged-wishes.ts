import type { RecordedEvent } from '@core/contracts/event';
import { isOperator, type Requester } from '@core/contracts/events/request';
import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import { bothOf, evolveRisk, isInShadow, noRestrictions, restrictionOn, type Purpose } from '@core/domain/risk';
import type { Capsule } from '@core/operations/capsule';

const BY_BRAKES: ReadonlySet<string> = new Set(['trading-halted', 'close-only']);

/**
 * Decides the wishes of an account again by the brakes that the log says were set (halts, close-only, shadow), and tells
 * which were decided otherwise. Limits, and all that is judged by prices, rates or the moment, is not asked again.
 */
export function judgeWishes({ events, configuration }: Capsule, account: AccountId): readonly string[] {
  const [own, everyone] = [noRestrictions(), noRestrictions()];
  const found: string[] = [];
  for (const event of [...configuration.brakes, ...events]) {
    const { type, subject } = event;
    const whose = subject === account ? own : subject === SYSTEM_ACCOUNT ? everyone : null;
    if (whose === null) continue;
    if (type === 'TradingHalted' || type === 'TradingResumed' || type === 'CloseOnlySet' || type === 'ShadowSet') {
      evolveRisk(whose, event);
      continue;
    }
    const wish = whose === own ? wishOf(event) : null;
    if (wish === null) continue;
    const on = bothOf(own, everyone);
    const { purpose, requester, isSignal = false } = wish;
    const shadow = !isSignal && isInShadow(requester, on) ? 'in-shadow' : null;
    const decided = restrictionOn(purpose, isOperator(requester), on) ?? shadow ?? 'taken';
    if (decided !== wish.decided)
      found.push(`position ${event.position}, ${type}: ${wish.decided}, and now ${decided}`);
  }
  return found;
}

interface Wish {
  readonly purpose: Purpose;
  readonly requester: Requester;
  /** In shadow what a strategy really holds is closed all the same, and of the rest another event tells. */
  readonly isSignal?: boolean;
  readonly decided: string;
}

/** What was wanted and what the brakes said to it; null of what is no wish, or was refused by something else. */
function wishOf({ type, data }: RecordedEvent): Wish | null {
  switch (type) {
    case 'OrderRequested':
      return { ...wish('expose', data.requester, 'taken'), isSignal: data.signal !== null };
    case 'AmendmentRequested':
      return wish(data.terms.target === 'order' ? 'expose' : 'protect', data.requester, 'taken');
    case 'CancellationRequested':
      return wish('withdraw', data.requester, 'taken');
    case 'CloseRequested':
      return { ...wish('reduce', data.requester, 'taken'), isSignal: data.signal !== null };
    case 'CommandRefused': {
      const purpose = purposeOf(data);
      if (purpose === null || data.requester === null || !BY_BRAKES.has(data.reason)) return null;
      return wish(purpose, data.requester, data.reason);
    }
    case 'RequestShadowed': {
      const purpose = purposeOf(data);
      return purpose && wish(purpose, data.requester, 'in-shadow');
    }
    default:
      return null;
  }
}

const wish = (purpose: Purpose, requester: Requester, decided: string): Wish => ({ purpose, requester, decided });

/** Of a signal, and of what is two wishes at once, its command does not say it. */
function purposeOf({ command, positionId }: { command: string; positionId: string | null }): Purpose | null {
  switch (command) {
    case 'PlaceOrder':
      return 'expose';
    case 'Amend':
      return positionId === null ? 'expose' : 'protect';
    case 'CancelOrder':
      return 'withdraw';
    case 'ClosePosition':
      return 'reduce';
    default:
      return null;
  }
}
