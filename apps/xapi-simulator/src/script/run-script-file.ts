import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { runScript, ScriptFailed } from './run-script.ts';
import { Script } from './script.ts';

/**
 * Runs a scenario from a YAML file and prints what its clients received. Gives the exit code: 0 the script ran,
 * 1 something that it expects did not happen, 2 it is no script.
 */
export function runScriptFile(file: string): number {
  const script = Script.safeParse(parse(readFileSync(file, 'utf8')));
  if (!script.success) {
    process.stderr.write(`${file} is no script:\n${z.prettifyError(script.error)}\n`);
    return 2;
  }
  try {
    runScript(script.data, (line) => process.stdout.write(`${line}\n`));
    return 0;
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
