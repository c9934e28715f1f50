import type { AccountId } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Injectable } from '@nestjs/common';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';

/** The broker books of the log, as of the event that is being told. */
@Injectable()
export class LogBooks {
  constructor(private readonly runner: ProjectionRunner) {}

  /** Accounts with events. */
  accounts(): Iterable<AccountId> {
    return this.runner.accounts();
  }

  /** Whose it is from now on: the runner's own is not ours to change. */
  copy(account: AccountId): BrokerBook {
    return structuredClone(this.runner.state(brokerBook, account)) as BrokerBook;
  }

  /** Requests on their way, to be looked at only. */
  requests(account: AccountId): readonly Readonly<BookRequest>[] {
    return Object.values(this.runner.state(brokerBook, account).requests);
  }
}
