import { Command, InvalidArgumentError } from 'commander';
import { randomInt } from 'node:crypto';
import { FaultClock, HOW_TO_GET_FAKETIME } from './faults/fault-clock.ts';
import { runKillSpecs } from './kill-specs.ts';
import { hasFailed, repeatLine, runReport, type RunResult } from './run/run-report.ts';
import { seededRun } from './run/seeded-run.ts';
import { endWithWhoeverStarted } from '../start/parent.ts';
import { FAULT_NAMES, type FaultKindName } from './schedule/fault-kinds.ts';

endWithWhoeverStarted();

const SEED_MAX = 1_000_000;

interface Options {
  readonly seed: number;
  readonly seconds: number;
  readonly runs: number;
  readonly faults: readonly FaultKindName[];
  readonly standby: boolean;
  readonly of?: string;
  readonly kills: number;
}

const say = (line: string): void => console.log(line);

async function chaos({ of, kills, ...options }: Options): Promise<boolean> {
  return of === undefined ? runSeeds(options) : runKillSpecs(of, kills);
}

/** Runs of seeds that follow each other; whether all of them held. */
async function runSeeds(options: Omit<Options, 'of' | 'kills'>): Promise<boolean> {
  const { seed: first, seconds, runs, standby: hasStandby } = options;
  const kinds = options.faults.filter((kind) => kind !== 'clock' || FaultClock.isHere());
  if (kinds.length < options.faults.length)
    say(`clock is left out: there is no libfaketime here (${HOW_TO_GET_FAKETIME})`);
  const results: RunResult[] = [];
  for (let run = 0; run < runs; run += 1) {
    const seed = first + run;
    say(`seed ${seed}: ${seconds} s of faults`);
    const result = await seededRun({ seed, seconds, kinds, hasStandby, say });
    results.push(result);
    if (hasFailed([result])) say(`again: ${repeatLine(result, seconds)}`);
  }
  runReport(results).forEach(say);
  return !hasFailed(results);
}

function faultNames(text: string): FaultKindName[] {
  const names = text.split(',');
  const known = FAULT_NAMES.filter((name) => names.includes(name));
  if (known.length === names.length) return known;
  throw new InvalidArgumentError(`say some of ${FAULT_NAMES.join(', ')}`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('say a whole number');
}

new Command('chaos')
  .description(
    'faults of every kind in the running product, under load; nothing may be lost, told or done twice, or stuck',
  )
  .option('--seed <number>', 'the same seed makes the same faults', wholeNumber, randomInt(SEED_MAX))
  .option('--seconds <count>', 'for so long faults come', wholeNumber, 40)
  .option('--runs <count>', 'each of the next seed', wholeNumber, 1)
  .option('--faults <kinds>', `some of ${FAULT_NAMES.join(',')}`, faultNames, [...FAULT_NAMES])
  .option('--standby', 'with a second ledger that stands by', false)
  .option('--of <name>', 'instead the specs that kill, those called so, or all')
  .option('--kills <count>', 'of each of those', wholeNumber, 100)
  .action(async (options: Options) => {
    if (!(await chaos(options))) process.exitCode = 1;
  })
  .parseAsync()
  .then(
    () => process.exit(),
    (error: Error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
