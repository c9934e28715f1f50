import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

describe('the operator’s program', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [['accounts', 'disable', '10001', '10002'], 'disable'],
    [['state', '10001', '10002'], 'state'],
    [['log', 'verify', 'all'], 'verify'],
    [['accounts', 'lsit'], 'list'],
  ])('does nothing of %j, which names too much', async (args, name) => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    expect(await run(operatorProgram(), [...args, '--data', '/nowhere'])).toBe(2);
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining(`too many arguments for '${name}'`)]);
  });
});
