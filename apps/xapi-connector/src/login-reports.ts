import type { SessionListener } from '@core/connector/broker-adapter';
import { Uuid } from '@core/contracts/primitives';
import type { Result } from '@core/kernel/result';
import { translateStreamedBalance } from '@core/xapi/translate/balance';
import { translateReceipt, translateTradeStatus } from '@core/xapi/translate/outcome';
import { translateStreamedTrade } from '@core/xapi/translate/trade';
import type { LoginListener } from './transport/login.ts';

/** Tells a session's listener what the records and replies of its login mean; `onRecord` counts what concerns accounts. */
export function loginReports(listener: SessionListener, onRecord: (stream: string) => void): LoginListener {
  function told<Value>(stream: string, read: Result<Value, string>, tell: (value: Value) => void): void {
    onRecord(stream);
    if (read.ok) tell(read.value);
    else listener.unreadable(stream, read.error);
  }
  return {
    record(stream, data) {
      switch (stream) {
        case 'trade':
          return told(stream, translateStreamedTrade(data), (report) => report && listener.reported(report));
        case 'tradeStatus':
          return told(stream, translateTradeStatus(data), (outcome) => listener.outcome(outcome));
        case 'balance':
          return told(stream, translateStreamedBalance(data), (money) => listener.money(money));
      }
    },
    replied(tag, reply) {
      if (Uuid.safeParse(tag).success) listener.answered(tag, translateReceipt(reply)); // none of ours otherwise
    },
    closed: (reason) => listener.closed(reason),
  };
}
