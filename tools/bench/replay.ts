import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { accountState } from '@core/projections/account';
import { brokerBook } from '@core/projections/broker-book/fold';
import { accountOrders } from '@core/projections/orders';
import { accountPositions } from '@core/projections/positions';
import { openRequests } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import type { AnyProjection } from '@core/projection-runner/build-states';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { newId, now } from '@core/service/clock';
import { EVENTS_PER_ROUND, rounds, roundTrip } from './events.ts';
import { RawPostgres } from './raw-postgres.ts';
import { median, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const ACCOUNTS = 200;
const BATCH = 1_000;
const RUNS = 3;

const onLost = (error: Error): never => {
  throw error;
};

const PROJECTIONS = [accountState, accountOrders, accountPositions, openRequests, accountStrategies, brokerBook];

/** Reads a log of `count` events through all projections, beside reading and parsing the same number of bare rows. */
export async function replay({ databaseUrl }: Servers, count: number): Promise<Row> {
  await migrateEventLog(databaseUrl);
  const lines = await fill(databaseUrl, count);
  const [ours, limits]: [number[], number[]] = [[], []];
  const raw = await RawPostgres.open(databaseUrl);
  try {
    await raw.throughput(lines);
    for (let run = 0; run < RUNS; run += 1) {
      limits.push(await raw.readThroughput());
      ours.push(await readThrough(databaseUrl, count));
    }
  } finally {
    await raw.close();
  }
  return throughput({
    id: 'replay.all',
    what: `${count.toLocaleString('en-US')} events through ${PROJECTIONS.length} projections`,
    value: median(ours),
    unit: 'events/s',
    limit: median(limits),
    floor: 0.6,
  });
}

async function readThrough(url: string, count: number): Promise<number> {
  const log = new PostgresEventLog({ url });
  const runner = new ProjectionRunner({ log, projections: PROJECTIONS as readonly AnyProjection[] });
  try {
    const start = performance.now();
    await runner.start();
    const seconds = (performance.now() - start) / 1000;
    if (runner.position < count) throw new Error(`read ${runner.position} of ${count} events`);
    return runner.position / seconds;
  } finally {
    await runner.stop();
    await log.close();
  }
}

/** Writes the log, and returns the bodies for the raw table. */
async function fill(url: string, count: number): Promise<string[]> {
  const accounts = Array.from({ length: ACCOUNTS }, newId);
  const events = [...rounds(accounts, Math.ceil(count / (ACCOUNTS * EVENTS_PER_ROUND)), roundTrip)].slice(0, count);
  const writer = await PostgresEventLogWriter.open({ url, build: 'bench', appendTimeoutMs: 60_000, onLost });
  try {
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      await writer.append({ events: batch, answers: [], quarantined: [], checkpoint: null, recordedtime: now() });
    }
  } finally {
    await writer.close();
  }
  return events.map((event) => JSON.stringify(event));
}
