import type { AccountId } from '@core/contracts/primitives';
import type { Now } from '@core/execution/knowledge';
import { translateStreamedBalance } from '@core/xapi/translate/balance';
import { translateTradeStatus } from '@core/xapi/translate/outcome';
import { translateStreamedTrade } from '@core/xapi/translate/trade';
import type { ConnectorMetrics } from '../metrics.ts';
import type { Belief } from './optimistic-book.ts';
import type { EquityMarks } from './equity-marks.ts';

export interface InboxParts {
  readonly account: AccountId;
  readonly bufferedRecordsMax: number;
  readonly equity: EquityMarks;
  readonly metrics: ConnectorMetrics;
  readonly log: Pick<Console, 'error'>;
  now(): Now;
  /** More waits than may wait: the session must end, its records are worth nothing. */
  onOverflow(): void;
}

type Take = (belief: Belief) => void;

/** Takes in the records of an account's stream; while nobody believes anything yet, they wait in order. */
export class Inbox {
  private belief: Belief | null = null;
  private waiting: Take[] = [];

  constructor(private readonly parts: InboxParts) {}

  /** A new session: what comes from now on waits until `open`. */
  close(): void {
    this.belief = null;
    this.waiting = [];
  }

  /** What waited is taken first, as of when it came. */
  open(belief: Belief): void {
    this.belief = belief;
    for (const take of this.waiting.splice(0)) take(belief);
  }

  record(stream: string, data: unknown): void {
    const take = this.read(stream, data);
    if (take === null) return;
    this.parts.metrics.record(stream);
    if (this.belief) return take(this.belief);
    this.waiting.push(take);
    if (this.waiting.length > this.parts.bufferedRecordsMax) this.parts.onOverflow();
  }

  /** Null for streams that concern no account. */
  private read(stream: string, data: unknown): Take | null {
    const now = this.parts.now();
    switch (stream) {
      case 'trade': {
        const report = translateStreamedTrade(data);
        if (!report.ok) return this.unreadable(stream, report.error);
        const { value } = report;
        return (belief) => belief.emit(value ? belief.desk.report(value, now) : []);
      }
      case 'tradeStatus': {
        const outcome = translateTradeStatus(data);
        if (!outcome.ok) return this.unreadable(stream, outcome.error);
        return (belief) => belief.emit(belief.desk.outcome(outcome.value, now));
      }
      case 'balance': {
        const money = translateStreamedBalance(data);
        if (!money.ok) return this.unreadable(stream, money.error);
        return (belief) => {
          this.parts.equity.take(money.value);
          belief.emit(belief.desk.balance(money.value, now));
        };
      }
      default:
        return null;
    }
  }

  /** It may have moved an order: nothing is concluded from it, and the broker is asked. */
  private unreadable(stream: string, reason: string): Take {
    const { account: accountId, metrics, log } = this.parts;
    metrics.unreadable(stream);
    log.error({ accountId, stream, reason, msg: 'a record cannot be read' });
    return ({ desk }) => desk.askForSnapshot();
  }
}
