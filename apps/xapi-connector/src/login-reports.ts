import type { SessionListener } from '@core/connector/broker-adapter';
import { Uuid } from '@core/contracts/primitives';
import type { Result } from '@core/kernel/result';
import { translateStreamedBalance } from '@core/xapi/translate/balance';
import { translateReceipt, translateTradeStatus } from '@core/xapi/translate/outcome';
import { translateStreamedTrade } from '@core/xapi/translate/trade';
import type { Reply } from '@core/xapi/wire/frames';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import type { LoginListener } from './transport/login.ts';
import type { XapiMetrics } from './xapi-metrics.ts';

/** Tells a session's listener what the records and replies of its login mean. */
export class LoginReports implements LoginListener {
  /** `onClosed` is heard first. */
  constructor(
    private readonly listener: SessionListener,
    private readonly metrics: Pick<XapiMetrics, 'record'>,
    private readonly onClosed: () => void,
  ) {}

  record(stream: string, data: JsonObject): void {
    switch (stream) {
      case 'trade':
        return this.tell(stream, translateStreamedTrade(data), (report) => report && this.listener.reported(report));
      case 'tradeStatus':
        return this.tell(stream, translateTradeStatus(data), (outcome) => this.listener.outcome(outcome));
      case 'balance':
        return this.tell(stream, translateStreamedBalance(data), (money) => this.listener.money(money));
    }
  }

  replied(tag: string, reply: Reply): void {
    if (Uuid.safeParse(tag).success) this.listener.answered(tag, translateReceipt(reply)); // none of ours otherwise
  }

  closed(reason: string): void {
    this.onClosed();
    this.listener.closed(reason);
  }

  private tell<Value>(stream: string, read: Result<Value, string>, tell: (value: Value) => void): void {
    this.metrics.record(stream);
    if (read.ok) tell(read.value);
    else this.listener.unreadable(stream, read.error);
  }
}
