import { SeededChance } from '@core/testing/seeded-chance';
import { FAULT_KINDS, type FaultKindName } from './fault-kinds.ts';

export interface PlannedFault {
  /** After the beginning. */
  readonly atMs: number;
  readonly kind: FaultKindName;
  readonly target: string;
  readonly forMs: number;
}

/** What is asked of a run: the same answers make the same faults. */
export interface FaultPlan {
  readonly seed: number;
  readonly seconds: number;
  readonly kinds: readonly FaultKindName[];
}

/** About so many milliseconds from one fault to the next. */
const APART_MS = 2_000;

/** Every kind appears before one comes again, and so does every target of a kind. */
export function planFaults({ seed, seconds, kinds }: FaultPlan): readonly PlannedFault[] {
  const chance = new SeededChance(seed);
  const count = Math.max(kinds.length, Math.round((seconds * 1_000) / APART_MS));
  const turnMs = (seconds * 1_000) / count;
  const deck = new Deck<FaultKindName>(chance);
  const targets = new Map<FaultKindName, Deck<string>>();
  return Array.from({ length: count }, (_, turn) => {
    const kind = deck.next(kinds);
    const { targets: choice, forMs } = FAULT_KINDS[kind];
    const [min, max] = forMs;
    const own = targets.get(kind) ?? new Deck<string>(chance);
    targets.set(kind, own);
    return {
      atMs: Math.floor(turn * turnMs) + chance.below(Math.max(1, Math.floor(turnMs))),
      ...{ kind, target: own.next(choice), forMs: min + chance.below(max - min + 1) },
    };
  });
}

/** Cards that are dealt until none is left, and then shuffled anew. */
class Deck<Card> {
  private left: Card[] = [];

  constructor(private readonly chance: SeededChance) {}

  next(all: readonly Card[]): Card {
    if (this.left.length === 0) this.left = this.chance.shuffled(all);
    return this.left.shift() as Card;
  }
}

export const plannedText = ({ kind, target, forMs }: PlannedFault): string =>
  `${kind}: ${target}${forMs > 0 ? `, ${forMs} ms` : ''}`;
