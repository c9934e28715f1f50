import type { Event } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { EVENTS_PER_ROUND, brokerFacts, rounds, roundTrip } from './events.ts';
import { RawPostgres } from './raw-postgres.ts';
import { latency, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { SessionBench } from './session-harness.ts';
import { once } from 'node:events';
import { WebSocket } from 'ws';

const ACCOUNTS = 200;
const LITTLE = 300;
const PROMISED_MS = 300;
const FLOOR = 0.5;
const FEATURES = ['sequence', 'snapshot'];

/**
 * A client that comes back to an instance that was just started, after the one before was killed: a little behind a log
 * of so many events, to the first that it missed; and far behind, beside reading and parsing as many bare rows.
 */
export async function resume(servers: Servers, events: number, missed: number): Promise<Row[]> {
  const before = (accounts: readonly AccountId[]): Event[] => taken(accounts, events - missed, roundTrip);
  const bench = await SessionBench.open(servers, ACCOUNTS, before);
  try {
    await bench.sessions.stop();
    await bench.sessions.start();
    const far = await cursorOf(bench);
    await bench.append(taken(bench.accounts, missed - LITTLE, brokerFacts), missed - LITTLE);
    const near = await cursorOf(bench);
    await bench.sessions.crash();
    await bench.append(taken(bench.accounts, LITTLE, brokerFacts), LITTLE);
    const lines: string[] = [];
    const from = (await bench.log.head()) - missed;
    for await (const page of bench.log.read(from)) for (const event of page) lines.push(JSON.stringify(event));
    const raw = await RawPostgres.open(servers.databaseUrl);
    try {
      await raw.throughput(lines);
      await bench.sessions.start();
      const { firstMs } = await resumed(bench, near);
      await bench.sessions.crash();
      await bench.sessions.start();
      const limit = await raw.readThroughput();
      const { allMs } = await resumed(bench, far);
      const log = events.toLocaleString('en-US');
      return [
        latency({
          ...{ id: 'resume.ws', what: `${LITTLE} events behind a log of ${log}, to the first that was missed` },
          ...{ value: firstMs, unit: 'ms', limit: PROMISED_MS, floor: 1 },
        }),
        throughput({
          ...{ id: `resume.ws.${missed}`, what: `${missed.toLocaleString('en-US')} events behind, all of them` },
          ...{ value: (missed / allMs) * 1_000, unit: 'events/s', limit, floor: FLOOR },
        }),
      ];
    } finally {
      await raw.close();
    }
  } finally {
    await bench.close();
  }
}

const taken = (accounts: readonly AccountId[], count: number, round: Parameters<typeof rounds>[2]): Event[] =>
  [...rounds(accounts, Math.ceil(count / (accounts.length * EVENTS_PER_ROUND)), round)].slice(0, count);

/** What a client hears of its own past, in milliseconds since it asked to be let in. */
interface Heard {
  /** To the first event; `Infinity` where there was none. */
  readonly firstMs: number;
  readonly allMs: number;
  readonly cursor: string;
}

async function heard(bench: SessionBench, asked: Record<string, unknown>): Promise<Heard> {
  const socket = new WebSocket(`ws://127.0.0.1:${bench.port}/ws`);
  await once(socket, 'open');
  const start = performance.now();
  let firstMs = Infinity;
  const synced = new Promise<Heard>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (firstMs === Infinity && text.includes('"sequence":')) firstMs = performance.now() - start;
      if (!text.includes('"sync_completed"')) return;
      const cursor = /"cursor":"([^"]+)"/.exec(text)?.[1] ?? '';
      resolve({ firstMs, allMs: performance.now() - start, cursor });
    });
    socket.on('close', (code) => reject(new Error(`a session was closed with ${code}`)));
  });
  socket.send(bench.auth({ features: FEATURES, ...asked }));
  const found = await synced;
  socket.terminate();
  return found;
}

const cursorOf = async (bench: SessionBench): Promise<string> => (await heard(bench, {})).cursor;

async function resumed(bench: SessionBench, cursor: string): Promise<Heard> {
  const found = await heard(bench, { resume: { cursor } });
  if (found.firstMs === Infinity) throw new Error('nothing that was missed was told');
  return found;
}
