import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { FeedBatch, IntakeBatch } from '@core/contracts/feed';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import type { AppSpec } from '@core/machine/app-process';
import { Supervisor } from '@core/machine/supervisor';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';
import { brokerFacts, EVENTS_PER_ROUND, rounds } from './events.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { median, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const ACCOUNTS = 200;
const RUNS = 3;
const DRAIN_TIMEOUT_MS = 120_000;

/**
 * A backlog in the intake until the feed has shown all of it,
 * beside the least that could move the same messages: read, split, insert in batches, tell.
 */
export async function ingest(servers: Servers, count: number): Promise<Row[]> {
  const { databaseUrl, natsUrl, ports, logs } = servers;
  const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl };
  const ledger = { name: 'ledger', opsPort: await ports.claim('ledger-ops', 0), env };
  const accounts = Array.from({ length: ACCOUNTS }, newId);
  await oneLife(natsUrl, accounts, ledger, logs);

  const lines = [...messages(accounts, count)].flatMap(({ events }) => events.map((event) => JSON.stringify(event)));
  const [ours, pipeline, inserts, publishes, consumes]: number[][] = [[], [], [], [], []];
  const raw = await RawPipeline.open(servers);
  try {
    for (let run = 0; run < RUNS; run += 1) {
      const backlog = [...messages(accounts, count)];
      const bodies = backlog.map((message) => Buffer.from(JSON.stringify(message)));
      inserts?.push(await raw.postgres.throughput(lines));
      publishes?.push(await raw.nats.publish(bodies));
      consumes?.push(await raw.nats.consume());
      pipeline?.push(await raw.throughput(count));
      await raw.nats.empty();
      ours?.push(await drain(natsUrl, backlog, ledger, logs));
    }
  } finally {
    await raw.close();
  }
  const limit = (id: string, what: string, values: number[] | undefined, unit: string): Row =>
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
    limit('raw.postgres-insert', 'batches of 1,000 bare rows', inserts, 'events/s'),
    limit('raw.nats-publish', `messages of ${EVENTS_PER_ROUND} events into a stream`, publishes, 'messages/s'),
    limit('raw.nats-consume', 'the same messages read back', consumes, 'messages/s'),
  ];
}

/** A ledger that has to catch up: events a second between the first batch it tells of and the last. */
async function drain(natsUrl: string, backlog: readonly IntakeBatch[], ledger: AppSpec, logs: string): Promise<number> {
  const supervisor = new Supervisor(logs, console.log);
  const connection = await connectNats({ url: natsUrl, name: 'bench' });
  try {
    for (const batch of backlog) {
      connection.publish(subjects.intake(batch.events[0]?.subject ?? ''), Buffer.from(JSON.stringify(batch)));
    }
    await connection.flush();
    const wanted = backlog.reduce((sum, { events }) => sum + events.length, 0);
    const [rate] = await Promise.all([tellingRate(connection, wanted), supervisor.start(ledger)]);
    return rate;
  } finally {
    await supervisor.stop();
    await connection.close();
  }
}

async function tellingRate(connection: NatsConnection, wanted: number): Promise<number> {
  const feed = connection.subscribe(subjects.feed);
  const timer = setTimeout(() => feed.unsubscribe(), DRAIN_TIMEOUT_MS);
  let [seen, first, start] = [0, 0, 0];
  for await (const message of feed) {
    seen += message.json<FeedBatch>().events.length;
    if (first === 0) [first, start] = [seen, performance.now()];
    if (seen >= wanted) break;
  }
  clearTimeout(timer);
  if (seen < wanted) throw new Error(`the ledger told of ${seen} of ${wanted} events`);
  return ((seen - first) / (performance.now() - start)) * 1000;
}

/** Brings the tables and the stream into being, and registers the accounts. */
async function oneLife(natsUrl: string, accounts: readonly AccountId[], ledger: AppSpec, logs: string): Promise<void> {
  const supervisor = new Supervisor(logs, console.log);
  const connection = await connectNats({ url: natsUrl, name: 'bench' });
  try {
    await supervisor.start(ledger);
    const commands = new CommandClient(new NatsCommandTransport(connection), 'bench');
    const { type, data } = aCommand('RegisterAccount');
    for (const account of accounts) await commands.ask(account, { type, data }, { timeoutMs: DRAIN_TIMEOUT_MS });
  } finally {
    await supervisor.stop();
    await connection.close();
  }
}

/** What senders would have sent: each account's events in order, ten to a message. */
function* messages(accounts: readonly AccountId[], count: number): Generator<IntakeBatch> {
  let events = [];
  for (const event of rounds(accounts, count / (ACCOUNTS * EVENTS_PER_ROUND), brokerFacts)) {
    events.push(event);
    if (events.length < EVENTS_PER_ROUND) continue;
    yield { batchid: newId(), events };
    events = [];
  }
}
