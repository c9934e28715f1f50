import { DrainedLedger, messages } from './drained-ledger.ts';
import { EVENTS_PER_ROUND } from './events.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { median, throughput, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const ACCOUNTS = 200;
const RUNS = 3;

/**
 * A backlog in the intake until the feed has shown all of it,
 * beside the least that could move the same messages: read, split, insert in batches, tell.
 */
export async function ingest(servers: Servers, count: number): Promise<Row[]> {
  const ledger = await DrainedLedger.open(servers);
  await ledger.grow(ACCOUNTS);
  const { accounts } = ledger;

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
      ours?.push(await ledger.drain(backlog));
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
      floor: 0.7,
    }),
    limit('raw.postgres-insert', 'batches of 1,000 bare rows', inserts, 'events/s'),
    limit('raw.nats-publish', `messages of ${EVENTS_PER_ROUND} events into a stream`, publishes, 'messages/s'),
    limit('raw.nats-consume', 'the same messages read back', consumes, 'messages/s'),
  ];
}
