import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import { migrateEventLog } from '@core/event-log/migrations';
import { AppProcess } from '@core/machine/app-process';
import { openRegistry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { withClient } from '@core/testing/fresh-database';
import { until } from '@core/testing/until';
import { join } from 'node:path';
import { EVENTS_PER_ROUND, rounds, roundTrip } from './events.ts';
import { latency, type Row } from './row.ts';
import type { Servers } from './servers.ts';
import { fillLog } from './session-harness.ts';

const ACCOUNTS = 200;
const PROMISED_MS = 2_000;
const WAIT_MS = 600_000;
const EDGES = ['tv-gateway', 'ws-session', 'proquant-webhook'];

/** How long the ledger and each edge take to be ready again with so many events behind them, killed before. */
export async function restart(servers: Servers, events: number): Promise<Row[]> {
  const { databaseUrl, natsUrl } = servers;
  const accounts = Array.from({ length: ACCOUNTS }, newId);
  await migrateEventLog(databaseUrl);
  await (await openRegistry({ url: databaseUrl, newId })).close();
  const past = [...rounds(accounts, Math.ceil(events / (ACCOUNTS * EVENTS_PER_ROUND)), roundTrip)].slice(0, events);
  await fillLog(databaseUrl, [...accounts.map(registered), ...past]);
  const behind = `${events.toLocaleString('en-US')} events behind it`;
  const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn', SNAPSHOT_MS: '2000' };
  const app = async (name: string, more: Record<string, string> = {}): Promise<AppProcess> => {
    const opsPort = await servers.ports.claim(`restart-${name}`, 0);
    return new AppProcess({ name, opsPort, env: { ...env, ...more } }, join(servers.logs, `${name}.log`));
  };
  const row = (id: string, what: string, value: number, isPromised: boolean): Row =>
    latency({
      ...{ id: `restart.${id}`, what: `${what}, ${behind}`, value, unit: 'ms' },
      ...{ limit: isPromised ? PROMISED_MS : null, floor: isPromised ? 1 : null },
    });
  const ledger = await app('ledger');
  const started = [ledger];
  try {
    await readyMs(ledger);
    await ledger.crash();
    const rows = [row('ledger', 'the ledger until it is ready', await readyMs(ledger), true)];
    const firstMs = await firstAnswerMs(natsUrl, accounts[0] ?? '');
    rows.push(row('ledger.first', 'and its first answer about an account', firstMs, false));
    for (const name of EDGES) {
      const port = await servers.ports.claim(`restart-${name}-port`, 0);
      const edge = await app(name, { PORT: String(port) });
      started.push(edge);
      rows.push(row(`edges.${name}.without`, `${name} without snapshots`, await readyMs(edge), false));
      await saved(databaseUrl, name);
      await edge.crash();
      rows.push(row(`edges.${name}`, `${name} with its snapshots`, await readyMs(edge), true));
      await edge.crash();
    }
    return rows;
  } finally {
    for (const each of started) await each.crash();
  }
}

const registered = (subject: AccountId) =>
  anEvent('AccountRegistered', { traderId: newId() }, { id: newId(), subject });

/** Milliseconds from its start until it says that it is ready. */
async function readyMs(app: AppProcess): Promise<number> {
  const startMs = performance.now();
  const ended = { how: '' };
  const life = app.launch().then(
    (how) => (ended.how = how),
    (error: Error) => (ended.how = error.message),
  );
  const isReady = () =>
    fetch(`http://127.0.0.1:${app.spec.opsPort}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await Promise.race([until(isReady, WAIT_MS), life]);
  if (ended.how !== '') throw new Error(`${app.spec.name} ended before it was ready: ${ended.how}`);
  return performance.now() - startMs;
}

/** What an edge has read stands in its schema. */
const saved = (url: string, name: string): Promise<void> =>
  withClient(url, (client) => {
    const text = `select 1 from ${name.replaceAll('-', '_')}.checkpoint limit 1`;
    return until(async () => (await client.query(text)).rows.length > 0, WAIT_MS);
  });

/** A command that leads to nothing, for the account is there: what it takes is reading it. */
async function firstAnswerMs(natsUrl: string, account: AccountId): Promise<number> {
  const nats = await connectNats({ url: natsUrl, name: 'bench' });
  try {
    const { type, data } = aCommand('RegisterAccount');
    const startMs = performance.now();
    const commands = new CommandClient(new NatsCommandTransport(nats), 'bench');
    await commands.ask(account, { type, data }, { timeoutMs: WAIT_MS });
    return performance.now() - startMs;
  } finally {
    await nats.close();
  }
}
