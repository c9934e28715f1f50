import type { NotSentCause, RequestKind } from '@core/contracts/events/request';
import type { Event, EventBody } from '@core/contracts/event';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { fold } from '@core/kernel/projection';
import { given } from '@core/testing/given';
import { accountAggregate } from './account-aggregate.ts';
import { SETTLED_MAX } from './request.ts';
import { aContext, accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const requestId = exampleId(0x4e9);
const order = { orderId: requestId };
const connector = 'xapi-connector-1';

interface Life {
  kind: RequestKind;
  requested: Event;
  /** Facts about an order itself say that its request arrived. */
  facts: Event[];
}

const lives: Life[] = [
  {
    kind: 'order',
    requested: anEvent('OrderRequested', order),
    facts: (['OrderWorking', 'OrderFilled', 'OrderCancelled', 'OrderExpired'] as const).map((fact) =>
      anEvent(fact, order),
    ),
  },
  { kind: 'amendment', requested: anEvent('AmendmentRequested', { requestId }), facts: [] },
  { kind: 'cancellation', requested: anEvent('CancellationRequested', { requestId }), facts: [] },
  { kind: 'close', requested: anEvent('CloseRequested', { requestId }), facts: [] },
];

describe.each(lives)('a request of kind $kind', ({ kind, requested, facts }) => {
  const step = { kind, requestId };
  const dispatched = anEvent('RequestDispatched', step);
  const unknown = anEvent('RequestOutcomeUnknown', step);
  const ends = [
    ...(['RequestAccepted', 'RequestRejected', 'RequestExpired', 'RequestResolved'] as const).map((end) =>
      anEvent(end, step),
    ),
    ...facts,
  ];
  const claim: EventBody = { type: 'RequestDispatched', data: { ...step, connector } };
  const notSent = (cause: NotSentCause): EventBody => ({
    type: 'RequestExpired',
    data: { ...step, reason: 'not-sent', evidence: null, cause },
  });
  const dispatch = aCommand('DispatchRequest', { ...step, connector });
  const resolve = aCommand('ResolveRequest', { kind, requestId, executed: true });
  const lateBy = (ms: number) => accountRules(aContext({ now: instantFromMs(toMs(requested.time) + ms) }));
  const open = [registered, requested];

  it('is claimed once', () => {
    given(accountRules(), open).when(dispatch).then([claim]);
    given(accountRules(), [...open, dispatched])
      .when(dispatch)
      .thenRefused('already-dispatched');
    given(accountRules(), [...open, dispatched, unknown])
      .when(dispatch)
      .thenRefused('already-dispatched');
    given(accountRules(), [...open, unknown])
      .when(dispatch)
      .thenRefused('already-dispatched');
  });

  it('goes again, where the broker was too busy for it, under the brakes of that moment', () => {
    const check = aCommand('CheckDispatch', step);
    given(accountRules(), [...open, dispatched])
      .when(check)
      .thenNothing();
    for (const [brake, reason, stops] of [
      [anEvent('TradingHalted'), 'trading-halted', kind !== 'cancellation'],
      [anEvent('CloseOnlySet'), 'close-only', kind === 'order'],
    ] as const) {
      const asked = given(accountRules(), [...open, dispatched, brake]).when(check);
      if (stops) asked.thenRefused(reason);
      else asked.thenNothing();
    }
    for (const other of [[], [dispatched, unknown]])
      given(accountRules(), [...open, ...other])
        .when(check)
        .thenRefused('unknown-request');
    given(accountRules(), [registered]).when(check).thenRefused('unknown-request');
    for (const end of ends)
      given(accountRules(), [...open, dispatched, end])
        .when(check)
        .thenRefused('already-settled');
  });

  it('is claimed by its kind and id', () => {
    given(accountRules(), [registered]).when(dispatch).thenRefused('unknown-request');
    const other = kind === 'close' ? 'order' : 'close';
    given(accountRules(), open)
      .when(aCommand('DispatchRequest', { kind: other, requestId }))
      .thenRefused('unknown-request');
  });

  it('is not sent once it is too old: that is its end', () => {
    given(lateBy(60_000), open).when(dispatch).then([claim]);
    given(lateBy(60_001), open)
      .when(dispatch)
      .thenRefused('too-old', [notSent('too-old')]);
    given(lateBy(60_001), [...open, dispatched])
      .when(dispatch)
      .thenRefused('already-dispatched');
  });

  it.each(ends)('ends with $type', (end) => {
    for (const before of [[], [dispatched], [dispatched, unknown]]) {
      const over = [...open, ...before, end];
      given(accountRules(), over).when(dispatch).thenRefused('already-settled');
      given(accountRules(), over).when(resolve).thenRefused('already-settled');
      given(accountRules(), [...over, unknown, end])
        .when(resolve)
        .thenRefused('already-settled');
    }
  });

  it('is settled by an operator only while its outcome is unknown', () => {
    given(accountRules(), [registered]).when(resolve).thenRefused('unknown-request');
    given(accountRules(), open).when(resolve).thenRefused('outcome-not-unknown');
    given(accountRules(), [...open, dispatched])
      .when(resolve)
      .thenRefused('outcome-not-unknown');
    given(accountRules(), [...open, dispatched, unknown])
      .when(resolve)
      .then([{ type: 'RequestResolved', data: resolve.data }]);
    const other = kind === 'close' ? 'order' : 'close';
    given(accountRules(), [...open, dispatched, unknown])
      .when(aCommand('ResolveRequest', { kind: other, requestId }))
      .thenRefused('unknown-request');
  });

  it('cannot have been dispatched twice, or without being asked for: such a log is not ours', () => {
    const folded = (...events: Event[]) => fold(accountAggregate, recorded(events));
    expect(() => folded(requested, dispatched)).not.toThrow();
    expect(() => folded(requested, dispatched, dispatched)).toThrow('was dispatched while dispatched');
    expect(() => folded(dispatched)).toThrow('was dispatched while not open');
  });
});

it('settled requests are remembered for a while, and forgotten in the end', () => {
  const past = Array.from({ length: 2 * SETTLED_MAX + 1 }, (_, index) => {
    const orderId = exampleId(0x1000 + index);
    return [anEvent('OrderRequested', { orderId }), anEvent('RequestRejected', { requestId: orderId })];
  });
  const claim = (n: number) => aCommand('DispatchRequest', { kind: 'order', requestId: exampleId(0x1000 + n) });
  const after = given(accountRules(), [registered, ...past.flat()]);
  after.when(claim(0)).thenRefused('unknown-request');
  for (let n = SETTLED_MAX + 1; n <= 2 * SETTLED_MAX; n++) after.when(claim(n)).thenRefused('already-settled');
});
