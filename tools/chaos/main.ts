import { Command } from 'commander';
import { basename, relative } from 'node:path';
import { ROOT } from '../check/command.ts';
import { sources } from '../check/sources.ts';
import { runJest } from '../test/jest.ts';
import { withServers } from '../test/servers.ts';

const ENDING = '.kills.int.spec.ts';
const TIMEOUT_MS = 7_200_000;

interface Options {
  readonly kills: number;
  readonly of: string;
}

/** The same specs as `npm test` runs, with more kills: one after the other, for they need the whole machine. */
async function killAll({ kills, of }: Options): Promise<void> {
  const specs = sources(ENDING).filter((file) => basename(file, ENDING).includes(of));
  if (specs.length === 0) throw new Error(`nothing that is killed is called ${of}`);
  await withServers(async (servers) => {
    const env = { ...servers, KILLS: String(kills) };
    for (const file of specs) await killOne(relative(ROOT, file), env);
  });
}

async function killOne(name: string, env: Readonly<Record<string, string>>): Promise<void> {
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
  if (!isWell) process.exitCode = 1;
}

new Command('chaos')
  .description('kill -9 of real processes under load; nothing may be lost, nothing told or done twice')
  .option('--kills <count>', 'of each', Number, 100)
  .option('--of <name>', 'only where the spec is called so', '')
  .action(killAll)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
