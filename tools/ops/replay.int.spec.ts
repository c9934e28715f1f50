import { barOf } from '@core/bars/bar';
import { CommandClient } from '@core/bus/command-client';
import { answerMarket } from '@core/bus/answers';
import { MarketClient } from '@core/bus/market-client';
import { connectionOptions } from '@core/bus/nats-connection';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { anEvent } from '@core/contracts/examples.fixture';
import { aPair } from '@core/contracts/market/example.fixture';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import { subjects } from '@core/contracts/subjects';
import { BarStore } from '@core/market-bars/bar-store';
import { marketEntities } from '@core/market-bars/entities';
import { migrateMarketBars } from '@core/market-bars/migrations';
import { newId } from '@core/service/clock';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from 'nats';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { endless, ops, OpsHarness, piped } from './ops-harness.fixture.ts';

interface Replayed {
  readonly events: number;
  readonly position: number;
  readonly digest: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly natsUrl: string;
}

/** What the venue says now: nothing of its prices may be seen in a replay. */
const TODAY = {
  venue: 'demo',
  instruments: ['EURUSD', 'GBPUSD', 'USDJPY'].map((instrument) => aPair(instrument)),
  quotes: [{ instrument: 'USDJPY', bid: '9', ask: '9.1', time: '2026-02-01T10:00:00.000000Z', bids: [], asks: [] }],
} satisfies MarketSnapshot;

describe('ops replay', () => {
  let harness: OpsHarness;
  let folder: string;
  let market: NatsConnection;

  beforeAll(async () => {
    harness = await OpsHarness.open();
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    await keepBars(harness.database.url);
    market = await connect({ servers: [process.env['NATS_URL'] ?? ''] });
    market.subscribe(subjects.marketSnapshot('demo'), {
      callback: (_error, message) => answerMarket(message, Buffer.from(JSON.stringify(TODAY))),
    });
    await market.flush();
    const own = { subject: harness.account };
    await harness.append([anEvent('AccountRegistered', {}, { ...own, id: newId() })]);
    for (const minute of ['01', '02', '03'])
      await harness.append(
        [anEvent('EquityMarked', {}, { ...own, id: newId() })],
        `2026-01-05T10:${minute}:00.000000Z`,
      );
  });
  afterAll(async () => {
    await market.close();
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
      await hasPricesOfThen(natsUrl);
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

  /** As the minute before the last batch ended: sure, or said to be the last that is known, or none. */
  async function hasPricesOfThen(natsUrl: string): Promise<void> {
    const nats = await connectAs('ws-session', natsUrl);
    const [time, before] = ['2026-01-05T10:03:00.000000Z', '2026-01-05T10:01:00.000000Z'];
    expect(await new MarketClient(nats).snapshot('demo')).toEqual({
      ...{ venue: 'demo', instruments: TODAY.instruments },
      quotes: [
        { instrument: 'EURUSD', bid: '1.3', ask: '1.3', time, bids: [], asks: [] },
        { instrument: 'GBPUSD', bid: '1.5', ask: '1.5', time: before, bids: [], asks: [] },
      ],
      states: [
        { instrument: 'EURUSD', state: 'live', since: time },
        { instrument: 'GBPUSD', state: 'stale', since: before },
      ],
    });
    await nats.close();
  }

  const connectAs = (login: string, natsUrl: string): Promise<NatsConnection> => {
    const { logins } = JSON.parse(readFileSync(join(folder, 'server-passwords.json'), 'utf8')) as {
      readonly logins: Readonly<Record<string, string>>;
    };
    const url = new URL(natsUrl);
    Object.assign(url, { username: login, password: logins[login] ?? '' });
    return connect({ ...connectionOptions({ url: url.href, name: 'spec' }), waitOnFirstConnect: false });
  };

  async function reachesNoBroker(natsUrl: string, databaseUrl: string): Promise<void> {
    for (const login of ['xapi-connector', 'xapi-connector-leases', 'paper-connector', 'ledger', 'proquant-webhook'])
      await expect(connectAs(login, natsUrl)).rejects.toThrow(/authorization/i);

    const nats = await connectAs('ws-session', natsUrl);
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

/** EURUSD is known until the third minute ends, and moved in it last; GBPUSD's last is followed by a hole. */
async function keepBars(url: string): Promise<void> {
  await migrateMarketBars(url);
  const source = await new DataSource({ type: 'postgres', url, entities: marketEntities }).initialize();
  const at = (minute: number): number => Date.UTC(2026, 0, 5, 10, minute);
  const settle = (instrument: string, untilMinute: number, ...bids: readonly `${number}`[]) =>
    new BarStore(source.manager).settle(
      'demo',
      { fromMs: at(0), untilMs: at(untilMinute) },
      new Map([[instrument, bids.map((bid, minute) => barOf(at(minute), bid))]]),
    );
  await settle('EURUSD', 60, '1.1', '1.2', '1.3', '1.4');
  await settle('GBPUSD', 1, '1.5');
  await source.destroy();
}

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
