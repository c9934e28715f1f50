import type { Residence } from '@core/domain/residence';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { MoveStage } from '@core/registry/cell-entities';

/** An account in one of both logs. Version 0: the log has nothing of it. */
interface AccountInLog {
  readonly version: number;
  readonly residence: Pick<Residence, 'phase' | 'moveId'>;
}

/** An account that moves, as both logs have it at one moment. */
export interface MovedAccount {
  readonly account: AccountId;
  readonly here: AccountInLog & {
    /** Nothing that was asked of it is under way. */
    readonly isAtRest: boolean;
    /** A connector has a session of it, so far as the log says, or may have. */
    readonly isConnected: boolean;
  };
  readonly there: AccountInLog & {
    readonly expectedBy: Uuid | null;
    /** A connector had it where it was, and none has it here yet. */
    readonly isAwaited: boolean;
  };
}

/** Everything that the next step of a move follows from; nothing else is remembered of it. */
export interface MoveSight {
  readonly moveId: Uuid;
  readonly stage: MoveStage;
  readonly accounts: readonly MovedAccount[];
}

/** Whose turn it is. */
type Awaited = 'requests' | 'connector' | 'session';

/** What is to be done next. `wait` is for what others do: requests that come to their end, connectors that let go. */
export type MoveStep =
  | {
      readonly step: 'begin' | 'depart' | 'expect' | 'copy' | 'arrive' | 'expect-no-more' | 'take-back';
      readonly account: AccountId;
    }
  | { readonly step: 'wait'; readonly for: Awaited; readonly account: AccountId }
  | { readonly step: 'stop-connecting' | 'compare-and-flip' | 'connect' | 'end' };

/**
 * The next step of a move from wherever it stands: it may have ended anywhere, and each step may have been done already
 * by somebody whom nobody heard of. Once the trader lives in the other cell there is no way but on.
 */
export function nextMoveStep({ moveId, stage, accounts }: MoveSight): MoveStep {
  const first = (is: (each: MovedAccount) => boolean): AccountId | undefined => accounts.find(is)?.account;
  const hasBegun = ({ here: { residence } }: MovedAccount): boolean => residence.moveId === moveId;
  const isIn = (phase: Residence['phase']) => (each: MovedAccount) =>
    hasBegun(each) && each.here.residence.phase === phase;
  /** Of one whose past is there in part nothing else may be recorded, until it is there wholly. */
  const isWhole = ({ there }: MovedAccount): boolean => there.version === 0 || there.residence.phase === 'away';
  const isExpected = ({ there }: MovedAccount): boolean => there.expectedBy === moveId;
  const next = (...choices: readonly (readonly [MoveStep['step'], AccountId | undefined, Awaited?])[]) => {
    for (const [step, account, what] of choices)
      if (account !== undefined)
        return (what === undefined ? { step, account } : { step, account, for: what }) as MoveStep;
    return null;
  };

  switch (stage) {
    case 'draining':
      return (
        next(
          ['begin', first((each) => !hasBegun(each))],
          ['wait', first((each) => isIn('leaving')(each) && !each.here.isAtRest), 'requests'],
        ) ?? { step: 'stop-connecting' }
      );
    case 'copying':
      return (
        next(
          ['wait', first((each) => isIn('leaving')(each) && each.here.isConnected), 'connector'],
          ['depart', first(isIn('leaving'))],
          ['expect', first((each) => !isExpected(each))],
          ['copy', first(({ here, there }) => there.version < here.version)],
        ) ?? { step: 'compare-and-flip' }
      );
    case 'arriving':
      return next(['arrive', first(({ there }) => there.residence.phase === 'away')]) ?? { step: 'connect' };
    case 'connecting':
      return (
        next(
          ['wait', first((each) => isExpected(each) && each.there.isAwaited), 'session'],
          ['expect-no-more', first(isExpected)],
        ) ?? { step: 'end' }
      );
    case 'returning':
      return (
        next(
          ['expect-no-more', first((each) => isExpected(each) && isWhole(each))],
          ['take-back', first((each) => hasBegun(each) && each.here.residence.phase !== 'home')],
        ) ?? { step: 'end' }
      );
  }
}
