import { basename, relative } from 'node:path';
import { ROOT } from '../check/command.ts';
import { sources } from '../check/sources.ts';
import { runJest } from '../test/jest.ts';
import { withServers } from '../test/servers.ts';

const ENDING = '.kills.int.spec.ts';
const TIMEOUT_MS = 7_200_000;

/** The same specs as `npm test` runs, with more kills: one after the other, for they need the whole machine. */
export async function runKillSpecs(of: string, kills: number): Promise<boolean> {
  const specs = sources(ENDING).filter((file) => of === 'all' || basename(file, ENDING).includes(of));
  if (specs.length === 0) throw new Error(`nothing that is killed is called ${of}`);
  return withServers(async (servers) => {
    let held = true;
    for (const file of specs) held = (await runOne(relative(ROOT, file), { ...servers, KILLS: String(kills) })) && held;
    return held;
  });
}

async function runOne(name: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const startedMs = performance.now();
  const { passed, failed, problems } = await runJest(
    'int',
    ['--runInBand', `--testTimeout=${TIMEOUT_MS}`, '--runTestsByPath', name],
    { env, timeoutMs: TIMEOUT_MS },
  );
  const isWell = failed === 0 && passed > 0;
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  console.log(`${isWell ? 'held  ' : 'FAILED'} ${name}: ${env.KILLS} kills, ${seconds} s`);
  for (const problem of problems) console.log(problem);
  return isWell;
}
