import { connectNats } from '@core/bus/nats-connection';
import type { NatsServer } from '@core/machine/nats-server';
import { within } from '@core/machine/within';
import type { NatsConnection } from 'nats';
import { Client } from 'pg';
import type { ClusterServers } from '../cluster-servers.ts';
import type { StrandedStore } from './stranded-client.ts';

const SILENT_MS = 2_000;
const THERE_WITHIN_MS = 60_000;

const STREAM = { name: 'STRANDED', subjects: ['stranded'], num_replicas: 3 };

/** A stream on all servers, led by one and written to there. */
export async function strandedStream(
  servers: ClusterServers,
  cell: NatsConnection,
  { server, leader }: { readonly server: NatsServer; readonly leader: string },
): Promise<StrandedStore> {
  const manager = await cell.jetstreamManager();
  const leads = async (): Promise<boolean> => {
    const { cluster } = await manager.streams.add(STREAM);
    if (cluster?.leader === leader) return true;
    await cell.request(`$JS.API.STREAM.LEADER.STEPDOWN.${STREAM.name}`);
    return false;
  };
  const isLed = await within(THERE_WITHIN_MS, () => leads().catch(() => false));
  if (!isLed) throw new Error(`${leader} does not lead the stream ${STREAM.name}`);
  const beside = await connectNats({ url: servers.natsUrlAt(server), name: 'stranded' });
  const stream = beside.jetstream();
  return {
    async write(number) {
      await stream.publish('stranded', String(number), { timeout: SILENT_MS });
    },
    async held() {
      const numbers: number[] = [];
      const { state } = await manager.streams.info(STREAM.name);
      for (let seq = state.first_seq; seq <= state.last_seq; seq += 1)
        numbers.push(Number((await manager.streams.getMessage(STREAM.name, { seq })).string()));
      return numbers;
    },
    async close() {
      await beside.close();
      await manager.streams.delete(STREAM.name);
    },
  };
}

/** A table, written to at one member. */
export async function strandedTable(servers: ClusterServers, member: number): Promise<StrandedStore> {
  const asked = async <Row>(url: string, text: string, values: readonly number[] = []): Promise<readonly Row[]> => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: SILENT_MS, query_timeout: SILENT_MS });
    // Of a server that ends its connections no answer comes either.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row & object>(text, [...values])).rows;
    } finally {
      client.end().catch(() => undefined);
    }
  };
  await asked(servers.databaseUrl, 'create table stranded (number integer not null)');
  const beside = servers.databaseUrlAt(member);
  return {
    async write(number) {
      await asked(beside, 'insert into stranded values ($1)', [number]);
    },
    async held() {
      const rows = await asked<{ readonly number: number }>(servers.databaseUrl, 'select number from stranded');
      return rows.map(({ number }) => number);
    },
    async close() {
      await asked(servers.databaseUrl, 'drop table stranded');
    },
  };
}
