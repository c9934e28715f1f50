import type { AccountId, Decimal, Instant } from '@core/contracts/primitives';
import type { AccountState } from '@core/projections/account';
import type { WatchedAccount } from './finding.ts';

/** A login at a broker, and how it stands. */
export interface SessionAnswer {
  readonly account: AccountId;
  readonly name: string;
  readonly venue: string;
  readonly brokerLogin: string;
  readonly mode: 'demo' | 'live';
  readonly enabled: boolean;
  readonly session: AccountState['session'];
  readonly balance: Decimal | null;
  readonly currency: string | null;
  /** When it was last found to be as the broker has it, or otherwise. */
  readonly lastLook: AccountState['reconciliation']['last'];
  /** When the log last had a word of its broker's or its connector's; null before the first. */
  readonly lastHeard: Instant | null;
  readonly isHalted: boolean;
}

export const sessionAnswer = ({
  id,
  name,
  venue,
  brokerLogin,
  mode,
  enabled,
  state,
}: Omit<WatchedAccount, 'requests' | 'signals'>): SessionAnswer => ({
  ...{ account: id, name, venue, brokerLogin, mode, enabled },
  session: state.session,
  balance: state.money?.balance ?? null,
  currency: state.terms?.currency ?? null,
  lastLook: state.reconciliation.last,
  lastHeard: latest(state.session.since, state.reconciliation.last?.at, state.equity?.at, state.money?.changed.at),
  isHalted: state.trading.halted !== null,
});

const latest = (...moments: readonly (Instant | null | undefined)[]): Instant | null =>
  moments
    .filter((each) => each !== null && each !== undefined)
    .toSorted()
    .at(-1) ?? null;
