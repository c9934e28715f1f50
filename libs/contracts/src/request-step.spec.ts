import { anEvent, exampleId, exampleTypes } from './examples.ts';
import { requestOf } from './request-step.ts';

const kinds = { Order: 'order', Amendment: 'amendment', Cancellation: 'cancellation', Close: 'close' } as const;
const steps = {
  Requested: 'requested',
  Dispatched: 'dispatched',
  Accepted: 'accepted',
  Rejected: 'rejected',
  OutcomeUnknown: 'unknown',
  Expired: 'expired',
} as const;
const lives = Object.entries(kinds).flatMap(([name, kind]) =>
  Object.entries(steps).map(([suffix, step]) => ({ type: `${name}${suffix}`, kind, step })),
);

describe('requestOf', () => {
  it.each(lives)('$type is the $step of a request of kind $kind', ({ type, kind, step }) => {
    const known = exampleTypes.find((each) => each === type);
    if (!known) throw new Error(`${type} is no event`);
    const requestId = kind === 'order' ? exampleId(0x0d1) : exampleId(0x4e9);
    expect(requestOf(anEvent(known))).toEqual({ kind, requestId, step });
  });

  it('an operator settles a request of any kind', () => {
    const event = anEvent('OrderResolvedByOperator', { kind: 'close', requestId: exampleId(7) });
    expect(requestOf(event)).toEqual({ kind: 'close', requestId: exampleId(7), step: 'resolved' });
  });

  const others = exampleTypes.filter(
    (type) => type !== 'OrderResolvedByOperator' && !lives.some((each) => each.type === type),
  );
  it.each(others)('%s is no step of a request', (type) => {
    expect(requestOf(anEvent(type))).toBeNull();
  });
});
