import { jsonAs } from '@core/kernel/json-as';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CandleInPoints } from './core/candle.ts';
import { ChartPast, PastLine } from './core/chart-past.ts';

/** Charts of all runs, a line for each minute: appended to, and written anew when a run begins. */
export class ChartFile {
  constructor(private readonly path: string) {}

  /** Throws `UnreadableJson` on a file that is none. What a clock that was ahead told of the time to come is left out. */
  read(startMs: number): ChartPast {
    const past = new ChartPast();
    if (!existsSync(this.path)) return past;
    // A kill may have cut off the last line: it has no end.
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    for (const text of lines) {
      const line = jsonAs(this.path, text, PastLine);
      if (('prices' in line ? line.firstMs : line.minuteMs) <= startMs) past.take(line);
    }
    return past;
  }

  /** What was read, and the run that began since. */
  begin(past: ChartPast): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.next`, [...past.lines()].map(lineOf).join(''));
    renameSync(`${this.path}.next`, this.path);
  }

  append(minutes: Iterable<readonly [symbol: string, candle: CandleInPoints]>): void {
    const lines = new Map<number, Extract<PastLine, { minuteMs: number }>>();
    for (const [symbol, { start, open, high, low, close, volume }] of minutes) {
      const line = lines.get(start) ?? { minuteMs: start, candles: {} };
      line.candles[symbol] = [open, high, low, close, volume];
      lines.set(start, line);
    }
    if (lines.size > 0) appendFileSync(this.path, [...lines.values()].map(lineOf).join(''));
  }
}

const lineOf = (line: PastLine): string => `${JSON.stringify(line)}\n`;
