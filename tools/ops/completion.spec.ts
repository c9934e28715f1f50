import type { Command } from 'commander';
import { spawnSync } from 'node:child_process';
import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

const program = operatorProgram();

async function scriptFor(shell: string): Promise<string> {
  const said = jest.spyOn(console, 'log').mockReturnValue();
  expect(await run(operatorProgram(), ['completion', shell])).toBe(0);
  const [[script] = []] = said.mock.calls as string[][];
  said.mockRestore();
  return script ?? '';
}

/** What bash offers after each of these beginnings, in one go. */
function offered(script: string, beginnings: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const asked = beginnings.map((words) => {
    const said = ['ops', ...words].map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${said}); COMP_CWORD=${words.length}; _ops_complete; echo "\${COMPREPLY[*]}"`;
  });
  const { stdout, stderr } = spawnSync('bash', ['-c', [script, ...asked].join('\n')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').filter(Boolean));
}

function everyVerb(
  { commands }: Command,
  path: readonly string[] = [],
): readonly (readonly [readonly string[], Command])[] {
  return commands.flatMap((each) => {
    const here = [...path, each.name()];
    return [[here, each] as const, ...everyVerb(each, here)];
  });
}

describe('completion', () => {
  it('offers in bash what each verb holds and takes', async () => {
    const verbs = everyVerb(program);
    const offers = offered(await scriptFor('bash'), [[''], ...verbs.map(([path]) => [...path, ''])]);
    expect(offers[0]).toEqual(expect.arrayContaining([...program.commands.map((each) => each.name()), '--data']));
    for (const [index, [path, verb]] of verbs.entries()) {
      const held = [...verb.commands.map((each) => each.name()), ...verb.options.map(({ long }) => long ?? '')];
      expect([path, offers[index + 1]]).toEqual([path, expect.arrayContaining([...held, '--json'])]);
    }
  });

  it('goes on with what was begun, past options and their values', async () => {
    const [begun, past] = offered(await scriptFor('bash'), [['accou'], ['--data', '.data', 'log', '--json', 'ta']]);
    expect([begun, past]).toEqual([['accounts'], ['tail']]);
  });

  it('says the same in zsh and fish', async () => {
    expect(await scriptFor('zsh')).toContain(await scriptFor('bash'));
    const fish = await scriptFor('fish');
    for (const [path, verb] of everyVerb(program)) {
      const above = path.slice(0, -1).join(' ');
      expect(fish).toContain(`complete -c ops -n "__ops_at '${above}'" -a ${verb.name()} -d`);
      for (const { long } of verb.options)
        expect(fish).toContain(`complete -c ops -n "__ops_at '${path.join(' ')}'" -l ${long?.slice(2)} -d`);
    }
  });
});
