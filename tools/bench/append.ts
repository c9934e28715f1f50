import { anEvent } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { newId, now } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { EmmettStore } from './emmett.ts';
import { MessageDb } from './message-db.ts';
import { nextOf, oneACall, type EventStore } from './one-a-call.ts';
import { RawPostgres } from './raw-postgres.ts';
import { latency, middlePair, percentile, throughput, type MeasuredPair, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const RUNS = 3;
const CALLERS = 16;
const WARM_UP = 100;
const ONES = 500;
const APPEND_TIMEOUT_MS = 60_000;

const onLost = (error: Error): never => {
  throw error;
};

interface Peer {
  readonly id: string;
  readonly name: string;
  readonly store: EventStore;
  readonly floor: number | null;
}

/**
 * One event: into the log beside a bare insert with its commit, and, handed in one a call by several callers, into the
 * ledger beside what others store events with.
 */
export async function append({ databaseUrl }: Servers, withEmmett: boolean): Promise<Row[]> {
  await migrateEventLog(databaseUrl);
  const rows = await appendOne(databaseUrl);
  const ours = await OurLedger.open(databaseUrl);
  const peers = await openPeers(databaseUrl, withEmmett);
  try {
    const callers = Array.from({ length: CALLERS }, newId);
    for (const subject of callers) await ours.register(subject);
    for (const peer of peers) rows.push(await besidePeer(ours, peer, callers));
    return rows;
  } finally {
    for (const { store } of peers) await store.close();
    await ours.close();
  }
}

async function besidePeer(ours: EventStore, peer: Peer, callers: readonly string[]): Promise<Row> {
  const pairs: MeasuredPair[] = [];
  await oneACall(peer.store, callers);
  await oneACall(ours, callers);
  for (let run = 0; run < RUNS; run += 1) {
    const limit = await oneACall(peer.store, callers);
    pairs.push({ value: await oneACall(ours, callers), limit });
  }
  return throughput({
    ...{ id: `ledger.append.${peer.id}`, what: `one event a call, ${CALLERS} callers, beside ${peer.name}` },
    ...{ ...middlePair(pairs), unit: 'events/s', floor: peer.floor },
  });
}

async function openPeers(url: string, withEmmett: boolean): Promise<Peer[]> {
  await MessageDb.install(url);
  const peers = [
    {
      ...{ id: 'vs-message-db', name: 'Message DB, streams of one category', floor: 5 },
      store: MessageDb.open(url, CALLERS, () => 'account'),
    },
    {
      ...{ id: 'vs-message-db.apart', name: 'Message DB, each stream a category of its own', floor: null },
      store: MessageDb.open(url, CALLERS, ({ subject }) => subject.slice(-12)),
    },
  ];
  if (!withEmmett) return peers;
  EmmettStore.fetch();
  return [...peers, { id: 'vs-emmett', name: 'Emmett', floor: 3, store: await EmmettStore.open(url, CALLERS) }];
}

/** In turns, so that what else the machine does meets both alike. */
async function appendOne(url: string): Promise<Row[]> {
  const writer = await PostgresEventLogWriter.open({ url, build: 'bench', appendTimeoutMs: APPEND_TIMEOUT_MS, onLost });
  const raw = await RawPostgres.open(url);
  const [ours, limits]: [number[], number[]] = [[], []];
  const subject = newId();
  try {
    for (let n = 0; n < WARM_UP + ONES; n += 1) {
      const event = nextOf(subject);
      limits.push(await timed(() => raw.insert([JSON.stringify(event)])));
      const batch = { events: [event], answers: [], quarantined: [], checkpoint: null, recordedtime: now() };
      ours.push(await timed(() => writer.append(batch)));
    }
  } finally {
    await raw.close();
    await writer.close();
  }
  const row = (id: string, percent: number, floor: number | null): Row =>
    latency({
      ...{ id, what: `one event into the log, beside a bare insert with its commit, p${percent}`, unit: 'ms', floor },
      value: percentile(ours.slice(WARM_UP), percent),
      limit: percentile(limits.slice(WARM_UP), percent),
    });
  return [row('latency.append-one', 50, 0.5), row('latency.append-one.p99', 99, null)];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The ledger without its process: an event is read as the intake reads it, committed with what waits, and told. */
class OurLedger implements EventStore {
  private constructor(
    private readonly writer: PostgresEventLogWriter,
    private readonly ledger: MemoryLedger,
  ) {}

  static async open(url: string): Promise<OurLedger> {
    const options = { url, build: 'bench', appendTimeoutMs: APPEND_TIMEOUT_MS, onLost };
    const writer = await PostgresEventLogWriter.open(options);
    return new OurLedger(writer, new MemoryLedger({ log: writer }));
  }

  register(subject: string): Promise<unknown> {
    return this.ledger.record(anEvent('AccountRegistered', {}, { id: newId(), subject }));
  }

  append(event: Event): Promise<unknown> {
    return this.ledger.report(event);
  }

  async close(): Promise<void> {
    await this.ledger.end();
    await this.writer.close();
  }
}
