// Pieces of an account's life as the ledger records them, for specs. Positions and versions come from `recorded`.
import type { Event, EventType, EventBody, RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { Decimal, OrderId, PositionId } from '@core/contracts/primitives';
import { fold, type Projection } from '@core/kernel/projection';
import fc from 'fast-check';

export const exampleOrder = exampleId(0x0d1);
export const examplePosition = exampleId(0x905);
export const exampleRequest = exampleId(0x4e9);

/** The state after these events, recorded one after the other. */
export const after = <State>(projection: Projection<State, RecordedEvent>, events: readonly Event[]): State =>
  fold(projection, recorded(events));

/** An event at a time of the day, by the ledger's clock as well as the broker's: `at('12:00', 'OrderFilled')`. */
export const at = <Type extends EventType>(clock: string, type: Type, data: Partial<EventBody<Type>['data']> = {}) =>
  anEvent(type, data, { time: instant(clock) });

/** `12:00` on the first day, `+1d 12:00` on the next one. */
export function instant(clock: string): string {
  const [, days = '0', time = '00:00'] = /^(?:\+(\d+)d )?(\d\d:\d\d)$/.exec(clock) ?? [];
  return `2026-01-${String(5 + Number(days)).padStart(2, '0')}T${time}:00.000000Z`;
}

interface Numbered {
  readonly orderId: OrderId;
  readonly positionId: PositionId;
  readonly number: string;
  readonly volumeLots: Decimal;
}

/** Lives of one order each, whole or cut short, as any broker may tell them. */
const orderLives: readonly ((id: Numbered) => Event[])[] = [
  ({ orderId, positionId, number, volumeLots }) => [
    anEvent('OrderRequested', { orderId, kind: 'market', price: null, volumeLots }),
    anEvent('RequestDispatched', { requestId: orderId }),
    anEvent('RequestAccepted', { requestId: orderId, brokerRequest: number }),
    anEvent('OrderFilled', { orderId, positionId, volumeLots }),
    anEvent('PositionOpened', { orderId, positionId, brokerPosition: number, volumeLots }),
    anEvent('PositionAmended', { positionId, stopLoss: null }),
    anEvent('PositionSwapCharged', { positionId }),
    anEvent('PositionReduced', { positionId, brokerPosition: `${number}9` }),
    anEvent('PositionClosed', { positionId, reason: 'stop-loss' }),
    anEvent('BalanceChanged'),
  ],
  ({ orderId, positionId, number, volumeLots }) => [
    anEvent('OrderRequested', { orderId, volumeLots }),
    anEvent('RequestDispatched', { requestId: orderId }),
    anEvent('RequestOutcomeUnknown', { requestId: orderId }),
    anEvent('OrderWorking', { orderId, brokerOrder: number, volumeLots }),
    anEvent('RequestAccepted', { requestId: orderId, brokerRequest: number }),
    anEvent('OrderAmended', { orderId, takeProfit: null }),
    anEvent('OrderFilled', { orderId, positionId, volumeLots }),
    anEvent('PositionOpened', { orderId, positionId, brokerPosition: number, volumeLots }),
    anEvent('PositionClosed', { positionId }),
  ],
  ({ orderId, number, volumeLots }) => [
    anEvent('OrderWorking', { orderId, brokerOrder: number, volumeLots }),
    anEvent('OrderCancelled', { orderId }),
    anEvent('AccountReconciled'),
  ],
  ({ orderId }) => [
    anEvent('OrderRequested', { orderId }),
    anEvent('RequestDispatched', { requestId: orderId }),
    anEvent('RequestRejected', { requestId: orderId }),
    anEvent('EquityMarked'),
  ],
  ({ positionId, number }) => [
    anEvent('PositionOpened', { positionId, orderId: null, brokerPosition: number }),
    anEvent('PositionClosed', { positionId, reason: 'stop-out' }),
  ],
  ({ positionId, orderId }) => [
    anEvent('PositionClosed', { positionId }),
    anEvent('OrderFilled', { orderId, positionId }),
    anEvent('OrderCancelled', { orderId }),
  ],
];

/** Histories of some accounts whose orders' lives interleave and may stop anywhere: what a log can hold. */
export const anyHistory = (lives = 12): fc.Arbitrary<Event[]> =>
  fc
    .array(
      fc.record({
        subject: fc.constantFrom(exampleId(0xacc1), exampleId(0xacc2), exampleId(0xacc3)),
        life: fc.constantFrom(...orderLives),
        volumeLots: fc.constantFrom<Decimal>('0.1', '0.25', '1'),
        told: fc.integer({ min: 1, max: 10 }),
        turns: fc.array(fc.nat({ max: 1000 }), { minLength: 10, maxLength: 10 }),
      }),
      { maxLength: lives },
    )
    .map((chosen) =>
      chosen
        .flatMap(({ subject, life, volumeLots, told, turns }, index) => {
          const number = String(500_000_000 + index);
          const id = { orderId: exampleId(0x1000 + index), positionId: exampleId(0x2000 + index), number, volumeLots };
          const times = turns.toSorted((left, right) => left - right);
          const events = life(id).slice(0, told);
          return events.map((event, step) => ({ turn: times[step] ?? 0, event: { ...event, subject } as Event }));
        })
        .toSorted((left, right) => left.turn - right.turn)
        .map(({ event }) => event),
    );
