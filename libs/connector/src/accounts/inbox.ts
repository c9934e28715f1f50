import type { AccountId } from '@core/contracts/primitives';
import type { Now } from '@core/execution/knowledge';
import type { AccountFigures, OutcomeReport, Report } from '@core/execution/report';
import type { SessionListener } from '../broker-adapter.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import type { EquityMarks } from './equity-marks.ts';
import type { OptimisticBook } from './optimistic-book.ts';

export interface InboxParts {
  readonly account: AccountId;
  readonly bufferedRecordsMax: number;
  readonly equity: EquityMarks;
  readonly metrics: Pick<ConnectorMetrics, 'unreadable'>;
  readonly log: Pick<Console, 'error'>;
  now(): Now;
  /** More waits than may wait: the session must end, its reports are worth nothing. */
  onOverflow(): void;
}

type Take = (book: OptimisticBook) => void;

/** Takes in what a session reports; while nobody believes anything yet, it waits in order. */
export class Inbox implements Pick<SessionListener, 'reported' | 'outcome' | 'money' | 'unreadable'> {
  private book: OptimisticBook | null = null;
  private waiting: Take[] = [];

  constructor(private readonly parts: InboxParts) {}

  /** A new session: what comes from now on waits until `open`. */
  close(): void {
    this.book = null;
    this.waiting = [];
  }

  /** What waited is taken first, as of when it came. */
  open(book: OptimisticBook): void {
    this.book = book;
    for (const take of this.waiting.splice(0)) take(book);
  }

  reported(report: Report): void {
    const now = this.parts.now();
    this.take((book) => book.emit(book.tracker.report(report, now)));
  }

  outcome(outcome: OutcomeReport): void {
    const now = this.parts.now();
    this.take((book) => book.emit(book.tracker.outcome(outcome, now)));
  }

  money(money: AccountFigures): void {
    const now = this.parts.now();
    this.take((book) => {
      this.parts.equity.take(money);
      book.emit(book.tracker.balance(money, now));
    });
  }

  /** It may have moved an order: nothing is concluded from it, and the broker is asked. */
  unreadable(what: string, reason: string): void {
    const { account: accountId, metrics, log } = this.parts;
    metrics.unreadable(what);
    log.error({ accountId, what, reason, msg: 'a record cannot be read' });
    this.take(({ tracker }) => tracker.askForSnapshot());
  }

  private take(take: Take): void {
    if (this.book) return take(this.book);
    this.waiting.push(take);
    if (this.waiting.length > this.parts.bufferedRecordsMax) this.parts.onOverflow();
  }
}
