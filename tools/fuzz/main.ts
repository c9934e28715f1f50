import { Command } from 'commander';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { ROOT } from '../check/command.ts';
import { sources } from '../check/sources.ts';
import { runJest, type Suite } from '../test/jest.ts';
import { withServers } from '../test/servers.ts';

const ENDINGS = { spec: '.fuzz.spec.ts', int: '.fuzz.int.spec.ts' } as const;
const TIMEOUT_MS = 3_600_000;

interface Options {
  readonly inputs: number;
  readonly seed: number;
  readonly boundary: string;
}

/** The same specs as `npm test` runs, with more inputs: one boundary after the other, each with its share. */
async function fuzzAll({ inputs, seed, boundary }: Options): Promise<void> {
  const named = (ending: string): readonly string[] =>
    sources(ending).filter((file) => basename(file, ending).includes(boundary));
  const [pure, onServers] = [named(ENDINGS.spec), named(ENDINGS.int)];
  const boundaries = pure.length + onServers.length;
  if (boundaries === 0) throw new Error(`no boundary is called ${boundary}`);
  const amount = { FUZZ_INPUTS: String(inputs), FUZZ_SEED: String(seed) };
  let total = 0;
  for (const file of pure) total += await fuzzOne('spec', file, amount);
  if (onServers.length > 0)
    await withServers(async (servers) => {
      for (const file of onServers) total += await fuzzOne('int', file, { ...amount, ...servers });
    });
  console.log(`${total} inputs into ${boundaries} boundaries, seed ${seed}`);
}

/** Says how the boundary did, and how many inputs it took. */
async function fuzzOne(suite: Suite, file: string, env: Readonly<Record<string, string>>): Promise<number> {
  const name = relative(ROOT, file);
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const tally = join(folder, 'tally');
  const startedMs = performance.now();
  const { passed, failed, problems } = await runJest(
    suite,
    ['--runInBand', `--testTimeout=${TIMEOUT_MS}`, '--runTestsByPath', name],
    { env: { ...env, FUZZ_TALLY: tally }, timeoutMs: TIMEOUT_MS },
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  const taken = sumOf(tally);
  rmSync(folder, { recursive: true, force: true });
  const isWell = failed === 0 && passed > 0 && taken > 0;
  console.log(`${isWell ? 'lived ' : 'FAILED'} ${name}: ${taken} inputs, ${Math.round(taken / seconds)} a second`);
  for (const problem of problems) console.log(problem);
  if (!isWell) process.exitCode = 1;
  return taken;
}

/** Nothing where no boundary of the file came to its end. */
function sumOf(tally: string): number {
  if (!existsSync(tally)) return 0;
  const lines = readFileSync(tally, 'utf8').trimEnd().split('\n');
  return lines.reduce((total, line) => total + Number(line), 0);
}

new Command('fuzz')
  .description('hostile inputs into every boundary; a failure names boundary, seed and input')
  .option('--inputs <count>', 'into each boundary; one that takes long gets its share of them', Number, 75_000)
  .option('--seed <number>', 'the same seed makes the same inputs', Number, 7)
  .option('--boundary <name>', 'only boundaries whose spec is called so', '')
  .action(fuzzAll)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
