import type { AccountId } from '@core/contracts/primitives';
import { TokenBuckets } from '@core/kernel/token-bucket';
import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';
import { Injectable } from '@nestjs/common';

export class OrderLimitSettings extends settings('ORDERS', {
  perMinute: integer('New orders per account and minute, in the long run', 1, 100_000).default(240),
  burst: integer('New orders that an account may place at once', 1, 10_000).default(40),
}) {}

/** How often an account may add to its orders by this process. What only takes risk away is never asked about here. */
@Injectable()
export class OrderLimit {
  private readonly orders: TokenBuckets;

  constructor(private readonly settings: OrderLimitSettings) {
    const { perMinute, burst } = settings;
    this.orders = new TokenBuckets(perMinute / 60, burst);
  }

  /** What it is, for people. */
  get terms(): string {
    const { perMinute, burst } = this.settings;
    return `${burst} at once and ${perMinute} a minute`;
  }

  /** Whether one more is within the limit; it is counted if it is. */
  take(account: AccountId): boolean {
    return this.orders.take(account, performance.now());
  }
}
