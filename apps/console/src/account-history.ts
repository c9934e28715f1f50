import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Decimal, Instant } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';

/** What an account was worth at a moment. */
interface Worth {
  readonly position: number;
  readonly at: Instant;
  readonly balance: Decimal | null;
  readonly equity: Decimal | null;
}

/** Something to be seen beside the curve. */
interface Marker {
  readonly position: number;
  readonly at: Instant;
  readonly kind: 'opened' | 'closed' | 'session-lost' | 'drift' | 'halted';
}

/** The course of an account, from its first event on. */
export interface AccountHistory {
  readonly first: number;
  readonly last: number;
  readonly worth: readonly Worth[];
  readonly markers: readonly Marker[];
}

/** More points than a screen has pixels say nothing more: every so-manieth is told. */
const POINTS_MAX = 1_500;

/** Reads every event of the account once. */
export async function accountHistory(log: EventLog, account: AccountId): Promise<AccountHistory> {
  const worth: Worth[] = [];
  const markers: Marker[] = [];
  let [first, last] = [0, 0];
  let balance: Decimal | null = null;
  for await (const page of log.readAccount(account))
    for (const event of page) {
      first ||= event.position;
      last = event.position;
      if (event.type === 'BalanceChanged') balance = event.data.balance;
      const equity = event.type === 'EquityMarked' ? event.data.equity : null;
      const place = { position: event.position, at: event.recordedtime };
      if (equity !== null || event.type === 'BalanceChanged') worth.push({ ...place, balance, equity });
      const kind = markerOf(event);
      if (kind) markers.push({ ...place, kind });
    }
  return { first, last, worth: thinned(worth), markers: thinned(markers) };
}

function markerOf(event: RecordedEvent): Marker['kind'] | null {
  switch (event.type) {
    case 'PositionOpened':
      return 'opened';
    case 'PositionClosed':
      return 'closed';
    case 'AccountSessionLost':
      return 'session-lost';
    case 'AccountReconciled':
      return event.data.outcome === 'drift' ? 'drift' : null;
    case 'TradingHalted':
      return 'halted';
    default:
      return null;
  }
}

function thinned<Point>(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / POINTS_MAX);
  return step <= 1 ? points : points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
