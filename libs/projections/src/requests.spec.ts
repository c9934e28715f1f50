import type { EventType } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples';
import { after, order, position, request } from './histories.fixture.ts';
import { openRequests, targetOf } from './requests.ts';

const kinds = [
  { name: 'Order', id: order, target: { kind: 'order', id: order } },
  { name: 'Amendment', id: request, target: { kind: 'position', id: position } },
  { name: 'Cancellation', id: request, target: { kind: 'order', id: order } },
  { name: 'Close', id: request, target: { kind: 'position', id: position } },
] as const;

const event = (name: string, step: string) => anEvent(`${name}${step}` as EventType);

describe.each(kinds)('open requests: $name', ({ name, id, target }) => {
  const requested = event(name, 'Requested');
  const dispatched = event(name, 'Dispatched');

  it('are requested, then dispatched, then perhaps unknown', () => {
    expect(after(openRequests, [requested])[id]).toMatchObject({ status: 'requested', connector: null });
    expect(after(openRequests, [requested, dispatched])[id]).toMatchObject({
      status: 'dispatched',
      connector: 'xapi-connector-1',
    });
    expect(after(openRequests, [requested, dispatched, event(name, 'OutcomeUnknown')])[id]).toMatchObject({
      status: 'unknown',
      cause: 'timeout',
    });
  });

  it('name what they concern', () => {
    const open = after(openRequests, [requested])[id];
    expect(open && targetOf(open)).toEqual(target);
  });

  it.each(['Accepted', 'Rejected', 'Expired'])('are over once %s', (outcome) => {
    expect(after(openRequests, [requested, dispatched, event(name, outcome)])).toEqual({});
    const doubted = [requested, dispatched, event(name, 'OutcomeUnknown'), event(name, outcome)];
    expect(after(openRequests, doubted)).toEqual({});
  });

  it('are over once an operator says so', () => {
    const resolved = anEvent('OrderResolvedByOperator', { requestId: id });
    expect(after(openRequests, [requested, dispatched, event(name, 'OutcomeUnknown'), resolved])).toEqual({});
  });

  it('are not doubted after their outcome, nor dispatched without a request', () => {
    const late = [requested, dispatched, event(name, 'Accepted'), event(name, 'OutcomeUnknown')];
    expect(after(openRequests, late)).toEqual({});
    expect(() => after(openRequests, [dispatched])).toThrow('without an open request');
  });
});

describe('open requests', () => {
  it.each(['OrderWorking', 'OrderFilled', 'OrderCancelled'] as const)('%s says that the order arrived', (fact) => {
    const doubted = [anEvent('OrderRequested'), anEvent('OrderDispatched'), anEvent('OrderOutcomeUnknown')];
    expect(after(openRequests, [...doubted, anEvent(fact)])).toEqual({});
  });

  it.each(['PositionReduced', 'PositionClosed'] as const)('%s says that the close it names arrived', (fact) => {
    const doubted = [anEvent('CloseRequested'), anEvent('CloseDispatched'), anEvent('CloseOutcomeUnknown')];
    expect(after(openRequests, [...doubted, anEvent(fact, { requestId: request })])).toEqual({});
    expect(Object.keys(after(openRequests, [...doubted, anEvent(fact)]))).toEqual([request]);
  });
});
