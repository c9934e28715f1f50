// A strategy trades GOLD: its signal at second 10 opened the position `p1`. What it says next is `second`, at second 50.
import { aCommand, exampleSignal } from '@core/contracts/command-examples.fixture';
import type { Event, EventBody } from '@core/contracts/event';
import type { SignalOrigin } from '@core/contracts/events/request';
import type { Signal } from '@core/contracts/events/signal';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Instant } from '@core/contracts/primitives';
import type { CommandOf } from '@core/contracts/command';
import { gold } from './examples.fixture.ts';

export const accountRegistered = anEvent('AccountRegistered');
export const atSecond = (second: number): Instant => `2026-01-05T09:59:${String(second).padStart(2, '0')}.000000Z`;
export const [first, second, third] = [exampleId(0x51), exampleId(0x52), exampleId(0x53)];
export const [orderId, closeId, nextId, positionId] = [exampleId(0xa), exampleId(0xb), exampleId(0xc), exampleId(0xd)];
export const [p1, p2] = ['position-1', 'position-2'];

export type Said = Partial<Signal>;
export const signal = (said: Said = {}): Signal => ({
  ...exampleSignal,
  signalId: second,
  externalPositionId: p1,
  sentAt: atSecond(50),
  ...said,
});
const strategyOf = ({ integrationId, strategyId }: Signal) => ({ integrationId, strategyId });
export const strategy = strategyOf(signal());
export const origin = ({ signalId, externalPositionId }: Signal): SignalOrigin => ({
  signalId,
  ...strategy,
  externalPositionId,
});
const requesterOf = ({ signalId }: Signal) => ({ edge: 'proquant-webhook', reference: signalId }) as const;

export const receive = (said: Said = {}, data: Partial<CommandOf<'ReceiveSignal'>['data']> = {}, commandid = nextId) =>
  aCommand('ReceiveSignal', { signal: signal(said), ...data }, { commandid });

export const received = (said: Said = {}): EventBody => ({ type: 'SignalReceived', data: { signal: signal(said) } });
export const opens = (said: Said = {}, id = nextId): EventBody => ({
  type: 'OrderRequested',
  data: {
    orderId: id,
    instrument: 'GOLD',
    contract: gold.contract,
    side: signal(said).side,
    kind: 'market',
    volumeLots: '0.1',
    price: null,
    stopLoss: null,
    takeProfit: null,
    expiresAt: null,
    requester: requesterOf(signal(said)),
    signal: origin(signal(said)),
  },
});
export const closes = (said: Said = {}, requestId = nextId, of = positionId): EventBody => ({
  type: 'CloseRequested',
  data: {
    requestId,
    positionId: of,
    volumeLots: '0.1',
    requester: requesterOf(signal(said)),
    signal: origin(signal(said)),
  },
});
export const executed = (said: Said = {}): EventBody => ({
  type: 'SignalExecuted',
  data: { signalId: signal(said).signalId, ...strategy, requestIds: [], superseded: true },
});
export const refusedAs = (
  reason: Extract<EventBody, { type: 'SignalRefused' }>['data']['reason'],
  text: string | null = null,
  step: 'signal' | 'close' | 'open' = 'signal',
  signalId = second,
): EventBody => ({ type: 'SignalRefused', data: { signalId, ...strategy, step, reason, text } });

/** A signal at second 10 that opened position `p1`, its order, and what became of both. */
export const told: Said = { signalId: first, sentAt: atSecond(10) };
export const settledAs = (signalId: string, requestIds: string[]) =>
  anEvent('SignalExecuted', { signalId, ...strategy, requestIds });
export const asking: Event[] = [
  accountRegistered,
  anEvent('SignalReceived', { signal: signal(told) }),
  anEvent('OrderRequested', { orderId, signal: origin(signal(told)) }),
];
export const orderDispatched = anEvent('RequestDispatched', { requestId: orderId });
export const goldOpened = anEvent('PositionOpened', { positionId, orderId, signal: origin(signal(told)) });
export const holding = [
  ...asking,
  orderDispatched,
  anEvent('RequestAccepted', { requestId: orderId }),
  goldOpened,
  settledAs(first, [orderId]),
];
export const stopped = [...holding, anEvent('PositionClosed', { positionId, reason: 'stop-loss' })];
export const inDoubt = [
  ...asking,
  orderDispatched,
  anEvent('RequestOutcomeUnknown', { requestId: orderId }),
  anEvent('SignalOutcomeUnknown', { signalId: first, ...strategy }),
];
