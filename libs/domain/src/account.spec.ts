import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { given } from '@core/testing/given';
import { accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const register = aCommand('RegisterAccount');

describe('registering an account', () => {
  it('happens once', () => {
    given(accountRules(), [])
      .when(register)
      .then([{ type: 'AccountRegistered', data: register.data }]);
    given(accountRules(), [registered]).when(register).thenNothing();
  });

  it.each([{ traderId: exampleId(1) }, { venue: 'other' }, { mode: 'live' }] as const)(
    'is refused for one that is registered otherwise: %j',
    (data) => {
      given(accountRules(), [registered])
        .when(aCommand('RegisterAccount', data))
        .thenRefused('account-already-registered');
    },
  );

  it('may come after facts about the account', () => {
    const updated = anEvent('AccountUpdated');
    given(accountRules(), [updated])
      .when(register)
      .then([{ type: 'AccountRegistered', data: register.data }]);
  });

  it('does not make an account of the whole system', () => {
    given(accountRules(), [])
      .when(aCommand('RegisterAccount', {}, { subject: SYSTEM_ACCOUNT }))
      .thenRefused('malformed');
  });
});

describe('an account that nobody registered', () => {
  it.each([
    'PlaceOrder',
    'Amend',
    'CancelOrder',
    'ClosePosition',
    'DispatchRequest',
    'RecordIntegration',
    'RecordStrategy',
    'ReceiveSignal',
    'ContinueSignal',
    'SettleSignal',
    'HaltTrading',
    'ResumeTrading',
    'SetCloseOnly',
    'ResolveRequest',
  ] as const)('refuses %s', (type) => {
    given(accountRules(), []).when(aCommand(type)).thenRefused('unknown-account');
  });
});
