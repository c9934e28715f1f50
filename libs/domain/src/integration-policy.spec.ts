import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import type { IntegrationPolicy } from '@core/contracts/integration-policy';
import { given } from '@core/testing/given';
import { accountRules } from './examples.fixture.ts';
import {
  accountRegistered,
  atSecond,
  closeId,
  closes,
  executed,
  holding,
  inDoubt,
  nextId,
  opens,
  origin,
  p2,
  positionId,
  receive,
  received,
  refusedAs,
  second,
  signal,
  stopped,
  third,
} from './signal-examples.fixture.ts';

const decided = (set: IntegrationPolicy) => anEvent('IntegrationPolicySet', { set });

describe('a policy of an integration', () => {
  const set = aCommand('SetIntegrationPolicy', { set: { policy: 'on_disable', value: 'close' } });
  const back = aCommand('SetIntegrationPolicy', { set: { policy: 'on_disable', value: 'leave_open' } });
  const event = { type: 'IntegrationPolicySet', data: set.data } as const;

  it('is decided once, until something else is, and of that integration alone', () => {
    given(accountRules(), [accountRegistered]).when(set).then([event]);
    given(accountRules(), [accountRegistered]).when(back).thenNothing();
    const after = [accountRegistered, decided(set.data.set)];
    given(accountRules(), after).when(set).thenNothing();
    given(accountRules(), after)
      .when(back)
      .then([{ type: 'IntegrationPolicySet', data: back.data }]);
    const another = aCommand('SetIntegrationPolicy', { ...set.data, integrationId: nextId });
    given(accountRules(), after)
      .when(another)
      .then([{ type: 'IntegrationPolicySet', data: another.data }]);
  });
});

describe('an entry that finds another position of its strategy', () => {
  const another = { kind: 'open', side: 'sell', externalPositionId: p2 } as const;
  const taking = [...holding, decided({ policy: 'missed_close_policy', value: 'close_then_open' })];
  const taken = given(accountRules(), taking);

  it('is refused until someone decides otherwise', () => {
    given(accountRules(), holding)
      .when(receive(another))
      .thenRefused('position-already-exists', [received(another), refusedAs('position-already-exists')]);
  });

  it('closes that one first, and then opens, as a reopen does', () => {
    taken.when(receive(another)).then([received(another), closes(another)]);
    const closed = [
      ...taking,
      anEvent('SignalReceived', { signal: signal(another) }),
      anEvent('CloseRequested', { requestId: closeId, positionId, signal: origin(signal(another)) }),
      anEvent('RequestDispatched', { kind: 'close', requestId: closeId }),
      anEvent('RequestAccepted', { kind: 'close', requestId: closeId }),
      anEvent('PositionClosed', { positionId }),
    ];
    const goOn = aCommand('ContinueSignal', { signalId: second }, { commandid: third });
    given(accountRules(), closed)
      .when(goOn)
      .then([opens(another, third)]);
  });

  it('closes nothing where it is too late, or cannot be opened, and waits for one that is on its way', () => {
    taken.when(receive(another, { maxAgeMs: 1 })).thenRefused('too-old', [received(another), refusedAs('too-old')]);
    taken
      .when(receive(another, { order: null }))
      .thenRefused('unknown-ticker', [received(another), refusedAs('unknown-ticker')]);
    const opening = [...inDoubt, decided({ policy: 'missed_close_policy', value: 'close_then_open' })];
    given(accountRules(), opening).when(receive(another)).thenRefused('request-in-flight');
  });
});

describe('an exit of what is closed already', () => {
  const exit = { kind: 'close', sentAt: atSecond(50) } as const;

  it('is done, unless someone wants the letter of the guide', () => {
    given(accountRules(), stopped)
      .when(receive(exit))
      .then([received(exit), executed(exit)]);
    given(accountRules(), [...stopped, decided({ policy: 'strict_position_not_found', value: 'on' })])
      .when(receive(exit))
      .thenRefused('position-not-found', [received(exit), refusedAs('position-not-found')]);
  });
});
