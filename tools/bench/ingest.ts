import { connectNats } from '@core/bus/nats-connection';
import type { FeedBatch, IntakeBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';
import { Supervisor, type ServiceSpec } from '../start/supervisor.ts';
import { brokerFacts, EVENTS_PER_ROUND, rounds } from './events.ts';
import type { RawNats } from './raw-nats.ts';
import type { RawPostgres } from './raw-postgres.ts';
import { median, throughput, type Row } from './row.ts';

const ACCOUNTS = 200;
const RUNS = 3;
const RAW_BATCH = 1_000;

/** The servers of this run, and how to start a ledger on them. */
export interface Bench {
  readonly natsUrl: string;
  readonly postgres: RawPostgres;
  readonly nats: RawNats;
  readonly ledger: ServiceSpec;
  readonly logs: string;
}

/**
 * A backlog in the intake until the feed has shown all of it,
 * beside the least that could move the same messages: read, split, insert in batches, tell.
 */
export async function ingest({ natsUrl, postgres, nats, ledger, logs }: Bench, count: number): Promise<Row[]> {
  const connection = await connectNats({ url: natsUrl, name: 'bench' });
  const lines = [...messages(count)].flatMap(({ events }) => events.map((event) => JSON.stringify(event)));
  const [ours, pipeline, inserts, publishes, consumes]: number[][] = [[], [], [], [], []];
  await oneLife(ledger, logs);
  for (let run = 0; run < RUNS; run += 1) {
    const backlog = [...messages(count)];
    const bodies = backlog.map((message) => Buffer.from(JSON.stringify(message)));
    inserts?.push(await postgres.throughput(lines));
    publishes?.push(await nats.publish(bodies));
    consumes?.push(await nats.consume());
    pipeline?.push(await rawPipeline(nats, postgres, connection, count));
    await nats.empty();
    ours?.push(await drain(connection, backlog, ledger, logs));
  }
  await connection.close();
  const raw = (id: string, what: string, values: number[] | undefined, unit: string): Row =>
    throughput({ id, what, value: median(values ?? []), unit, limit: null, floor: null });
  return [
    throughput({
      id: 'ledger.ingest',
      what: `backlog of ${count.toLocaleString('en-US')} events: intake, committed, feed`,
      value: median(ours ?? []),
      unit: 'events/s',
      limit: median(pipeline ?? []),
      floor: null,
    }),
    raw('raw.postgres-insert', 'batches of 1,000 bare rows', inserts, 'events/s'),
    raw('raw.nats-publish', `messages of ${EVENTS_PER_ROUND} events into a stream`, publishes, 'messages/s'),
    raw('raw.nats-consume', 'the same messages read back', consumes, 'messages/s'),
  ];
}

/** A ledger that has to catch up: events a second between the first batch it tells of and the last. */
async function drain(
  connection: NatsConnection,
  backlog: readonly IntakeBatch[],
  ledger: ServiceSpec,
  logs: string,
): Promise<number> {
  const wanted = backlog.reduce((sum, { events }) => sum + events.length, 0);
  for (const batch of backlog) {
    connection.publish(subjects.intake(batch.events[0]?.subject ?? ''), Buffer.from(JSON.stringify(batch)));
  }
  await connection.flush();

  const feed = connection.subscribe(subjects.feed);
  const supervisor = new Supervisor(logs, console.log);
  const measured = (async () => {
    let [seen, first, start] = [0, 0, 0];
    for await (const message of feed) {
      seen += message.json<FeedBatch>().events.length;
      if (first === 0) [first, start] = [seen, performance.now()];
      if (seen >= wanted) break;
    }
    return ((seen - first) / (performance.now() - start)) * 1000;
  })();
  await supervisor.start(ledger);
  const rate = await measured;
  await supervisor.stop();
  return rate;
}

/** Brings the tables and the stream into being. */
async function oneLife(ledger: ServiceSpec, logs: string): Promise<void> {
  const supervisor = new Supervisor(logs, console.log);
  await supervisor.start(ledger);
  await supervisor.stop();
}

async function rawPipeline(
  nats: RawNats,
  postgres: RawPostgres,
  connection: NatsConnection,
  count: number,
): Promise<number> {
  const start = performance.now();
  let [batch, done]: [string[], number] = [[], 0];
  const commit = async (): Promise<void> => {
    await postgres.insert(batch);
    connection.publish('bench.feed', Buffer.from(`[${batch.join(',')}]`));
    done += batch.length;
    batch = [];
  };
  for await (const body of nats.read()) {
    const { events } = JSON.parse(Buffer.from(body).toString()) as IntakeBatch;
    for (const event of events) batch.push(JSON.stringify(event));
    if (batch.length >= RAW_BATCH) await commit();
  }
  await commit();
  if (done !== count) throw new Error(`the raw pipeline moved ${done} of ${count} events`);
  return (done / (performance.now() - start)) * 1000;
}

/** What senders would have sent: each account's events in order, ten to a message. */
function* messages(count: number): Generator<IntakeBatch> {
  const accounts = Array.from({ length: ACCOUNTS }, newId);
  let events = [];
  for (const event of rounds(accounts, count / (ACCOUNTS * EVENTS_PER_ROUND), brokerFacts)) {
    events.push(event);
    if (events.length < EVENTS_PER_ROUND) continue;
    yield { batchid: newId(), events };
    events = [];
  }
}
