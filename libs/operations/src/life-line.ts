import type { EventType, RecordedEvent } from '@core/contracts/event';
import type { Instant } from '@core/contracts/primitives';
import type { SeenBy } from './seen-by.ts';
import { instantFromMs } from '@core/kernel/instant';
import { timeOfUuidV7 } from '@core/kernel/uuid';

/** Where something came to on its way, and how long that took it from the stage before. */
export interface Stage {
  readonly name: string;
  /** Of the event that says so. */
  readonly position: number;
  /** By the ledger's clock: brokers' clocks differ from ours. What an edge was asked is by that edge's. */
  readonly at: Instant;
  /** Null of the first. */
  readonly tookMs: number | null;
  /** Which edge gave it to a reader first, and how long after it was recorded; null where no edge remembers that. */
  readonly shown: { readonly by: string; readonly where: string; readonly tookMs: number } | null;
}

const NAMES: Partial<Readonly<Record<EventType, string>>> = {
  SignalReceived: 'signal received',
  OrderRequested: 'order recorded',
  AmendmentRequested: 'change recorded',
  CancellationRequested: 'cancellation recorded',
  CloseRequested: 'close recorded',
  RequestDispatched: 'claimed and sent',
  RequestOutcomeUnknown: 'outcome unknown',
  RequestAccepted: 'accepted by the broker',
  RequestRejected: 'rejected by the broker',
  RequestExpired: 'expired',
  RequestResolved: 'settled by an operator',
  OrderWorking: 'working at the broker',
  OrderFilled: 'filled',
  OrderCancelled: 'cancelled',
  OrderExpired: 'good-till passed',
  PositionOpened: 'position open',
  PositionReduced: 'position reduced',
  PositionClosed: 'position closed',
};

/** The stages among events in the order of the log, and where edges remember to have shown them. */
export function lifeLine(events: readonly RecordedEvent[], seen: readonly SeenBy[] = []): readonly Stage[] {
  const stages: Stage[] = [];
  const add = (name: string, position: number, at: Instant, shown: Stage['shown']): void => {
    const before = stages.at(-1);
    stages.push({ name, position, at, tookMs: before ? Date.parse(at) - Date.parse(before.at) : null, shown });
  };
  for (const event of events) {
    const { type, position, recordedtime: at } = event;
    const name = NAMES[type];
    if (name === undefined) continue;
    const asked = stages.length === 0 ? askedAt(event) : null;
    if (asked !== null && 'requester' in event.data && event.data.requester)
      add(`asked of ${event.data.requester.edge}`, position, asked, null);
    add(name, position, at, firstShown(event, seen));
  }
  return stages;
}

function firstShown({ position, recordedtime }: RecordedEvent, seen: readonly SeenBy[]): Stage['shown'] {
  const [first] = seen.filter((one) => one.position === position).toSorted((one, two) => (one.at < two.at ? -1 : 1));
  return first ? { by: first.by, where: first.where, tookMs: Date.parse(first.at) - Date.parse(recordedtime) } : null;
}

/** An id that says when it was made is no older than its request, nor younger: somebody else's may say anything. */
const ASKED_BEFORE_MS = 60_000;

/** When an edge was asked for what the ledger recorded: the edge made the correlation id then. Null where it tells no time. */
function askedAt({ correlationid, recordedtime }: RecordedEvent): Instant | null {
  const madeMs = timeOfUuidV7(correlationid);
  if (madeMs === null) return null;
  const tookMs = Date.parse(recordedtime) - madeMs;
  return tookMs >= 0 && tookMs < ASKED_BEFORE_MS ? instantFromMs(madeMs) : null;
}
