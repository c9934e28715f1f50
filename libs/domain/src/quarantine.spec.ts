import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { given } from '@core/testing/given';
import { accountRules, aContext } from './examples.fixture.ts';

const skip = aCommand('SkipMessage', {}, { subject: SYSTEM_ACCOUNT });
const [waiting, skipped] = [anEvent('MessageQuarantined'), anEvent('MessageSkipped')];

describe('a message that was set aside', () => {
  it('is put away once, by an operator who says why', () => {
    given(accountRules(), [waiting])
      .when(skip)
      .then([{ type: 'MessageSkipped', data: skip.data }]);
    given(accountRules(), [waiting, skipped]).when(skip).thenNothing();
    given(accountRules(), []).when(skip).thenRefused('unknown-message');
  });

  it('is recorded after all where this build reads it, as it came or as it should have come', () => {
    const release = aCommand('ReleaseMessage', {}, { subject: SYSTEM_ACCOUNT });
    const replace = aCommand('ReplaceMessage', { body: '{"id":1}' }, { subject: SYSTEM_ACCOUNT });
    const eventIds = [exampleId(0xfac7)];
    const readable = accountRules(aContext({ handedIn: () => ({ ok: true, eventIds }) }));
    given(readable, [waiting])
      .when(release)
      .then([{ type: 'MessageReleased', data: release.data }]);
    const { body: _body, ...decision } = replace.data;
    given(readable, [waiting])
      .when(replace)
      .then([{ type: 'MessageReplaced', data: { ...decision, eventIds } }]);
    const unreadable = accountRules(aContext({ handedIn: () => ({ ok: false, why: 'not JSON' }) }));
    const gone = accountRules();
    for (const command of [release, replace]) {
      given(unreadable, [waiting]).when(command).thenRefused('message-unreadable');
      given(gone, [waiting]).when(command).thenRefused('unknown-message');
      given(readable, []).when(command).thenRefused('unknown-message');
      for (const settled of ['MessageSkipped', 'MessageReleased', 'MessageReplaced'] as const)
        given(readable, [waiting, anEvent(settled)])
          .when(command)
          .thenNothing();
    }
  });

  it('belongs to the whole installation', () => {
    given(accountRules(), [anEvent('AccountRegistered')])
      .when(aCommand('SkipMessage'))
      .thenRefused('unknown-message');
  });
});
