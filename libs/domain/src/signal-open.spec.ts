import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { given } from '@core/testing/given';
import { aContext, accountRules, gold } from './examples.fixture.ts';
import {
  asking,
  atSecond,
  closes,
  orderDispatched,
  executed,
  first,
  holding,
  inDoubt,
  goldOpened,
  opens,
  orderId,
  p2,
  receive,
  received,
  refusedAs,
  accountRegistered,
  signal,
  stopped,
  strategy,
  told,
} from './signal-examples.fixture.ts';
import { SIGNALS_IN_DOUBT_MAX } from './strategy-fold.ts';

const whenNothingIsHeld = given(accountRules(), [accountRegistered]);
const whileHeld = given(accountRules(), holding);
const onceStopped = given(accountRules(), stopped);

describe('a signal to open', () => {
  it('opens at market what the mapping says', () => {
    whenNothingIsHeld.when(receive()).then([received(), opens()]);
    whenNothingIsHeld.when(receive({ side: 'sell' })).then([received({ side: 'sell' }), opens({ side: 'sell' })]);
  });

  it('is received once', () => {
    given(accountRules(), asking).when(receive(told)).thenNothing();
    whileHeld.when(receive(told)).thenNothing();
    given(accountRules(), inDoubt).when(receive(told)).thenNothing();
  });

  it('for a position that is open under its id is fulfilled; for another one it is refused', () => {
    whileHeld.when(receive()).then([received(), executed()]);
    const other = { externalPositionId: p2 };
    whileHeld
      .when(receive(other))
      .thenRefused('position-already-exists', [received(other), refusedAs('position-already-exists')]);
  });

  it('does not open again what is closed, and opens the next one', () => {
    onceStopped.when(receive()).then([received(), executed()]);
    const next = { externalPositionId: p2 };
    onceStopped.when(receive(next)).then([received(next), opens(next)]);
  });

  it('is nothing to do once a later signal has come, even a refused one', () => {
    const late = { sentAt: atSecond(9), externalPositionId: p2 };
    onceStopped.when(receive(late)).then([received(late), executed(late)]);
    const close = signal({ signalId: first, kind: 'close', sentAt: atSecond(51) });
    const gone = [
      accountRegistered,
      anEvent('SignalReceived', { signal: close }),
      anEvent('SignalRefused', { signalId: first, ...strategy, reason: 'position-not-found' }),
    ];
    given(accountRules(), gone).when(receive()).then([received(), executed()]);
    const another = { sentAt: atSecond(51), externalPositionId: p2 };
    given(accountRules(), gone)
      .when(receive(another))
      .then([received(another), opens(another)]);
  });

  it.each([
    [30, 20, 29],
    [30, 40, 39],
  ])('is overtaken by the latest of the signals at seconds %d and %d: at second %d', (one, other, now) => {
    const history = [one, other].flatMap((sentAt, index) => {
      const said = signal({ signalId: exampleId(0x600 + index), kind: 'close', sentAt: atSecond(sentAt) });
      return [
        anEvent('SignalReceived', { signal: said }),
        anEvent('SignalRefused', { signalId: said.signalId, ...strategy }),
      ];
    });
    const late = { sentAt: atSecond(now) };
    given(accountRules(), [accountRegistered, ...history])
      .when(receive(late))
      .then([received(late), executed(late)]);
  });

  it('too late would trade another market', () => {
    const data = { maxAgeMs: 10_000 };
    whenNothingIsHeld.when(receive({}, data)).then([received(), opens()]);
    whenNothingIsHeld
      .when(receive({ sentAt: atSecond(49) }, data))
      .thenRefused('too-old', [received({ sentAt: atSecond(49) }), refusedAs('too-old')]);
  });

  it.each([
    ['no mapping', { order: null }, {}, 'unknown-ticker', null],
    [
      'no such instrument',
      { order: { instrument: 'XAU', volumeLots: '0.1' } },
      {},
      'unknown-instrument',
      'unknown-ticker',
    ],
    [
      'not tradable',
      {},
      { instruments: { GOLD: { ...gold, tradable: false } } },
      'instrument-not-tradable',
      'market-closed',
    ],
    ['step', { order: { instrument: 'GOLD', volumeLots: '0.15' } }, {}, 'volume-not-multiple-of-step', null],
    ['too low', {}, { instruments: { GOLD: { ...gold, minLots: '0.2' } } }, 'volume-below-minimum', null],
    ['too high', { order: { instrument: 'GOLD', volumeLots: '10.1' } }, {}, 'volume-above-maximum', null],
  ] as const)('is refused for good: %s', (_, data, context, reason, words) => {
    const decision = refusedAs(words ?? reason, words === null ? null : reason);
    given(accountRules(aContext(context)), [accountRegistered])
      .when(receive({}, data))
      .thenRefused(reason, [received(), decision]);
  });

  it.each([
    ['trading-halted', { system: { halted: true, closeOnly: false, shadow: [] } }],
    ['close-only', { system: { halted: false, closeOnly: true, shadow: [] } }],
  ] as const)('is refused in passing, without a trace: %s', (reason, context) =>
    given(accountRules(aContext(context)), [accountRegistered])
      .when(receive())
      .thenRefused(reason),
  );

  it('is refused to an account that its broker does not let trade', () => {
    const disabled = anEvent('AccountUpdated', { tradingDisabled: true });
    given(accountRules(), [accountRegistered, disabled])
      .when(receive())
      .thenRefused('trading-disabled', [received(), refusedAs('trading-disabled')]);
  });

  it('with an unknown ticker is refused for that before anything else', () => {
    const other = { externalPositionId: p2 };
    whileHeld
      .when(receive(other, { order: null }))
      .thenRefused('unknown-ticker', [received(other), refusedAs('unknown-ticker')]);
  });

  it('may come again while instruments are unavailable: nothing is recorded', () => {
    const blind = accountRules(aContext({ instruments: { GOLD: 'unavailable' } }));
    given(blind, [accountRegistered]).when(receive()).thenRefused('instruments-unavailable');
  });
});

