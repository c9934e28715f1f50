import { anEvent } from '@core/contracts/examples.fixture';
import { after, exampleOrder, examplePosition, exampleRequest } from './histories.fixture.ts';
import { openRequests, targetOf } from './requests.ts';

const kinds = [
  {
    kind: 'order',
    requested: anEvent('OrderRequested'),
    id: exampleOrder,
    target: { kind: 'order', id: exampleOrder },
  },
  {
    kind: 'amendment',
    requested: anEvent('AmendmentRequested'),
    id: exampleRequest,
    target: { kind: 'position', id: examplePosition },
  },
  {
    kind: 'cancellation',
    requested: anEvent('CancellationRequested'),
    id: exampleRequest,
    target: { kind: 'order', id: exampleOrder },
  },
  {
    kind: 'close',
    requested: anEvent('CloseRequested'),
    id: exampleRequest,
    target: { kind: 'position', id: examplePosition },
  },
] as const;

describe.each(kinds)('open requests: $kind', ({ kind, requested, id, target }) => {
  const step = { kind, requestId: id };
  const dispatched = anEvent('RequestDispatched', step);
  const unknown = anEvent('RequestOutcomeUnknown', step);

  it('are requested, then dispatched, then perhaps unknown', () => {
    expect(after(openRequests, [requested])[id]).toMatchObject({ status: 'requested', connector: null });
    expect(after(openRequests, [requested, dispatched])[id]).toMatchObject({
      status: 'dispatched',
      connector: 'xapi-connector-1',
    });
    expect(after(openRequests, [requested, dispatched, unknown])[id]).toMatchObject({
      status: 'unknown',
      cause: 'timeout',
    });
  });

  it('name what they concern', () => {
    const open = after(openRequests, [requested])[id];
    expect(open && targetOf(open)).toEqual(target);
  });

  it.each(['RequestAccepted', 'RequestRejected', 'RequestExpired'] as const)('are over once %s', (outcome) => {
    expect(after(openRequests, [requested, dispatched, anEvent(outcome, step)])).toEqual({});
    const doubted = [requested, dispatched, unknown, anEvent(outcome, step)];
    expect(after(openRequests, doubted)).toEqual({});
  });

  it('are over once an operator says so', () => {
    const resolved = anEvent('RequestResolved', step);
    expect(after(openRequests, [requested, dispatched, unknown, resolved])).toEqual({});
  });

  it('are not doubted after their outcome, nor dispatched without a request', () => {
    const late = [requested, dispatched, anEvent('RequestAccepted', step), unknown];
    expect(after(openRequests, late)).toEqual({});
    expect(() => after(openRequests, [dispatched])).toThrow('without an open request');
  });
});

describe('open requests', () => {
  it.each(['OrderWorking', 'OrderFilled', 'OrderCancelled', 'OrderExpired'] as const)(
    '%s says that the order arrived',
    (fact) => {
      const doubted = [anEvent('OrderRequested'), anEvent('RequestDispatched'), anEvent('RequestOutcomeUnknown')];
      expect(after(openRequests, [...doubted, anEvent(fact)])).toEqual({});
    },
  );

  it.each(['PositionReduced', 'PositionClosed'] as const)('%s says that the close it names arrived', (fact) => {
    const doubted = [
      anEvent('CloseRequested'),
      anEvent('RequestDispatched', { kind: 'close', requestId: exampleRequest }),
      anEvent('RequestOutcomeUnknown', { kind: 'close', requestId: exampleRequest }),
    ];
    expect(after(openRequests, [...doubted, anEvent(fact, { requestId: exampleRequest })])).toEqual({});
    expect(Object.keys(after(openRequests, [...doubted, anEvent(fact)]))).toEqual([exampleRequest]);
  });
});
