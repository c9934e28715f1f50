import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { newId, now } from '@core/service/clock';
import { withClient } from '@core/testing/fresh-database';
import { progressOf } from '../ops/progress.ts';
import { bulkLog, EVENTS_PER_ACCOUNT, filledAccount } from './bulk-log.ts';
import { nextOf } from './one-a-call.ts';
import { latency, middlePair, percentile, throughput, type MeasuredPair, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const SMALLEST = 100_000;
const TIMES = 10;
const RUNS = 5;
const BATCHES = 50;
const BATCH = 100;
const LOOK_UPS = 200;
const APPEND_TIMEOUT_MS = 60_000;
const FLOOR = 0.9;

const onLost = (error: Error): never => {
  throw error;
};

/** Logs of ten times the length each, up to this, in turns with the shortest: what appending and looking up cost. */
export async function scaleLog({ databaseUrl }: Servers, longest: number): Promise<Row[]> {
  const sizes: number[] = [];
  for (let size = SMALLEST; size <= longest; size *= TIMES) sizes.push(size);
  const logs: LongLog[] = [];
  try {
    for (const size of sizes) logs.push(await LongLog.open(databaseUrl, size));
    const [shortest, ...longer] = logs;
    if (!shortest) throw new Error(`a log has at least ${SMALLEST} events`);
    const rows: Row[] = [];
    for (const log of longer) rows.push(...(await besideShortest(log, shortest)));
    return rows;
  } finally {
    for (const log of logs) await log.close();
  }
}

async function besideShortest(log: LongLog, shortest: LongLog): Promise<Row[]> {
  const [appends, lookUps]: [MeasuredPair[], MeasuredPair[]] = [[], []];
  const progress = progressOf(`rounds at ${log.size} events`);
  for (let run = 0; run <= RUNS; run += 1) {
    const append = { limit: await shortest.appendRate(), value: await log.appendRate() };
    const lookUp = { limit: await shortest.lookUpMs(), value: await log.lookUpMs() };
    if (run > 0) appends.push(append);
    if (run > 0) lookUps.push(lookUp);
    progress.at(run, RUNS);
  }
  progress.end();
  const [size, short] = [log.size, shortest.size].map((count) => count.toLocaleString('en-US'));
  return [
    throughput({
      ...{
        id: `scale.log.${log.size}.append`,
        what: `batches of ${BATCH} into a log of ${size} events, beside ${short}`,
      },
      ...{ ...middlePair(appends), unit: 'events/s', floor: FLOOR },
    }),
    latency({
      id: `scale.log.${log.size}.look-up`,
      what: `the ${EVENTS_PER_ACCOUNT} events of an account, p50, beside ${short}`,
      ...{ ...middlePair(lookUps), unit: 'ms', floor: null },
    }),
  ];
}

/** A log in a database of its own. */
class LongLog {
  private constructor(
    readonly size: number,
    private readonly writer: PostgresEventLogWriter,
  ) {}

  static async open(server: string, size: number): Promise<LongLog> {
    const url = new URL(server);
    url.pathname = `/log_${size}`;
    await withClient(server, (client) => client.query(`create database log_${size}`));
    await migrateEventLog(url.href);
    await bulkLog(url.href, size);
    const options = { url: url.href, build: 'bench', appendTimeoutMs: APPEND_TIMEOUT_MS, onLost };
    return new LongLog(size, await PostgresEventLogWriter.open(options));
  }

  /** Events a second, of accounts that are new. */
  async appendRate(): Promise<number> {
    const subject = newId();
    const startMs = performance.now();
    for (let n = 0; n < BATCHES; n += 1) {
      const events = Array.from({ length: BATCH }, () => nextOf(subject));
      await this.writer.append({ events, answers: [], quarantined: [], checkpoint: null, recordedtime: now() });
    }
    return (BATCHES * BATCH * 1_000) / (performance.now() - startMs);
  }

  /** The middle one, in milliseconds, of accounts all over the log. */
  async lookUpMs(): Promise<number> {
    const accounts = this.size / EVENTS_PER_ACCOUNT;
    const measured: number[] = [];
    for (let n = 0; n < LOOK_UPS; n += 1) {
      const account = filledAccount(Math.floor((n * accounts) / LOOK_UPS));
      const startMs = performance.now();
      let count = 0;
      for await (const page of this.writer.readAccount(account)) count += page.length;
      measured.push(performance.now() - startMs);
      if (count !== EVENTS_PER_ACCOUNT) throw new Error(`account ${account} has ${count} events`);
    }
    return percentile(measured, 50);
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}
