import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChartFile } from './chart-file.ts';
import { MINUTE_MS } from './core/periods.ts';
import { aSimulator, aTrader, TUESDAY_MS } from './in-memory/example.fixture.ts';
import type { Simulator } from './simulator.ts';

const HOUR_MS = 60 * MINUTE_MS;
const SYMBOLS = ['EURUSD', 'GOLD', 'BITCOIN'];

describe('charts', () => {
  let folder: string;
  let file: ChartFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'charts-'));
    file = new ChartFile(join(folder, 'charts'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A run from a moment on, its prices those of the run before. */
  function run(startMs: number, before?: Simulator): Simulator {
    const past = file.read(startMs);
    const state = before?.capture();
    const simulator = aSimulator({ market: { ticksPerSecond: 1 } }, { startMs, past, ...(state && { state }) });
    file.begin(past);
    return simulator;
  }

  const chartsOf = (simulator: Simulator, untilMs: number): unknown => {
    const client = aTrader(simulator);
    return SYMBOLS.map((symbol) => {
      const info = { symbol, period: 1, start: TUESDAY_MS - 5 * HOUR_MS, end: untilMs, ticks: 0 };
      return client.ask('getChartRangeRequest', { info }).returnData;
    });
  };

  it('are the same after each restart, whether a run ended well or was killed, however long nothing ran', () => {
    let simulator = run(TUESDAY_MS + 17_000);
    for (const awayMs of [5_000, 10 * MINUTE_MS, 3 * HOUR_MS]) {
      const beginMs = simulator.broker.time;
      simulator.advanceTo(beginMs + 5 * MINUTE_MS + 7_000);
      const stoppedMs = simulator.broker.time;
      const before = chartsOf(simulator, stoppedMs - MINUTE_MS);
      file.append(simulator.candles.minutes(beginMs - (beginMs % MINUTE_MS), stoppedMs));
      appendFileSync(join(folder, 'charts'), '{"minuteMs":17');
      simulator = run(stoppedMs + awayMs, simulator);
      expect(chartsOf(simulator, stoppedMs - MINUTE_MS)).toEqual(before);
      expect(JSON.stringify(before).length).toBeGreaterThan(10_000);
    }
    const gap = chartsOf(simulator, simulator.broker.time);
    expect(chartsOf(run(simulator.broker.time + 1, simulator), simulator.broker.time)).toEqual(gap);
  });
});
