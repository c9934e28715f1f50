import { CommandClient } from '@core/bus/command-client';
import { connectionOptions } from '@core/bus/nats-connection';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { anEvent } from '@core/contracts/examples.fixture';
import { newId } from '@core/service/clock';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from 'nats';
import { Client } from 'pg';
import { endless, ops, OpsHarness, piped } from './ops-harness.fixture.ts';

interface Replayed {
  readonly events: number;
  readonly position: number;
  readonly digest: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly natsUrl: string;
}

describe('ops replay', () => {
  let harness: OpsHarness;
  let folder: string;

  beforeAll(async () => {
    harness = await OpsHarness.open();
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const own = { subject: harness.account };
    await harness.append([anEvent('AccountRegistered', {}, { ...own, id: newId() })]);
    for (const minute of ['01', '02', '03'])
      await harness.append(
        [anEvent('EquityMarked', {}, { ...own, id: newId() })],
        `2026-01-05T10:${minute}:00.000000Z`,
      );
  });
  afterAll(async () => {
    await harness.close();
    rmSync(folder, { recursive: true });
  });

  it('waits where it is told to, goes on from there, and makes the same log again', async () => {
    // A minute of the log is a minute at 1x: only steps bring it forward.
    const stepped = await piped('ssq', 'replay', '--into', folder, '--paused', '--speed', '1x', '--json');
    expect(JSON.parse(stepped.out)).toMatchObject({ events: 2, position: 2 });
    const replay = endless('replay', '--into', folder, '--edges', 'ws-session', '--json');
    try {
      const line = await replay.lines.next();
      const { events, position, digest, urls, databaseUrl, natsUrl } = JSON.parse(line.value as string) as Replayed;
      expect([events, position]).toEqual([2, 4]);
      expect(digest).toBe(await lastDigest(harness.database.url));
      expect(urls).toEqual({ 'ws-session': expect.stringContaining('http') });
      await reachesNoBroker(natsUrl, databaseUrl);
    } finally {
      await replay.end();
    }
  });

  it('touches no folder of a system that trades', async () => {
    const other = mkdtempSync(join(tmpdir(), 'system-'));
    writeFileSync(join(other, 'server-passwords.json'), '{}');
    expect(await ops('replay', '--into', other)).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('no sandbox') },
    });
    rmSync(other, { recursive: true });
  });

  async function reachesNoBroker(natsUrl: string, databaseUrl: string): Promise<void> {
    const { logins } = JSON.parse(readFileSync(join(folder, 'server-passwords.json'), 'utf8')) as {
      readonly logins: Readonly<Record<string, string>>;
    };
    const as = (login: string): Promise<NatsConnection> => {
      const url = new URL(natsUrl);
      Object.assign(url, { username: login, password: logins[login] ?? '' });
      return connect({ ...connectionOptions({ url: url.href, name: 'spec' }), waitOnFirstConnect: false });
    };
    for (const login of ['xapi-connector', 'xapi-connector-leases', 'paper-connector', 'ledger', 'proquant-webhook'])
      await expect(as(login)).rejects.toThrow(/authorization/i);

    const nats = await as('ws-session');
    const cancel = {
      type: 'CancelOrder',
      data: { orderId: newId(), requester: { edge: 'spec', reference: null } },
    } as const;
    const asking = new CommandClient(new NatsCommandTransport(nats), 'spec').ask(harness.account, cancel, {
      timeoutMs: 10_000,
    });
    expect(await asking).toMatchObject({ ok: false, refusal: { reason: 'trading-halted' } });
    await nats.close();

    expect(await rowsOf(databaseUrl, 'select sealed from registry.broker_password')).toEqual([]);
    expect(await rowsOf(databaseUrl, 'select endpoint from registry.broker')).toEqual([{ endpoint: {} }]);
    expect(await rowsOf(databaseUrl, 'select login from registry.trader')).toEqual([{ login: 'ada' }]);
  }
});

async function rowsOf(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const lastDigest = async (url: string): Promise<unknown> => {
  const [head] = await rowsOf(url, `select encode(digest, 'hex') as digest from core.log_head`);
  return (head as { readonly digest: string }).digest;
};
