import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

export interface ProgramEnd {
  /** Null where it was killed. */
  readonly code: number | null;
  /** Standard output and error in the order they came; empty when they were shown instead. */
  readonly output: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** `show` lets it write to our terminal. */
  readonly output?: 'keep' | 'show';
  /** After this it is killed: a spec may turn in circles for ever. */
  readonly timeoutMs?: number;
}

/** A bound against hanging: beside others on a busy machine every program takes many times what it needs. */
const USUAL_TIMEOUT_MS = 3_600_000;

/** Runs a package's program with this Node, from the repository's root. */
export function runPackage(script: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramEnd> {
  const show = options.output === 'show';
  const child = spawn(process.execPath, [resolve(ROOT, 'node_modules', script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    timeout: options.timeoutMs ?? USUAL_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', kill);
      settle({ code, output });
    });
  });
}
