import { Command } from 'commander';
import { basename, relative } from 'node:path';
import { ROOT } from '../check/command.ts';
import { sources } from '../check/sources.ts';
import { runJest } from '../test/jest.ts';

const ENDING = '.fuzz.spec.ts';
const TIMEOUT_MS = 3_600_000;

interface Options {
  readonly inputs: number;
  readonly seed: number;
  readonly boundary: string;
}

/** The same specs as `npm test` runs, with more inputs: one boundary after the other, each with its share. */
async function fuzzAll({ inputs, seed, boundary }: Options): Promise<void> {
  const files = sources(ENDING).filter((file) => basename(file, ENDING).includes(boundary));
  if (files.length === 0) throw new Error(`no boundary is called ${boundary}`);
  const each = Math.ceil(inputs / files.length);
  const env = { FUZZ_INPUTS: String(each), FUZZ_SEED: String(seed) };
  for (const file of files) {
    const name = relative(ROOT, file);
    const startedMs = performance.now();
    const args = ['--runInBand', `--testTimeout=${TIMEOUT_MS}`, '--runTestsByPath', name];
    const { passed, failed, problems } = await runJest('spec', args, { env, timeoutMs: TIMEOUT_MS });
    const seconds = (performance.now() - startedMs) / 1_000;
    const isWell = failed === 0 && passed > 0;
    console.log(`${isWell ? 'lived ' : 'FAILED'} ${name}: ${each} inputs, ${Math.round(each / seconds)} a second`);
    for (const problem of problems) console.log(problem);
    if (!isWell) process.exitCode = 1;
  }
}

new Command('fuzz')
  .description('hostile inputs into every boundary; a failure names boundary, seed and input')
  .option('--inputs <count>', 'over all boundaries', Number, 1_000_000)
  .option('--seed <number>', 'the same seed makes the same inputs', Number, 7)
  .option('--boundary <name>', 'only boundaries whose spec is called so', '')
  .action(fuzzAll)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
