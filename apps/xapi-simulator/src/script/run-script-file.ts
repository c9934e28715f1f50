import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { runScript, ScriptFailed } from './run-script.ts';
import { Script } from './script.ts';

const RAN = 0;
const FAILED = 1;
const NO_SCRIPT = 2;

type Print = (line: string) => void;

/**
 * Runs a scenario from a YAML file and prints what its clients received. Gives the exit code: 0 the script ran,
 * 1 something that it expects did not happen, 2 it is no script; why goes to `complain`.
 */
export function runScriptFile(file: string, print: Print, complain: Print): number {
  const script = readScript(file);
  if (typeof script === 'string') {
    complain(`${file} is no script:\n${script}`);
    return NO_SCRIPT;
  }
  try {
    runScript(script, print);
    return RAN;
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    complain(error.message);
    return FAILED;
  }
}

/** The script, or why it is none. */
export function readScript(file: string): Script | string {
  if (!existsSync(file)) return 'there is no such file';
  const text = readFileSync(file, 'utf8');
  try {
    const script = Script.safeParse(parse(text, { logLevel: 'error' }));
    return script.success ? script.data : z.prettifyError(script.error);
  } catch (error) {
    // No YAML, or YAML that stands for nothing: an alias of nowhere, nesting that nobody bears.
    return error instanceof Error ? error.message : String(error);
  }
}
