import type { Command } from 'commander';
import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

describe('the operator’s program', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [['accounts', 'disable', '10001', '10002', '--note', 'x'], 'disable'],
    [['state', '10001', '10002'], 'state'],
    [['log', 'verify', 'all'], 'verify'],
    [['accounts', 'lsit'], 'list'],
  ])('does nothing of %j, which names too much', async (args, name) => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    expect(await run(operatorProgram(), [...args, '--data', '/nowhere'])).toBe(2);
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining(`too many arguments for '${name}'`)]);
  });

  it.each(verbs(operatorProgram()))('%s asks who and why where it changes something', (name, verb) => {
    const options = verb.options.map(({ long }) => long ?? '');
    const asked = ['--note', '--operator', '--dry-run', '--yes'].filter((each) => options.includes(each));
    expect([name, asked]).toEqual([name, READING.has(name) ? [] : ['--note', '--operator', '--dry-run', '--yes']]);
  });
});

/**
 * Verbs that look and change nothing: what is not one of them asks for consent. `import` makes a log of what an archive
 * says, word for word and with no ledger there, so that nothing can be added to it; `replay` does so in a sandbox.
 */
const READING: ReadonlySet<string> = new Set([
  ...['cells list', 'cells moves'],
  ...['log tail', 'log export', 'log show', 'log verify', 'log checkpoints', 'log key', 'log bundle', 'verify'],
  ...[
    'state',
    'diff',
    'shadow',
    'why',
    'doctor',
    'console',
    'export',
    'archive',
    'import',
    'capsule',
    'replay',
    'completion',
  ],
  ...['status', 'audit', 'operators list'],
  ...['market quotes', 'market depth', 'market instruments', 'market hours', 'market candles', 'market bars'],
  ...[
    'accounts list',
    'traders list',
    'keys list',
    'keys show',
    'integrations list',
    'integrations show',
    'integrations policy show',
    'oauth clients list',
  ],
  ...['signals list', 'signals dead', 'signals show', 'data clients list', 'data groups list', 'limits list'],
  ...['slippage list', 'orders stuck', 'sessions', 'reconcile', 'quarantine list', 'quarantine show'],
  ...['projections list', 'projections history', 'projections diff', 'projections stepper'],
]);

function verbs({ commands }: Command, path: readonly string[] = []): [name: string, verb: Command][] {
  return commands.flatMap((each) => {
    const name = [...path, each.name()];
    return each.commands.length > 0 ? verbs(each, name) : [[name.join(' '), each] as [string, Command]];
  });
}
