import { CommanderError } from 'commander';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, UsageError, type CommandLine } from './command-line.ts';
import { HttpWire } from './http-wire.ts';
import type { CheckResult } from './conformance-check.ts';
import { htmlReport } from './report/html-report.ts';
import { junitReport } from './report/junit-report.ts';
import type { ReportHead } from './report/tally.ts';
import { textReport } from './report/text-report.ts';
import { runChecks } from './run-checks.ts';

const [PASSED, FAILED, NOT_RUN] = [0, 1, 2];

async function conformance({ options, effort, document, report }: CommandLine): Promise<number> {
  const wire = new HttpWire();
  await reachable(wire, options.url);
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
    mkdirSync(report, { recursive: true });
    writeFileSync(join(report, 'report.txt'), `${text}\n`);
    writeFileSync(join(report, 'report.html'), htmlReport(head, results));
    writeFileSync(join(report, 'junit.xml'), junitReport(head, results));
    console.log(`reports are in ${report}`);
  }
  return results.some(({ verdict }) => verdict.kind === 'failed') ? FAILED : PASSED;
}

/** A server that is not there has not failed: nothing was looked at. */
async function reachable(wire: HttpWire, url: string): Promise<void> {
  await wire.send({ method: 'GET', url: `${url}/mapping`, headers: {} }).catch((error: Error) => {
    const cause = (error.cause as Error | undefined)?.message;
    throw new UsageError(`${url} does not answer: ${cause ?? error.message}`);
  });
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