describe('signals of one strategy', () => {
  const next = { externalPositionId: p2 };

  it('are taken one at a time', () => {
    given(accountRules(), asking).when(receive(next)).thenRefused('request-in-flight');
    const notSettled = [...asking, orderDispatched, anEvent('RequestAccepted', { requestId: orderId }), goldOpened];
    given(accountRules(), notSettled).when(receive(next)).thenRefused('request-in-flight');
  });

  it('go on after one of unknown outcome as far as that outcome allows', () => {
    given(accountRules(), inDoubt).when(receive(next)).thenRefused('request-in-flight');
    given(accountRules(), inDoubt)
      .when(receive({ kind: 'close' }))
      .thenRefused('request-in-flight');
    const seen = [...inDoubt, anEvent('RequestAccepted', { requestId: orderId }), goldOpened];
    given(accountRules(), seen)
      .when(receive({ kind: 'close' }))
      .then([received({ kind: 'close' }), closes({ kind: 'close' })]);
    const failed = [...inDoubt, anEvent('RequestExpired', { requestId: orderId, reason: 'not-executed' })];
    given(accountRules(), failed)
      .when(receive(next))
      .then([received(next), opens(next)]);
  });

  it('do not hold up those of another', () => {
    const other = { strategyId: 'another' };
    const decided = given(accountRules(), asking).when(receive(other));
    decided.then([received(other), expect.objectContaining({ type: 'OrderRequested' })]);
  });

  it.each([
    anEvent('RequestRejected', { requestId: orderId }),
    anEvent('RequestExpired', { requestId: orderId, reason: 'not-sent' }),
    anEvent('OrderCancelled', { orderId }),
    anEvent('RequestResolved', { kind: 'order', requestId: orderId, executed: false }),
  ])('may open again after $type', (end) => {
    given(accountRules(), [...inDoubt, end])
      .when(receive(next))
      .then([received(next), opens(next)]);
  });

  it('wait for the position of an accepted order, until reconciliation says that there is none', () => {
    const accepted = [...inDoubt, anEvent('RequestAccepted', { requestId: orderId })];
    const resolved = [...inDoubt, anEvent('RequestResolved', { kind: 'order', requestId: orderId, executed: true })];
    const reconciled = anEvent('AccountReconciled');
    for (const history of [accepted, resolved]) {
      given(accountRules(), history).when(receive(next)).thenRefused('request-in-flight');
      given(accountRules(), [...history, reconciled])
        .when(receive(next))
        .then([received(next), opens(next)]);
    }
    given(accountRules(), [...inDoubt, reconciled])
      .when(receive(next))
      .thenRefused('request-in-flight');
  });

  it('in doubt are remembered for a while', () => {
    const history = Array.from({ length: SIGNALS_IN_DOUBT_MAX + 1 }, (_, index) => {
      const said = signal({ signalId: exampleId(0x600 + index) });
      return [
        anEvent('SignalReceived', { signal: said }),
        anEvent('SignalOutcomeUnknown', { signalId: said.signalId, ...strategy }),
      ];
    });
    const settle = (n: number) => aCommand('SettleSignal', { signalId: exampleId(0x600 + n) });
    const after = given(accountRules(), [accountRegistered, ...history.flat()]);
    after.when(settle(0)).thenRefused('unknown-signal');
    after.when(settle(1)).then([expect.objectContaining({ type: 'SignalExecuted' })]);
  });

  it('ordered by a clock that runs ahead do not jam', () => {
    const ahead = signal({ signalId: first, sentAt: '2027-01-01T00:00:00.000000Z' });
    const history = [
      accountRegistered,
      anEvent('SignalReceived', { signal: ahead }, { time: atSecond(0) }),
      anEvent('SignalRefused', { signalId: first, ...strategy }),
    ];
    const minuteLater = { sentAt: exampleNow };
    given(accountRules(), history)
      .when(receive(minuteLater))
      .then([received(minuteLater), opens(minuteLater)]);
    const sooner = { sentAt: '2026-01-05T09:59:59.999999Z' };
    given(accountRules(), history)
      .when(receive(sooner))
      .then([received(sooner), executed(sooner)]);
  });
});
