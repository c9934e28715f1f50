import { existsSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
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
  const script = read(file);
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
function read(file: string): Script | string {
  if (!existsSync(file)) return 'there is no such file';
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error) return error.message;
  const script = Script.safeParse(document.toJS());
  return script.success ? script.data : z.prettifyError(script.error);
}
