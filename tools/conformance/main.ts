import { CommanderError } from 'commander';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, type CommandLine } from './command-line.ts';
import { HttpWire } from './http-wire.ts';
import type { CheckResult } from './conformance-check.ts';
import { htmlReport } from './report/html-report.ts';
import { junitReport } from './report/junit-report.ts';
import type { ReportHead } from './report/tally.ts';
import { textReport } from './report/text-report.ts';
import { requireReachable } from './reachability.ts';
import { runChecks } from './run-checks.ts';
import { UsageError } from './usage-error.ts';

const [PASSED, FAILED, NOT_RUN] = [0, 1, 2];

async function conformance({ options, effort, document, report }: CommandLine): Promise<number> {
  const wire = new HttpWire();
  if (report !== null) makeFolder(report);
  await requireReachable(wire, options.url);
  const startedMs = wire.nowMs();
  let done = 0;
  const heard = ({ id, verdict }: CheckResult): void => {
    done += 1;
    if (id === 'live.plan' && verdict.kind === 'passed') console.error(`\rtrading ${verdict.note}`);
    if (process.stderr.isTTY) process.stderr.write(`\r${done} checks done`);
  };
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const results = await runChecks({ options, wire, document, heard, stopped: stopped.signal });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const head: ReportHead = {
    url: options.url,
    startedAt: new Date(startedMs).toISOString(),
    tookMs: wire.nowMs() - startedMs,
    effort,
    isLive: options.live !== null,
    document: document?.version ?? null,
  };
  const text = textReport(head, results);
  console.log(text);
  if (report !== null) {
    writeFileSync(join(report, 'report.txt'), `${text}\n`);
    writeFileSync(join(report, 'report.html'), htmlReport(head, results));
    writeFileSync(join(report, 'junit.xml'), junitReport(head, results));
    console.log(`reports are in ${report}`);
  }
  return results.some(({ verdict }) => verdict.kind === 'failed') ? FAILED : PASSED;
}

/** Before minutes are spent on what could not be written. */
function makeFolder(report: string): void {
  try {
    mkdirSync(report, { recursive: true });
    accessSync(report, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--report ${report}: ${(error as Error).message}; name a folder that can be written to`);
  }
}

async function main(args: readonly string[]): Promise<number> {
  try {
    return await conformance(commandLineOf(args));
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? PASSED : NOT_RUN;
    console.error(error instanceof UsageError ? error.message : error);
    return NOT_RUN;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
