import { present } from '@core/kernel/present';
import { progressOf } from '../ops/progress.ts';
import { requestBytes } from './http-load.ts';
import { OpenStreams } from './open-streams.ts';
import type { PollHarness } from './poll-harness.ts';
import { latency, percentile, type Row } from './row.ts';

const MOVES = 20;
const OPENED_AT_ONCE = 100;

/** How soon a change of a price is told to every one of so many streams of positions, each of an account that has some. */
export async function tradingStreams(harness: PollHarness, count: number): Promise<Row[]> {
  const streams = new OpenStreams(harness.port);
  try {
    const opened = progressOf('streams opened');
    for (let n = 0; n < count; n += OPENED_AT_ONCE) {
      const some = Array.from({ length: Math.min(OPENED_AT_ONCE, count - n) }, (_, m) => {
        const { id, token } = present(harness.accounts[(n + m) % harness.accounts.length], 'there are accounts');
        return requestBytes(`/accounts/${id}/stream/positions?locale=en`, { authorization: `Bearer ${token}` });
      });
      await Promise.all(some.map((request) => streams.open(request)));
      opened.at(n + some.length, count);
    }
    opened.end();
    const measured: number[] = [];
    const moved = progressOf('moves of a price told to all');
    for (let move = 0; move < MOVES; move += 1) {
      const start = performance.now();
      const told = streams.told();
      harness.move(move + 1);
      await told;
      measured.push(performance.now() - start);
      moved.at(move + 1, MOVES);
    }
    moved.end();
    const row = (id: string, percent: number): Row =>
      latency({
        ...{ id, unit: 'ms', limit: null, floor: null, value: percentile(measured, percent) },
        what: `from a change of a price to the last of ${count.toLocaleString('en-US')} open streams, p${percent}`,
      });
    return [row('tv.streams.told', 50), row('tv.streams.told.p99', 99)];
  } finally {
    streams.close();
  }
}
