import type { Event } from '@core/contracts/event';
import { withClient } from '@core/testing/fresh-database';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pool } from 'pg';
import { poolOf, type EventStore } from './one-a-call.ts';

/** What the package's `install.sh` runs with psql, in its order, but for roles and reports. */
const INSTALLED = [
  ...['schema/message-store', 'extensions/pgcrypto', 'tables/messages', 'types/message'],
  ...['functions/message-store-version', 'functions/hash-64', 'functions/acquire-lock', 'functions/category'],
  ...['functions/is-category', 'functions/id', 'functions/cardinal-id', 'functions/stream-version'],
  ...['functions/write-message', 'indexes/messages-id', 'indexes/messages-stream', 'indexes/messages-category'],
];
const WRITE = 'select message_store.write_message($1, $2, $3, $4, $5)';

/** Message DB as its functions are called: one transaction and one round trip for each message. */
export class MessageDb implements EventStore {
  private constructor(
    private readonly pool: Pool,
    /** What it locks together: a stream's name up to its first hyphen. */
    private readonly categoryOf: (event: Event) => string,
  ) {}

  static async install(url: string): Promise<void> {
    const folder = join(dirname(require.resolve('@eventide/message-db/package.json')), 'database');
    await withClient(url, async (client) => {
      await client.query(`set search_path = message_store, public`);
      for (const name of INSTALLED) await client.query(readFileSync(join(folder, `${name}.sql`), 'utf8'));
    });
  }

  static open(url: string, connections: number, categoryOf: (event: Event) => string): MessageDb {
    return new MessageDb(poolOf(url, connections, '-c search_path=message_store,public'), categoryOf);
  }

  async append(event: Event): Promise<void> {
    const { id, type, data, subject, ...metadata } = event;
    await this.pool.query({
      ...{ name: 'write-message', text: WRITE },
      values: [id, `${this.categoryOf(event)}-${subject}`, type, JSON.stringify(data), JSON.stringify(metadata)],
    });
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
