import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { runScript, ScriptFailed } from '../../apps/xapi-simulator/src/script/run-script.ts';
import { Script } from '../../apps/xapi-simulator/src/script/script.ts';

/** Exit codes: 0 the script ran, 1 something it expects did not happen, 2 it is no script. */
function run(file: string): number {
  const script = Script.safeParse(parse(readFileSync(file, 'utf8')));
  if (!script.success) {
    console.error(`${file} is no script:\n${z.prettifyError(script.error)}`);
    return 2;
  }
  try {
    runScript(script.data, (line) => console.log(line));
    return 0;
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    console.error(error.message);
    return 1;
  }
}

new Command('sim')
  .description('run a scenario on the simulated broker and its own clock; the same script prints the same lines')
  .argument('<script>', 'YAML file; apps/xapi-simulator/examples holds some')
  .action((file: string) => {
    process.exitCode = run(file);
  })
  .parse();
