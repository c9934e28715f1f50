import { Pool, type PoolClient } from 'pg';

/** What edges look up, in the order in which one refers to another. What is not named here stays where it is. */
const TABLES = [
  ...['trader', 'trader_home', 'broker', 'account', 'access_key', 'integration', 'slippage_bound'],
  ...['oauth_client', 'data_client', 'data_group', 'projection_release'],
] as const;

/** What would lead to a broker, and what takes its place: its password has no table here. */
const REPLACED: Readonly<Record<string, string>> = { broker: `|| '{"endpoint": {}}'::jsonb` };

/** People, accounts and keys as they are registered now; nobody's password at a broker, and no broker's address. */
export async function copyRegistry(source: Pool, targetUrl: string): Promise<void> {
  const target = new Pool({ connectionString: targetUrl, max: 1 });
  const client = await target.connect();
  try {
    await client.query('begin');
    await client.query(`truncate ${TABLES.map((name) => `registry.${name}`).join(', ')} cascade`);
    for (const name of TABLES) await copyTable(source, client, name);
    await client.query('commit');
  } finally {
    client.release();
    await target.end();
  }
}

async function copyTable(source: Pool, target: PoolClient, name: (typeof TABLES)[number]): Promise<void> {
  const { rows } = await source.query<{ rows: string }>(
    `select coalesce(json_agg(to_jsonb(t) ${REPLACED[name] ?? ''}), '[]')::text as rows from registry.${name} t`,
  );
  await target.query(
    `insert into registry.${name} overriding system value
     select * from json_populate_recordset(null::registry.${name}, $1)`,
    [rows[0]?.rows ?? '[]'],
  );
}
