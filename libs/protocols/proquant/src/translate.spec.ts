import { CommandBody } from '@core/contracts/command';
import { Signal } from '@core/contracts/events/signal';
import { exampleId } from '@core/contracts/examples.fixture';
import { decodeDelivery, type ProquantEvent } from './event.ts';
import { exampleDelivery } from './example.ts';
import { isSignal, translateLifecycle, translateSignal } from './translate.ts';

const integrationId = exampleId(1);
const signalId = exampleId(2);
const under = { registration: '0123456789abcdef', registrations: ['0123456789abcdef'] };
const sentAt = '2019-02-08T11:01:30.730000Z';

describe('translation', () => {
  it('makes the example a signal of ours', () => {
    const event = eventOf(exampleDelivery());
    expect(isSignal(event) && Signal.parse(translateSignal(integrationId, signalId, event))).toEqual({
      signalId,
      integrationId,
      strategyId: '6bbc583bf6d70605bbbc892f66367ab7',
      strategyName: 'Gold High-Risk',
      kind: 'open',
      side: 'buy',
      ticker: 'XAUUSD',
      quantity: '10',
      externalPositionId: '960fe1a63d264d0f4e19a0ebf385497e',
      sentAt,
    });
  });

  it.each([
    ['SIGNAL_CLOSE', 'close'],
    ['SIGNAL_REOPEN', 'reopen'],
  ])('makes %s a %s', (type, kind) => {
    const event = eventOf(exampleDelivery({ type }, { direction: 'SELL' }));
    expect(isSignal(event) && translateSignal(integrationId, signalId, event)).toMatchObject({ kind, side: 'sell' });
  });

  it.each([
    ['INTEGRATION_APPROVED', { integrationId, what: 'approved', sentAt, ...under }],
    ['INTEGRATION_REJECTED', { integrationId, what: 'rejected', sentAt, ...under }],
    ['INTEGRATION_DELETED', { integrationId, what: 'deleted', sentAt, ...under }],
    ['STRATEGY_ENABLED', { integrationId, strategyId: 's1', name: 'Gold', enabled: true, sentAt, ...under }],
    ['STRATEGY_DISABLED', { integrationId, strategyId: 's1', name: 'Gold', enabled: false, sentAt, ...under }],
  ])('makes %s a command', (type, data) => {
    const event = eventOf(exampleDelivery({ type, data: { id: 's1', name: 'Gold' } }));
    expect(isSignal(event)).toBe(false);
    expect(!isSignal(event) && CommandBody.parse(translateLifecycle(integrationId, event, under)).data).toEqual(data);
  });
});

function eventOf(delivery: unknown): ProquantEvent {
  const decoded = decodeDelivery(JSON.stringify(delivery));
  if (!decoded.ok || !decoded.value.event) throw new Error('not an event');
  return decoded.value.event;
}
