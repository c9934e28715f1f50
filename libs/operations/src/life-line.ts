import type { EventType, RecordedEvent } from '@core/contracts/event';
import type { Instant } from '@core/contracts/primitives';

/** Where something came to on its way, and how long that took it from the stage before. */
export interface Stage {
  readonly name: string;
  readonly position: number;
  /** By the ledger's clock: brokers' clocks differ from ours. */
  readonly at: Instant;
  /** Null of the first. */
  readonly tookMs: number | null;
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

/** The stages among events in the order of the log. */
export function lifeLine(events: readonly RecordedEvent[]): readonly Stage[] {
  const stages: Stage[] = [];
  for (const { type, position, recordedtime: at } of events) {
    const name = NAMES[type];
    if (name === undefined) continue;
    const before = stages.at(-1);
    stages.push({ name, position, at, tookMs: before ? Date.parse(at) - Date.parse(before.at) : null });
  }
  return stages;
}
