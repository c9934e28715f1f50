import { present } from '@core/kernel/present';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { requestBytes } from './http-load.ts';
import type { PollHarness } from './poll-harness.ts';
import { latency, percentile, type Row } from './row.ts';

const MOVES = 20;
const OPENED_AT_ONCE = 100;

/** How soon a change of a price is told to every one of so many streams of positions, each of an account that has some. */
export async function tradingStreams(harness: PollHarness, count: number): Promise<Row> {
  const streams = new Streams();
  try {
    for (let n = 0; n < count; n += OPENED_AT_ONCE) {
      const some = Array.from({ length: Math.min(OPENED_AT_ONCE, count - n) }, (_, m) => {
        const { id, token } = present(harness.accounts[(n + m) % harness.accounts.length], 'there are accounts');
        const path = `/accounts/${id}/stream/positions?locale=en`;
        return streams.open(harness.port, requestBytes(path, { authorization: `Bearer ${token}` }));
      });
      await Promise.all(some);
    }
    const measured: number[] = [];
    for (let move = 0; move < MOVES; move += 1) {
      const start = performance.now();
      const told = streams.told();
      harness.move(move + 1);
      await told;
      measured.push(performance.now() - start);
    }
    return latency({
      id: 'tv.streams.told',
      what: `from a change of a price to the last of ${count.toLocaleString('en-US')} open streams, p50`,
      ...{ value: percentile(measured, 50), unit: 'ms', limit: null, floor: null },
    });
  } finally {
    streams.close();
  }
}

/** Open streams, and which of them have said something since they were last asked about. */
class Streams {
  private readonly sockets: Socket[] = [];
  private readonly silent = new Set<Socket>();
  private allTold: () => void = () => undefined;

  /** Resolves with the stream's first message. */
  async open(port: number, request: Buffer): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1' });
    this.sockets.push(socket);
    socket.write(request);
    await once(socket, 'data');
    socket.on('data', () => {
      this.silent.delete(socket);
      if (this.silent.size === 0) this.allTold();
    });
  }

  /** Resolves when each of them has said something from now on. */
  told(): Promise<void> {
    for (const socket of this.sockets) this.silent.add(socket);
    return new Promise((resolve) => (this.allTold = resolve));
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
