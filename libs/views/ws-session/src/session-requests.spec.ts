import type { Event } from '@core/contracts/event';
import { anEvent, exampleId, exampleTypes, recorded } from '@core/contracts/examples.fixture';
import { RequestKind } from '@core/contracts/events/request';
import { fold } from '@core/kernel/projection';
import fc from 'fast-check';
import { SESSION_EDGE, sessionRequests, type SessionRequests } from './session-requests.ts';

const order = exampleId(0x0d1);
const requester = { edge: SESSION_EDGE, reference: 'p-1' };
const asked = anEvent('OrderRequested', { orderId: order, requester });
const about = { kind: 'order', requestId: order } as const;

const after = (...events: Event[]): SessionRequests =>
  fold(sessionRequests, recorded([asked, ...events]), sessionRequests.initial());

describe('a request of a session', () => {
  it.each([
    ['requested', []],
    ['sent', [anEvent('RequestDispatched', about)]],
    ['unknown', [anEvent('RequestDispatched', about), anEvent('RequestOutcomeUnknown', about)]],
    ['accepted', [anEvent('RequestAccepted', about)]],
    ['accepted', [anEvent('OrderFilled', { orderId: order })]],
    ['rejected', [anEvent('RequestRejected', about)]],
    ['expired', [anEvent('RequestExpired', { ...about, cause: 'price-moved' })]],
    ['expired', [anEvent('RequestOutcomeUnknown', about), anEvent('RequestResolved', { ...about, executed: false })]],
    [
      'accepted',
      [anEvent('RequestExpired', { ...about, reason: 'not-executed' }), anEvent('OrderWorking', { orderId: order })],
    ],
  ])('is %s', (state, events) => {
    expect(after(...events).requests[order]).toMatchObject({ name: 'place_order', processId: 'p-1', state });
  });

  it('of another edge is none', () => {
    const other = anEvent('CloseRequested', {
      requestId: exampleId(7),
      requester: { edge: 'tv-gateway', reference: 'p-1' },
    });
    expect(after(other).requests[exampleId(7)]).toBeUndefined();
  });

  it('is forgotten a day after its end', () => {
    const late = { ...anEvent('EquityMarked'), time: '2026-01-07T10:00:00.000000Z' };
    const [first, second, third] = recorded([asked, anEvent('RequestRejected', about), late]);
    const events = [first, second, third && { ...third, recordedtime: late.time }].filter(
      (event) => event !== undefined,
    );
    expect(fold(sessionRequests, events, sessionRequests.initial())).toMatchObject({ requests: {}, ended: [] });
  });

  const anyEvent = fc
    .tuple(fc.constantFrom(...exampleTypes), fc.constantFrom(...RequestKind.options))
    .map(([type, kind]) => {
      const event: Event = anEvent(type);
      const data = 'requestId' in event.data && 'kind' in event.data ? { requestId: order, kind } : {};
      const whose = 'requester' in event.data ? { requester } : {};
      return { ...event, data: { ...event.data, ...data, ...whose } } as Event;
    });

  it('is told whenever its state is another one, and once accepted never more', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const state = sessionRequests.initial();
        let before: string | undefined;
        for (const event of recorded([asked, ...events.filter(({ type }) => type !== 'OrderRequested')])) {
          sessionRequests.evolve(state, event);
          const now = state.requests[order]?.state;
          expect(state.latest === order).toBe(now !== before);
          if (before === 'accepted') expect(now).toBe('accepted');
          before = now;
        }
      }),
      { numRuns: 300 },
    );
  });
});
