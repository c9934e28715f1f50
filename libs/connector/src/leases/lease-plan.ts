import type { AccountId } from '@core/contracts/primitives';

export interface LeaseSituation {
  /** Accounts that somebody should hold. */
  readonly accounts: readonly AccountId[];
  /** Accounts that anybody holds now, this instance included. */
  readonly held: ReadonlySet<AccountId>;
  /** Accounts that this instance holds. */
  readonly mine: readonly AccountId[];
  /** Instances alive, this one included. */
  readonly instances: number;
  readonly max: number;
}

export interface LeasePlan {
  readonly take: readonly AccountId[];
  readonly give: readonly AccountId[];
}

/** A fair share each: what is free up to it is taken, what is beyond it is given up for those who joined. */
export function planLeases({ accounts, held, mine, instances, max }: LeaseSituation): LeasePlan {
  const wanted = new Set(accounts);
  const unwanted = mine.filter((account) => !wanted.has(account));
  const kept = mine.filter((account) => wanted.has(account));
  const share = Math.min(max, Math.ceil(accounts.length / Math.max(1, instances)));
  const free = accounts.filter((account) => !held.has(account));
  return {
    take: free.slice(0, Math.max(0, share - kept.length)),
    give: [...unwanted, ...kept.slice(share)],
  };
}
