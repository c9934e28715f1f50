import type { EventBody } from '@core/contracts/event';
import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { given } from '@core/testing/given';
import type { CommandOf } from '@core/contracts/command';
import { aContext, accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const [orderId, again] = [exampleId(0x0d1), exampleId(0xa6a)];

describe('placing an order', () => {
  const place = (data: Partial<CommandOf<'PlaceOrder'>['data']> = {}) =>
    aCommand('PlaceOrder', data, { commandid: orderId });
  const limit = (data: Partial<CommandOf<'PlaceOrder'>['data']> = {}) =>
    place({ kind: 'limit', price: '1.1', ...data });
  const requested = (data: Partial<EventBody<'OrderRequested'>['data']> = {}): EventBody<'OrderRequested'> => ({
    type: 'OrderRequested',
    data: { orderId, ...place().data, contract: anInstrument().contract, ...data },
  });
  const allowed = given(accountRules(), [registered]);

  it('requests it under the id of the command, with the terms of its instrument', () => {
    allowed.when(place()).then([requested()]);
    const pending = { kind: 'stop', side: 'sell', price: '1.1', stopLoss: '1.12', takeProfit: '1.09' } as const;
    allowed
      .when(place({ ...pending, expiresAt: '2026-01-06T00:00:00.000000Z' }))
      .then([requested({ ...pending, expiresAt: '2026-01-06T00:00:00.000000Z' })]);
  });

  it('told twice, does nothing more, even when it is settled', () => {
    const placed = anEvent('OrderRequested', requested().data);
    given(accountRules(), [registered, placed]).when(place()).thenNothing();
    given(accountRules(), [registered, placed, anEvent('RequestRejected')])
      .when(place())
      .thenNothing();
  });

  it('told again while the order stands or has ended, does nothing more, though its request is forgotten', () => {
    const working = anEvent('OrderWorking', { orderId });
    given(accountRules(), [registered, working]).when(place()).thenNothing();
    given(accountRules(), [registered, working, anEvent('OrderFilled', { orderId })])
      .when(place())
      .thenNothing();
  });

  it('is refused to an account that nobody registered, or that its broker does not let trade', () => {
    given(accountRules(), []).when(place()).thenRefused('unknown-account');
    const disabled = anEvent('AccountUpdated', { tradingDisabled: true });
    given(accountRules(), [registered, disabled]).when(place()).thenRefused('trading-disabled');
    given(accountRules(), [disabled, registered]).when(place()).thenRefused('trading-disabled');
    const enabled = anEvent('AccountUpdated', { tradingDisabled: false });
    given(accountRules(), [registered, disabled, enabled]).when(place()).then([requested()]);
  });

  it('is refused for an instrument that is unknown, not tradable, or that nobody has described yet', () => {
    allowed.when(place({ instrument: 'EURUSDX' })).thenRefused('unknown-instrument');
    const unavailable = accountRules(aContext({ instruments: { EURUSD: 'unavailable' } }));
    given(unavailable, [registered]).when(place()).thenRefused('instruments-unavailable');
    const closed = accountRules(aContext({ instruments: { EURUSD: anInstrument({ tradable: false }) } }));
    given(closed, [registered]).when(place()).thenRefused('instrument-not-tradable');
  });

  it('that sells is refused where nothing may be sold short', () => {
    const longOnly = accountRules(aContext({ instruments: { EURUSD: anInstrument({ shortable: false }) } }));
    const levels = { stopLoss: null, takeProfit: null };
    given(longOnly, [registered])
      .when(place({ side: 'sell', ...levels }))
      .thenRefused('short-selling-not-allowed');
    given(longOnly, [registered])
      .when(place(levels))
      .then([requested(levels)]);
  });

  it('that trails is refused where no stop loss may', () => {
    const fixed = accountRules(aContext({ instruments: { EURUSD: anInstrument({ trailingStops: false }) } }));
    given(fixed, [registered])
      .when(place({ trailingPoints: 200 }))
      .thenRefused('trailing-stop-not-allowed');
    given(fixed, [registered])
      .when(place({ trailingPoints: null }))
      .then([requested({ trailingPoints: null })]);
  });

  it('looks the instrument up at the venue of the account', () => {
    const elsewhere = anEvent('AccountRegistered', { venue: 'other' });
    given(accountRules(), [elsewhere]).when(place()).thenRefused('instruments-unavailable');
  });

  it.each([
    ['0.009', 'volume-not-multiple-of-step'],
    ['0.015', 'volume-not-multiple-of-step'],
    ['100.01', 'volume-above-maximum'],
  ] as const)('of %s lots is refused: %s', (volumeLots, reason) => {
    allowed.when(place({ volumeLots })).thenRefused(reason);
  });

  it('may be as small and as large as the instrument allows', () => {
    const wide = accountRules(aContext({ instruments: { EURUSD: anInstrument({ minLots: '0.02' }) } }));
    given(wide, [registered])
      .when(place({ volumeLots: '0.01' }))
      .thenRefused('volume-below-minimum');
    given(wide, [registered])
      .when(place({ volumeLots: '0.02' }))
      .then([requested({ volumeLots: '0.02' })]);
    allowed.when(place({ volumeLots: '100' })).then([requested({ volumeLots: '100' })]);
  });

  it('has a price exactly when it waits for one', () => {
    allowed.when(place({ price: '1.1' })).thenRefused('price-not-allowed');
    allowed.when(limit({ price: null })).thenRefused('price-required');
    allowed.when(place({ kind: 'stop' })).thenRefused('price-required');
  });

  it.each(['price', 'stopLoss', 'takeProfit'] as const)('has its %s on a tick', (price) => {
    const prices = { price: '1.1', stopLoss: '1.09', takeProfit: '1.11' } as const;
    allowed.when(limit({ ...prices, [price]: '1.100001' })).thenRefused('price-off-tick');
  });

  it.each([
    ['buy', '1.1', null, 'stop-loss-on-wrong-side'],
    ['buy', null, '1.1', 'take-profit-on-wrong-side'],
    ['buy', '1.11', '1.12', 'stop-loss-on-wrong-side'],
    ['buy', '1.08', '1.09', 'take-profit-on-wrong-side'],
    ['sell', '1.1', null, 'stop-loss-on-wrong-side'],
    ['sell', null, '1.1', 'take-profit-on-wrong-side'],
    ['sell', '1.09', '1.08', 'stop-loss-on-wrong-side'],
    ['sell', '1.12', '1.11', 'take-profit-on-wrong-side'],
  ] as const)(
    'to %s at 1.1 with stop loss %s and take profit %s is refused: %s',
    (side, stopLoss, takeProfit, reason) => {
      allowed.when(limit({ side, stopLoss, takeProfit })).thenRefused(reason);
    },
  );

  it('at market leaves the side of its protection to the broker, unless stop loss and take profit contradict', () => {
    allowed.when(place({ stopLoss: '9' })).then([requested({ stopLoss: '9' })]);
    allowed.when(place({ takeProfit: '0.1' })).then([requested({ takeProfit: '0.1' })]);
    allowed.when(place({ stopLoss: '1.1', takeProfit: '1.1' })).thenRefused('stop-loss-on-wrong-side');
    allowed.when(place({ side: 'sell', stopLoss: '1.1', takeProfit: '1.2' })).thenRefused('stop-loss-on-wrong-side');
  });

  it('expires in the future; at market it does not expire', () => {
    allowed.when(limit({ expiresAt: exampleNow })).thenRefused('expiry-in-the-past');
    const later = '2026-01-05T10:00:00.000001Z';
    allowed.when(limit({ expiresAt: later })).then([requested({ kind: 'limit', price: '1.1', expiresAt: later })]);
    allowed.when(place({ expiresAt: later })).then([requested()]);
    allowed.when(place({ expiresAt: exampleNow })).then([requested()]);
  });

  it('for a strategy is one at a time', () => {
    const signal = { signalId: exampleId(1), integrationId: exampleId(2), strategyId: 's', externalPositionId: 'p' };
    const placed = anEvent('OrderRequested', { ...requested({ signal }).data, orderId: again });
    const opened = anEvent('PositionOpened', { orderId: again, signal });
    allowed.when(place({ signal })).then([requested({ signal })]);
    given(accountRules(), [registered, placed]).when(place({ signal })).thenRefused('request-in-flight');
    given(accountRules(), [registered, placed, opened]).when(place({ signal })).thenRefused('position-already-exists');
    const other = { ...signal, strategyId: 't' };
    given(accountRules(), [registered, placed])
      .when(place({ signal: other }))
      .then([requested({ signal: other })]);
  });
});

describe('cancelling an order', () => {
  const cancel = aCommand('CancelOrder', {}, { commandid: again });
  const cancellation = { type: 'CancellationRequested', data: { requestId: again, ...cancel.data } } as const;
  const [requested, dispatched, working] = [
    anEvent('OrderRequested'),
    anEvent('RequestDispatched'),
    anEvent('OrderWorking'),
  ];

  it('asks the broker for one that stands there, whoever placed it', () => {
    given(accountRules(), [registered, working]).when(cancel).then([cancellation]);
    given(accountRules(), [registered, requested, dispatched, anEvent('RequestAccepted'), working])
      .when(cancel)
      .then([cancellation]);
  });

  it('does not send at all what nobody has claimed yet', () => {
    const notSent = {
      type: 'RequestExpired',
      data: { kind: 'order', requestId: orderId, reason: 'not-sent', evidence: null, cause: 'cancelled' },
    } as const;
    given(accountRules(), [registered, requested]).when(cancel).then([notSent]);
    const gone = [registered, requested, anEvent('RequestExpired', notSent.data)];
    given(accountRules(), gone).when(cancel).thenRefused('order-not-working');
    given(accountRules(), gone).when(aCommand('DispatchRequest')).thenRefused('already-settled');
  });

  it('does not take another kind of request for an order', () => {
    const closing = anEvent('CloseRequested', { requestId: orderId });
    given(accountRules(), [registered, closing]).when(cancel).thenRefused('unknown-order');
  });

  it('waits for the outcome of an order on its way', () => {
    given(accountRules(), [registered, requested, dispatched]).when(cancel).thenRefused('request-in-flight');
    const doubt = anEvent('RequestOutcomeUnknown');
    given(accountRules(), [registered, requested, dispatched, doubt]).when(cancel).thenRefused('request-in-flight');
  });

  it.each([anEvent('OrderFilled'), anEvent('OrderCancelled'), anEvent('OrderExpired')])(
    'knows that $type ended it, and that what comes late does not make it stand again',
    (end) => {
      given(accountRules(), [registered, working, end]).when(cancel).thenRefused('order-not-working');
      given(accountRules(), [registered, end, end, working]).when(cancel).thenRefused('order-not-working');
    },
  );

  it('tells an order that failed from one it never heard of', () => {
    given(accountRules(), [registered]).when(cancel).thenRefused('unknown-order');
    const failed = [registered, requested, dispatched, anEvent('RequestRejected')];
    given(accountRules(), failed).when(cancel).thenRefused('order-not-working');
  });

  it.each([
    anEvent('RequestRejected'),
    anEvent('RequestExpired', { reason: 'not-sent' }),
    anEvent('RequestExpired', { reason: 'not-executed' }),
  ])('believes the broker that an order stands though we saw $type', (end) => {
    given(accountRules(), [registered, requested, dispatched, end, working]).when(cancel).then([cancellation]);
  });

  it('concerns what is left of a partly filled order', () => {
    const part = anEvent('OrderFilled', { volumeLots: '0.04' });
    const rest = anEvent('OrderFilled', { volumeLots: '0.06' });
    given(accountRules(), [registered, working, part]).when(cancel).then([cancellation]);
    given(accountRules(), [registered, working, part, rest]).when(cancel).thenRefused('order-not-working');
  });

  it('is asked once: told twice it does nothing more, and a second one waits even for an unknown outcome', () => {
    const asked = anEvent('CancellationRequested', { requestId: again });
    const sent = [registered, working, asked, anEvent('RequestDispatched', { kind: 'cancellation', requestId: again })];
    const other = aCommand('CancelOrder', {}, { commandid: exampleId(0xb) });
    given(accountRules(), [registered, working, asked]).when(cancel).thenNothing();
    given(accountRules(), [registered, working, asked]).when(other).thenRefused('request-in-flight');
    const doubt = anEvent('RequestOutcomeUnknown', { kind: 'cancellation', requestId: again });
    given(accountRules(), [...sent, doubt])
      .when(other)
      .thenRefused('request-in-flight');
    const rejected = anEvent('RequestRejected', { kind: 'cancellation', requestId: again });
    given(accountRules(), [...sent, rejected])
      .when(other)
      .then([{ type: 'CancellationRequested', data: { requestId: exampleId(0xb), ...cancel.data } }]);
  });
});
