import type { AccountId } from '@core/contracts/primitives';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { eventOf, type Fact } from './fact.ts';

/** Sees facts that belong together before they change the book; what it says no to is not told. */
export type Review = (facts: readonly Fact[]) => boolean;

/** The fold of the log with all on top of it that was told and is not in the log yet. */
export class ToldBook {
  private review: Review | null = null;

  constructor(
    private readonly account: AccountId,
    /** The build that makes events of what is told. */
    private readonly source: string,
    /** Of the log as it stands; it is changed from now on. */
    private book: BrokerBook,
  ) {}

  get state(): BrokerBook {
    return this.book;
  }

  /** An event that is in the log, whoever put it there, or will be. */
  apply(fact: Fact): void {
    brokerBook.evolve(this.book, eventOf(fact, this.account, this.source));
  }

  /** Applies facts, all or none; gives those that were told. */
  tell(facts: readonly Fact[]): Fact[] {
    const ids = new Set<string>();
    const fresh = facts.filter(({ id }) => !ids.has(id) && ids.add(id));
    if (this.review?.(fresh) === false) return [];
    for (const fact of fresh) this.apply(fact);
    return fresh;
  }

  /** Reviews what is told while `work` runs. */
  reviewed(review: Review, work: () => void): void {
    this.review = review;
    try {
      work();
    } finally {
      this.review = null;
    }
  }

  restart(book: BrokerBook): void {
    this.book = book;
  }
}
