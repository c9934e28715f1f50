import { spawnSync } from 'node:child_process';
import { exampleEndpoints } from '../start/endpoints.fixture.ts';
import { shellVariables } from './shell-variables.ts';

it('a shell reads each value as it is, whatever stands in it', () => {
  const password = `it's "$HOME" \\ \`date\``;
  const script = shellVariables(
    { ...exampleEndpoints, tvGateway: { ...exampleEndpoints.tvGateway, password } },
    'a',
    7,
  );
  const { stdout } = spawnSync('sh', ['-c', `${script}printf '%s\\n' "$PASSWORD" "$SIGNAL"`], { encoding: 'utf8' });
  const [shown, signal = ''] = stdout.split('\n');
  expect(shown).toBe(password);
  expect(JSON.parse(signal)).toMatchObject({ v1: { event: { timestamp: 7, type: 'SIGNAL_OPEN' } } });
});
