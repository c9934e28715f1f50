import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { given } from '@core/testing/given';
import { accountRules } from './examples.fixture.ts';

const act = aCommand('RecordAct', {}, { subject: SYSTEM_ACCOUNT });

describe('what an operator did', () => {
  it('is told once, however often it is told', () => {
    given(accountRules(), [])
      .when(act)
      .then([{ type: 'OperatorActed', data: act.data }]);
    given(accountRules(), [anEvent('OperatorActed')])
      .when(act)
      .thenNothing();
    given(accountRules(), [anEvent('OperatorActed', { actId: exampleId(0xac2) })])
      .when(act)
      .then([{ type: 'OperatorActed', data: act.data }]);
  });

  it('is the whole installation’s', () => {
    given(accountRules(), []).when(aCommand('RecordAct')).thenRefused('unknown-account');
  });
});
