import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const LINE = '\n';
const BATCH = 1_000;

/** What Postgres gives to the simplest thing that could store events: no rules, no deduplication, no digests. */
export class RawPostgres {
  private readonly table = `bench.raw_${randomBytes(4).toString('hex')}`;

  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<RawPostgres> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const raw = new RawPostgres(client);
      await client.query('create schema if not exists bench');
      await client.query(
        `create table ${raw.table} (position bigint generated always as identity primary key, data json not null)`,
      );
      return raw;
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /** One durable transaction for all of them: one text parameter, split by the server. */
  async insert(lines: readonly string[]): Promise<void> {
    await this.client.query({
      name: this.table,
      text: `insert into ${this.table} (data) select line::json from string_to_table($1, E'\\n') as line`,
      values: [lines.join(LINE)],
    });
  }

  /** Events a second, batch after batch. */
  async throughput(lines: readonly string[]): Promise<number> {
    const start = performance.now();
    for (let from = 0; from < lines.length; from += BATCH) await this.insert(lines.slice(from, from + BATCH));
    return (lines.length / (performance.now() - start)) * 1000;
  }

  /** Events a second, read in pages of raw text and parsed: what a replay cannot be faster than. */
  async readThroughput(): Promise<number> {
    const start = performance.now();
    let count = 0;
    for (let after = 0; ; after += 5_000) {
      const page = await this.client.query<{ data: string }>({
        name: `${this.table}-read`,
        text: `select data::text as data from ${this.table} where position > $1 order by position limit 5000`,
        values: [after],
      });
      for (const { data } of page.rows) JSON.parse(data);
      count += page.rows.length;
      if (page.rows.length < 5_000) break;
    }
    return (count / (performance.now() - start)) * 1000;
  }

  async close(): Promise<void> {
    try {
      await this.client.query(`drop table ${this.table}`);
    } finally {
      await this.client.end();
    }
  }
}
