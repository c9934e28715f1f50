import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { htmlReport, type Results } from './html-report.ts';
import { holdsFloor, readable, type Row } from './row.ts';

const RESULTS = 'bench-results';

/** Prints the table. False when a row is below its floor. */
export function report(rows: readonly Row[]): boolean {
  const table = rows.map(({ id, what, value, unit, limit, ratio, floor }) => [
    id,
    what,
    `${readable(value)} ${unit}`,
    limit === null ? '' : `${readable(limit)} ${unit}`,
    ratio === null ? '' : ratio.toFixed(2),
    floor === null ? '' : floor.toFixed(2),
  ]);
  const header = ['id', 'what', 'value', 'raw limit', 'ratio', 'floor'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...table.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of [header, ...table]) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  return rows.every(holdsFloor);
}

/** Keeps the rows as `bench-results/latest.json`, and as a page beside it. */
export function keepReport(rows: readonly Row[]): void {
  mkdirSync(RESULTS, { recursive: true });
  const measuredAt = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const results: Results = { commit: commit(), machine: machine(), measuredAt: `${measuredAt} UTC`, rows };
  writeFileSync(`${RESULTS}/latest.json`, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(`${RESULTS}/latest.html`, htmlReport(results));
  console.log(`\nwritten to ${RESULTS}/latest.json and ${RESULTS}/latest.html`);
}

const commit = (): string => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();

const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
