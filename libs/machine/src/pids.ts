import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileText } from './files.ts';

const HAS_PROC = existsSync('/proc/self/stat');

/** The command line of a running process, empty when there is none (a zombie runs nothing either). */
export function commandLineOf(pid: number): string {
  if (!HAS_PROC) return ps('command=', pid);
  return fileText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** When a process started, in whatever unit the system counts: with the pid it names one process for good. */
export function startOf(pid: number): string {
  if (!HAS_PROC) return ps('lstart=', pid);
  const afterName = fileText(`/proc/${pid}/stat`).split(') ').at(-1) ?? '';
  return afterName.split(' ')[19] ?? '';
}

/** To a process that may have ended just now. */
export function signalPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process and everything that it started, as far as the system shows it. */
export function treeOf(pid: number): readonly number[] {
  const children = HAS_PROC
    ? fileText(`/proc/${pid}/task/${pid}/children`)
    : spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout;
  return [
    pid,
    ...children
      .split(/\s+/)
      .filter(Boolean)
      .flatMap((each) => treeOf(Number(each))),
  ];
}

function ps(column: string, pid: number): string {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
