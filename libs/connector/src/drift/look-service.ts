import { answerLook } from '@core/bus/answers';
import { subscribe } from '@core/bus/subscribe';
import type { BrokerLook } from '@core/contracts/broker-look';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { inBackground } from '@core/service/in-background';
import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection, Subscription } from 'nats';
import { NATS } from '../connector-tokens.ts';

/** Looks at brokers when operators ask for it: of the accounts that have a session here, and of no other. */
@Injectable()
export class LookService {
  private readonly open = new Map<AccountId, Subscription>();

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /** From now on the account is looked at here. */
  begin(account: AccountId, look: () => Promise<BrokerLook>): void {
    this.end(account);
    const subscription = subscribe(this.nats, subjects.brokerLook(account), (question) =>
      inBackground(
        'looking at a broker for an operator',
        look().then((found) => {
          if (!this.nats.isClosed()) answerLook(question, Buffer.from(JSON.stringify(found)));
        }),
      ),
    );
    this.open.set(account, subscription);
  }

  end(account: AccountId): void {
    this.open.get(account)?.unsubscribe();
    this.open.delete(account);
  }
}
