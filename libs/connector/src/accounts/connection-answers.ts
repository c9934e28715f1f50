import { answerMarket } from '@core/bus/answers';
import { subscribe } from '@core/bus/subscribe';
import type { AccountConnection } from '@core/contracts/market/connection';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection, Subscription } from 'nats';
import { NATS } from '../connector-tokens.ts';

/** Tells whoever asks whether the brokers of the accounts that this instance holds are connected. */
@Injectable()
export class ConnectionAnswers {
  private readonly subscriptions = new Map<AccountId, Subscription>();

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  begin(account: AccountId, isConnected: () => boolean): void {
    this.end(account);
    const answering = subscribe(this.nats, subjects.connection(account), (question) => {
      const answer: AccountConnection = { isConnected: isConnected() };
      answerMarket(question, Buffer.from(JSON.stringify(answer)));
    });
    this.subscriptions.set(account, answering);
  }

  /** Somebody else is to be asked from now on, or nobody. */
  end(account: AccountId): void {
    this.subscriptions.get(account)?.unsubscribe();
    this.subscriptions.delete(account);
  }
}
