import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { given } from '@core/testing/given';
import { accountRules } from './examples.fixture.ts';
import {
  atSecond,
  closes,
  holding,
  opens,
  receive,
  received,
  refusedAs,
  accountRegistered,
  strategy,
} from './signal-examples.fixture.ts';

const whenNothingIsHeld = given(accountRules(), [accountRegistered]);

describe('a signal of an integration that its user withdrew', () => {
  it.each(['IntegrationRejected', 'IntegrationDeleted'] as const)(
    'is refused after %s, except to close what was said before',
    (type) => {
      const withdrawn = [...holding, anEvent(type, {}, { time: atSecond(40) })];
      for (const kind of ['open', 'reopen', 'close'] as const) {
        given(accountRules(), withdrawn)
          .when(receive({ kind }))
          .thenRefused('integration-withdrawn', [received({ kind }), refusedAs('integration-withdrawn')]);
      }
      const before = { kind: 'close', sentAt: atSecond(40) } as const;
      given(accountRules(), withdrawn)
        .when(receive(before))
        .then([received(before), closes(before)]);
      const opening = { sentAt: atSecond(40) };
      given(accountRules(), withdrawn)
        .when(receive(opening))
        .thenRefused('integration-withdrawn', [received(opening), refusedAs('integration-withdrawn')]);
    },
  );

  it('is taken once it is approved again', () => {
    const history = [accountRegistered, anEvent('IntegrationDeleted'), anEvent('IntegrationApproved')];
    given(accountRules(), history).when(receive()).then([received(), opens()]);
  });
});

describe('words about integrations and strategies', () => {
  const { integrationId } = strategy;

  it.each([
    ['approved', 'IntegrationApproved'],
    ['rejected', 'IntegrationRejected'],
    ['deleted', 'IntegrationDeleted'],
  ] as const)('an integration is %s once', (what, type) => {
    const command = aCommand('RecordIntegration', { what });
    whenNothingIsHeld.when(command).then([{ type, data: { integrationId } }]);
    given(accountRules(), [accountRegistered, anEvent(type)])
      .when(command)
      .thenNothing();
    const other = what === 'approved' ? 'IntegrationDeleted' : 'IntegrationApproved';
    given(accountRules(), [accountRegistered, anEvent(type), anEvent(other)])
      .when(command)
      .then([{ type, data: { integrationId } }]);
  });

  it.each([
    [true, 'StrategyEnabled', 'StrategyDisabled'],
    [false, 'StrategyDisabled', 'StrategyEnabled'],
  ] as const)('a strategy that is enabled: %s, under its name, is said so once', (enabled, type, opposite) => {
    const command = aCommand('RecordStrategy', { enabled });
    const data = { ...strategy, name: 'Gold High-Risk' };
    whenNothingIsHeld.when(command).then([{ type, data }]);
    given(accountRules(), [accountRegistered, anEvent(type)])
      .when(command)
      .thenNothing();
    given(accountRules(), [accountRegistered, anEvent(opposite)])
      .when(command)
      .then([{ type, data }]);
    given(accountRules(), [accountRegistered, anEvent(type, { name: 'Other' })])
      .when(command)
      .then([{ type, data }]);
  });

  it('a disabled strategy is still heard', () => {
    given(accountRules(), [accountRegistered, anEvent('StrategyDisabled')])
      .when(receive())
      .then([received(), opens()]);
  });
});
