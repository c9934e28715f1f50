import { aCommand, exampleCommandTypes, exampleSignal } from '@core/contracts/command-examples.fixture';
import type { CommandType } from '@core/contracts/command';
import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { given } from '@core/testing/given';
import fc from 'fast-check';
import { aContext, accountRules } from './examples.fixture.ts';

const bodyOf = ({ type, data }: Event): EventBody => ({ type, data }) as EventBody;
const rules = accountRules();
const moveId = exampleId(0x307e);
const expecting = accountRules(aContext({ arrivals: { [exampleAccount]: moveId } }));
const registered = anEvent('AccountRegistered');
const begun = anEvent('AccountMoveBegun');
const departed = anEvent('AccountDeparted');
const requested = anEvent('OrderRequested', { orderId: exampleId(0x0d2), kind: 'market' });
const dispatched = anEvent('RequestDispatched', { requestId: exampleId(0x0d2) });
const accepted = anEvent('OrderFilled', { orderId: exampleId(0x0d2) });
const gone = [registered, begun, departed];

describe('an account that leaves', () => {
  it('begins once, and by one move at a time', () => {
    given(rules, [registered]).when(aCommand('BeginMove')).then([begun].map(bodyOf));
    given(rules, [registered, begun]).when(aCommand('BeginMove')).thenNothing();
    given(rules, [registered, begun])
      .when(aCommand('BeginMove', { moveId: exampleId(9) }))
      .thenRefused('account-moving');
  });

  it('takes nothing new, and brings to its end what was asked', () => {
    given(rules, [registered, begun]).when(aCommand('PlaceOrder')).thenRefused('account-moving');
    const claim = aCommand('DispatchRequest', { requestId: exampleId(0x0d2) });
    given(rules, [registered, requested, begun]).when(claim).then([dispatched].map(bodyOf));
  });

  it('is halted or left to closing for all that, and not let go of either', () => {
    const leaving = given(rules, [registered, begun]);
    leaving.when(aCommand('HaltTrading')).then([anEvent('TradingHalted')].map(bodyOf));
    leaving.when(aCommand('SetCloseOnly', { closeOnly: true })).then([anEvent('CloseOnlySet')].map(bodyOf));
    leaving.when(aCommand('SetCloseOnly', { closeOnly: false })).thenRefused('account-moving');
    leaving.when(aCommand('ResumeTrading')).thenRefused('account-moving');
  });

  it('departs when nothing of it is under way any more', () => {
    for (const past of [[requested], [requested, dispatched], [anEvent('SignalReceived', { signal: exampleSignal })]])
      given(rules, [registered, ...past, begun])
        .when(aCommand('DepartAccount'))
        .thenRefused('request-in-flight');
    given(rules, [registered, requested, dispatched, begun, accepted])
      .when(aCommand('DepartAccount'))
      .then([departed].map(bodyOf));
    given(rules, [...gone])
      .when(aCommand('DepartAccount'))
      .thenNothing();
  });

  it('departs by the move that it began', () => {
    given(rules, [registered]).when(aCommand('DepartAccount')).thenRefused('unknown-move');
    given(rules, [registered, begun])
      .when(aCommand('DepartAccount', { moveId: exampleId(9) }))
      .thenRefused('unknown-move');
  });

  it.each([[[begun]], [[begun, departed]]])('stays where the move is taken back, and may leave by another', (past) => {
    const back = anEvent('AccountMoveTakenBack');
    given(rules, [registered, ...past])
      .when(aCommand('TakeBackMove'))
      .then([back].map(bodyOf));
    given(rules, [registered, ...past, back])
      .when(aCommand('TakeBackMove'))
      .thenNothing();
    given(rules, [registered, ...past, back])
      .when(aCommand('BeginMove', { moveId: exampleId(9) }))
      .then([anEvent('AccountMoveBegun', { moveId: exampleId(9) })].map(bodyOf));
    given(rules, [registered, ...past, back])
      .when(aCommand('BeginMove'))
      .thenRefused('unknown-move');
  });
});

describe('an account that is not here', () => {
  const others = (...types: readonly CommandType[]) =>
    fc.constantFrom(...exampleCommandTypes.filter((type) => !types.includes(type)));

  it('is asked nothing after it departed, but to stay after all', () => {
    fc.assert(
      fc.property(others('DepartAccount', 'TakeBackMove', 'ExpectArrival'), (type) => {
        given(rules, [...gone])
          .when(aCommand(type))
          .thenRefused('account-moving');
      }),
    );
  });

  it('is asked nothing while its past is expected, but to be given it and to arrive', () => {
    fc.assert(
      fc.property(
        others('ImportEvents', 'ArriveAccount', 'ExpectArrival'),
        fc.constantFrom([], [registered], gone),
        (type, past) => {
          const known = past.length > 0 || type === 'RegisterAccount';
          given(expecting, [...past])
            .when(aCommand(type))
            .thenRefused(known ? 'account-moving' : 'unknown-account');
        },
      ),
    );
  });

  it('is given its past by the move that is expected, as long as it fits', () => {
    given(expecting, []).when(aCommand('ImportEvents')).thenNothing();
    given(rules, []).when(aCommand('ImportEvents')).thenRefused('unknown-move');
    given(expecting, [registered])
      .when(aCommand('ImportEvents', { moveId: exampleId(9) }))
      .thenRefused('unknown-move');
    const unfit = accountRules(aContext({ arrivals: { [exampleAccount]: moveId }, whyUnfit: () => 'a hole' }));
    given(unfit, []).when(aCommand('ImportEvents')).thenRefused('import-unfit');
  });

  it('arrives once all of it is there, in the log that expects it alone', () => {
    given(expecting, [...gone])
      .when(aCommand('ArriveAccount'))
      .then([anEvent('AccountArrived')].map(bodyOf));
    given(expecting, [registered, begun]).when(aCommand('ArriveAccount')).thenRefused('unknown-move');
    given(rules, [...gone])
      .when(aCommand('ArriveAccount'))
      .thenRefused('account-moving');
    given(expecting, [...gone, anEvent('AccountArrived')])
      .when(aCommand('ArriveAccount'))
      .thenNothing();
    given(rules, [...gone, anEvent('AccountArrived')])
      .when(aCommand('CancelOrder'))
      .thenRefused('unknown-order');
  });
});

describe('an arrival', () => {
  const expected = anEvent('ArrivalExpected', {}, { subject: SYSTEM_ACCOUNT });
  const expectation = (data = {}) => aCommand('ExpectArrival', data, { subject: SYSTEM_ACCOUNT });

  it('is expected until that is taken back, by the latest move of the account', () => {
    const later = { moveId: exampleId(9) };
    given(rules, []).when(expectation()).then([expected].map(bodyOf));
    given(rules, [expected]).when(expectation()).thenNothing();
    given(rules, [expected])
      .when(expectation(later))
      .then([bodyOf(anEvent('ArrivalExpected', later))]);
    given(rules, [expected])
      .when(expectation({ ...later, expected: false }))
      .thenNothing();
    const over = anEvent('ArrivalExpected', { expected: false }, { subject: SYSTEM_ACCOUNT });
    given(rules, [expected])
      .when(expectation({ expected: false }))
      .then([bodyOf(over)]);
    given(rules, [expected, over])
      .when(expectation({ expected: false }))
      .thenNothing();
  });
});
