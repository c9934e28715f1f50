import type { RequestId } from '@core/contracts/primitives';
import type { Acknowledgement, RunRecord } from './run-record.ts';
import type { Violation } from './violation.ts';

/** What somebody was told is done stands in the log, where they were told so. */
export function acknowledged(record: RunRecord): Violation[] {
  const kept = keptIn(record);
  return record.acknowledged.flatMap((each) => {
    const lost = whyLost(each, kept);
    return lost === null ? [] : [{ rule: 'acknowledged', ...lost } as const];
  });
}

/** One wish of a client is one order, however often it was sent and answered. */
export function oneOrder({ acknowledged: told }: RunRecord): Violation[] {
  const first = new Map<string, RequestId>();
  return told.flatMap((each) => {
    if (each.of !== 'order') return [];
    const key = `${each.by} ${each.wish}`;
    const known = first.get(key) ?? each.requestId;
    first.set(key, known);
    if (known === each.requestId) return [];
    const what = `${each.by} made ${known} and ${each.requestId} of one wish (${each.wish})`;
    return [{ rule: 'one-order', position: null, what } as const];
  });
}

interface Kept {
  readonly orders: ReadonlySet<RequestId>;
  readonly signals: ReadonlySet<string>;
  readonly places: ReadonlyMap<number, string>;
}

function keptIn({ log }: RunRecord): Kept {
  return {
    orders: new Set(log.flatMap((event) => (event.type === 'OrderRequested' ? [event.data.orderId] : []))),
    signals: new Set(
      log.flatMap((event) => (event.type === 'SignalReceived' ? [event.data.signal.externalPositionId] : [])),
    ),
    places: new Map(log.map(({ id, position }) => [position, id])),
  };
}

function whyLost(told: Acknowledgement, { orders, signals, places }: Kept): Omit<Violation, 'rule'> | null {
  switch (told.of) {
    case 'order':
      if (orders.has(told.requestId)) return null;
      return { position: null, what: `${told.by} took order ${told.requestId}, and the log does not have it` };
    case 'signal':
      if (signals.has(told.externalPositionId)) return null;
      return {
        position: null,
        what: `${told.by} took signal ${told.externalPositionId}, and the log does not have it`,
      };
    case 'event':
      if (places.get(told.position) === told.id) return null;
      return { position: told.position, what: `${told.by} was told that event ${told.id} stands here` };
  }
}
