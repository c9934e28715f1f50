import { aCommand } from '@core/contracts/command-examples.fixture';
import type { Event, EventBody } from '@core/contracts/event';
import type { ShadowTrade } from '@core/contracts/events/signal';
import { anEvent } from '@core/contracts/examples.fixture';
import { given } from '@core/testing/given';
import { accountRules } from './examples.fixture.ts';
import {
  accountRegistered,
  asking,
  atSecond,
  closes,
  executed,
  holding,
  opens,
  p1,
  p2,
  receive,
  received,
  refusedAs,
  second,
  signal,
  stopped,
  strategy,
  third,
  type Said,
} from './signal-examples.fixture.ts';

const shadow = (value: 'on' | 'off') => anEvent('IntegrationPolicySet', { set: { policy: 'shadow', value } });
const began = [accountRegistered, shadow('on')];
const gold = (externalPositionId: string, side: 'buy' | 'sell' = 'buy'): ShadowTrade => ({
  ...{ externalPositionId, instrument: 'GOLD', side, volumeLots: '0.1', price: null },
});
const shadowed = (closes: ShadowTrade | null, opened: ShadowTrade | null, signalId = second): EventBody => ({
  type: 'SignalShadowed',
  data: { signalId, ...strategy, closes, opens: opened },
});
const later: Said = { signalId: third, sentAt: atSecond(55) };
const entered: Event[] = [
  ...began,
  anEvent('SignalReceived', { signal: signal() }),
  anEvent('SignalShadowed', { signalId: second, closes: null, opens: gold(p1) }),
];
const inShadow = given(accountRules(), began);
const wouldHold = given(accountRules(), entered);

describe('a signal of an integration in shadow', () => {
  it('asks nothing of the broker, and says what it would have asked', () => {
    inShadow.when(receive()).then([received(), shadowed(null, gold(p1))]);
    const exit: Said = { ...later, kind: 'close' };
    wouldHold.when(receive(exit)).then([received(exit), shadowed(gold(p1), null, third)]);
    const reopen: Said = { ...later, kind: 'reopen', side: 'sell', externalPositionId: p2 };
    wouldHold.when(receive(reopen)).then([received(reopen), shadowed(gold(p1), gold(p2, 'sell'), third)]);
  });

  it('is refused as it would be, and done where nothing would be to do', () => {
    inShadow
      .when(receive({}, { order: null }))
      .thenRefused('unknown-ticker', [received(), refusedAs('unknown-ticker')]);
    inShadow.when(receive({}, { maxAgeMs: 1 })).thenRefused('too-old', [received(), refusedAs('too-old')]);
    const exit: Said = { kind: 'close' };
    inShadow.when(receive(exit)).thenRefused('position-not-found', [received(exit), refusedAs('position-not-found')]);
    const another: Said = { ...later, externalPositionId: p2 };
    wouldHold
      .when(receive(another))
      .thenRefused('position-already-exists', [
        received(another),
        refusedAs('position-already-exists', null, 'signal', third),
      ]);
    wouldHold.when(receive(later)).then([received(later), executed(later)]);
    wouldHold.when(receive()).thenNothing();
  });

  it('is traded again once that is decided; what would have been held then is closed already', () => {
    const after = given(accountRules(), [...entered, shadow('off')]);
    const exit: Said = { ...later, kind: 'close' };
    after.when(receive(exit)).then([received(exit), executed(exit)]);
    const another: Said = { ...later, externalPositionId: p2 };
    after.when(receive(another, {}, third)).then([received(another), opens(another, third)]);
  });
});

describe('a signal of an account, or by an edge, in shadow', () => {
  const set = (isOn: boolean, edge: string | null = null) => anEvent('ShadowSet', { edge, shadow: isOn });
  const exit: Said = { ...later, kind: 'close' };
  const began = [accountRegistered, set(true)];
  const rehearsed = [
    ...began,
    anEvent('SignalReceived', { signal: signal() }),
    anEvent('SignalShadowed', { signalId: second, closes: null, opens: gold(p1) }),
  ];

  it('is rehearsed like one of an integration in shadow', () => {
    given(accountRules(), began)
      .when(receive())
      .then([received(), shadowed(null, gold(p1))]);
    given(accountRules(), [accountRegistered, set(true, 'proquant-webhook')])
      .when(receive())
      .then([received(), shadowed(null, gold(p1))]);
    given(accountRules(), [accountRegistered, set(true, 'tv-gateway')])
      .when(receive())
      .then([received(), opens()]);
    given(accountRules(), rehearsed)
      .when(receive(exit))
      .then([received(exit), shadowed(gold(p1), null, third)]);
  });

  it('closes what is really held', () => {
    given(accountRules(), [...holding, set(true)])
      .when(receive(exit))
      .then([received(exit), closes(exit)]);
  });

  it('is traded again when that is over; what would have been held is closed already', () => {
    const traded = given(accountRules(), [...rehearsed, set(false)]);
    traded.when(receive(exit)).then([received(exit), executed(exit)]);
    const another: Said = { ...later, externalPositionId: p2 };
    traded.when(receive(another, {}, third)).then([received(another), opens(another, third)]);
    given(accountRules(), [...rehearsed, set(false), ...asking.slice(1)])
      .when(receive({ ...exit, externalPositionId: p1 }))
      .thenRefused('request-in-flight');
  });
});

describe('shadow', () => {
  const begin = aCommand('SetIntegrationPolicy', { set: { policy: 'shadow', value: 'on' } });

  it('begins when nothing is held and nothing is awaited', () => {
    for (const past of [holding, asking]) given(accountRules(), past).when(begin).thenRefused('strategy-not-idle');
    given(accountRules(), stopped)
      .when(begin)
      .then([{ type: 'IntegrationPolicySet', data: begin.data }]);
    given(accountRules(), holding)
      .when(aCommand('SetIntegrationPolicy', { ...begin.data, integrationId: third }))
      .then([expect.objectContaining({ type: 'IntegrationPolicySet' })]);
  });
});
