import { stale } from '../generate/generate.ts';
import { runJest, type TestRun } from '../test/jest.ts';
import { CANARIES, uncaughtCanaries } from './canaries.ts';
import { circles } from './circles.ts';
import { runPackage } from './command.ts';
import { namesDefinedTwice } from './exported-names.ts';
import { strayNames } from './flows.ts';
import { deadLinks, deadNames, missingAppLines } from './markdown.ts';
import { drawers, longWithoutReason, sources } from './sources.ts';
import type { CheckStep } from './step.ts';

const FORMAT_CACHE = ['--cache', '--cache-location', 'node_modules/.cache/prettier-check', '--log-level', 'warn'];

/** Everything that needs no server. Steps of one lane follow each other; lanes run side by side, specs after them. */
export const checkLanes = (): readonly (readonly CheckStep[])[] => [
  // Through nx, which keeps the graph of projects that the boundary rule reads; the canaries follow for that reason.
  [
    {
      name: 'lint and layers',
      run: () => program('nx/dist/bin/nx.js', ['run', 'workspace:lint'], { NX_DAEMON: 'false' }),
    },
    { name: 'canaries are caught', run: uncaughtCanaries },
  ],
  [
    { name: 'house rules', run: async () => [...houseRules(), ...missingAppLines(sources('.md'))] },
    {
      name: 'links in Markdown',
      run: async () => [deadLinks, deadNames, strayNames].flatMap((find) => [...find(sources('.md'))]),
    },
    { name: 'generated documents', run: stale },
    { name: 'dead code', run: () => program('knip/bin/knip.js', ['--no-progress']) },
    { name: 'types and promises', run: () => program('oxlint/bin/oxlint', ['--ignore-pattern', CANARIES]) },
    { name: 'format', run: () => program('prettier/bin/prettier.cjs', [...FORMAT_CACHE, '--check', '.']) },
  ],
];

/** The pure specs; `counted` takes how many there were. */
export const specs = (counted: (run: TestRun) => void): CheckStep => ({
  name: 'specs',
  run: async () => {
    // Nothing runs beside them any more.
    const run = await runJest('spec', ['--maxWorkers=100%']);
    counted(run);
    return run.failed === 0 ? [] : [`${run.failed} failed`, ...run.problems];
  },
});

function houseRules(): readonly string[] {
  const files = sources('.ts');
  return [...longWithoutReason(files), ...drawers(files), ...circles(files), ...namesDefinedTwice(files)];
}

async function program(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { code, output } = await runPackage(script, args, { env: { FORCE_COLOR: '0', ...env } });
  return code === 0 ? [] : [output.trim()];
}
