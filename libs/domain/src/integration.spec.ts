import { aCommand, exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { given } from '@core/testing/given';
import { aContext, accountRules } from './examples.fixture.ts';
import {
  atSecond,
  closes,
  executed,
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

  it.each([
    ['IntegrationApproved', aCommand('RecordIntegration', { what: 'deleted', sentAt: atSecond(39) })],
    ['IntegrationDeleted', aCommand('RecordIntegration', { what: 'approved', sentAt: atSecond(39) })],
    ['IntegrationDeleted', aCommand('RecordIntegration', { what: 'deleted', sentAt: atSecond(40) })],
    ['StrategyEnabled', aCommand('RecordStrategy', { enabled: false, sentAt: atSecond(39) })],
    ['StrategyDisabled', aCommand('RecordStrategy', { enabled: true, sentAt: atSecond(39) })],
    ['StrategyDisabled', aCommand('RecordStrategy', { enabled: false, sentAt: atSecond(40) })],
  ] as const)('after %s change nothing where they were said before it', (type, command) => {
    given(accountRules(), [accountRegistered, anEvent(type, { sentAt: atSecond(40) })])
      .when(command)
      .thenNothing();
  });

  it('said again later count from then: what was said in between comes too late', () => {
    const again = aCommand('RecordIntegration', { what: 'approved', sentAt: atSecond(45) });
    const approved = anEvent('IntegrationApproved', { sentAt: atSecond(40) });
    const reapproved = { type: 'IntegrationApproved', data: { integrationId, sentAt: atSecond(45) } } as const;
    given(accountRules(), [accountRegistered, approved]).when(again).then([reapproved]);
    given(accountRules(), [accountRegistered, approved, anEvent(reapproved.type, reapproved.data)])
      .when(aCommand('RecordIntegration', { what: 'deleted', sentAt: atSecond(44) }))
      .thenNothing();
  });

  it('say it once, however far their sender’s clock runs ahead, and do not jam what follows', () => {
    const sentAt = '2199-01-01T00:00:00.000000Z';
    const ahead = anEvent('IntegrationDeleted', { sentAt });
    given(accountRules(), [accountRegistered, ahead])
      .when(aCommand('RecordIntegration', { what: 'deleted', sentAt }))
      .thenNothing();
    const after = instantFromMs(toMs(exampleNow) + 61_000);
    given(accountRules(aContext({ now: after })), [accountRegistered, ahead])
      .when(aCommand('RecordIntegration', { what: 'approved', sentAt: after }))
      .then([{ type: 'IntegrationApproved', data: { integrationId, sentAt: after } }]);
  });

  it('overtake an older signal of the strategy to open; what it holds may still be closed', () => {
    const disabled = anEvent('StrategyDisabled', { sentAt: atSecond(50) });
    const older = { sentAt: atSecond(49) };
    for (const kind of ['open', 'reopen'] as const)
      given(accountRules(), [accountRegistered, disabled])
        .when(receive({ kind, ...older }))
        .then([received({ kind, ...older }), executed({ kind, ...older })]);
    given(accountRules(), [...holding, disabled])
      .when(receive({ kind: 'close', ...older }))
      .then([received({ kind: 'close', ...older }), closes({ kind: 'close', ...older })]);
  });

  it('a disabled strategy is still heard', () => {
    given(accountRules(), [accountRegistered, anEvent('StrategyDisabled')])
      .when(receive())
      .then([received(), opens()]);
  });
});
