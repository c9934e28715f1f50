import type { Command } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples';
import { SYSTEM_ACCOUNT, type AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { migrateEventLog } from '@core/event-log/migrations';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { openRegistry, type Registry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { NatsServer } from '@core/testing/nats-server';
import { connect, type NatsConnection } from 'nats';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

const ROOT = join(__dirname, '../..');
const REGISTRY_KEY = randomBytes(32).toString('base64');

let database: FreshDatabase;
let nats: NatsServer;
let connection: NatsConnection;
let writer: PostgresEventLogWriter;
let registry: Registry;
let account: AccountId;

/** What the ledger was asked, and what it answers next. */
const asked: Command[] = [];
let refusal: { reason: string; text: string | null } | null = null;
const heard: { subject: string; body: unknown }[] = [];

beforeAll(async () => {
  [database, nats] = await Promise.all([freshDatabase(), NatsServer.start()]);
  await migrateEventLog(database.url);
  const lost = (error: Error): never => {
    throw error;
  };
  const options = { url: database.url, build: 'spec@0', appendTimeoutMs: 20_000, onLost: lost };
  writer = await PostgresEventLogWriter.open(options);
  registry = await openRegistry({ url: database.url, key: REGISTRY_KEY, newId });
  connection = await connect({ servers: [nats.url] });
  connection.subscribe('command.>', {
    callback: (_error, message) => {
      asked.push(message.json<Command>());
      const answer = refusal ? { ok: false, refusal } : { ok: true, position: 77, eventIds: [] };
      message.respond(Buffer.from(JSON.stringify(answer)));
    },
  });
  connection.subscribe('registry.>', {
    callback: (_error, message) => heard.push({ subject: message.subject, body: message.json() }),
  });
  await connection.flush();

  Object.assign(process.env, { DATABASE_URL: database.url, NATS_URL: nats.url, REGISTRY_KEY });
  const trader = await registry.addTrader('ada', 'correct horse');
  await registry.putBroker({ venue: 'demo', transport: 'tcp', main: 'h:1', stream: 'h:2', insecureTls: false });
  const known = { traderId: trader.id, venue: 'demo', brokerLogin: '10001', name: 'Ada', mode: 'demo' } as const;
  account = (await registry.putAccount({ ...known, password: 'canary-broker' })).id;
}, 60_000);

afterAll(async () => {
  await connection.close();
  await registry.close();
  await writer.close();
  await nats.stop();
  await database.drop();
});

beforeEach(() => {
  asked.length = heard.length = 0;
  refusal = null;
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function ops(...args: readonly string[]): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const log = jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  const error = jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
  try {
    return { code: await run(operatorProgram(), args), out: out.join('\n'), err: err.join('\n') };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** As a process of its own, with something piped in. */
async function piped(input: string, ...args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'tools/ops/main.ts', ...args], {
    cwd: ROOT,
    env: process.env,
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, out: out.trim(), err: err.trim() };
}

async function json<Value>(...args: readonly string[]): Promise<Value> {
  const { code, out, err } = await ops(...args, '--json');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Value;
}

async function append(events: readonly Event[], recordedtime = '2026-01-05T10:00:00.000000Z'): Promise<number> {
  const { recorded } = await writer.append({ events, answers: [], quarantined: [], checkpoint: null, recordedtime });
  return recorded.at(-1)?.position ?? 0;
}

/** A market order, filled, whose stop loss is hit an hour later; returns the ids people know. */
async function orderThatWasStopped() {
  const [orderId, positionId, correlationid] = [newId(), newId(), newId()];
  const chain: Event[] = [];
  const next = (event: Event): void => {
    const cause = chain.at(-1)?.id ?? orderId;
    chain.push({ ...event, id: newId(), subject: account, correlationid, causationid: cause });
  };
  next(anEvent('OrderRequested', { orderId, kind: 'market', price: null }));
  next(anEvent('OrderDispatched', { orderId }));
  next(anEvent('OrderAccepted', { orderId }));
  next(anEvent('OrderFilled', { orderId, positionId }));
  next(anEvent('PositionOpened', { orderId, positionId }));
  await append(chain);
  const closed = anEvent('PositionClosed', { positionId, reason: 'stop-loss' });
  const later = { ...closed, id: newId(), subject: account, correlationid: newId(), causationid: null };
  const position = await append([later], '2026-01-05T11:00:00.000000Z');
  return { orderId, positionId, position, chain };
}

describe('ops log', () => {
  it('shows the last events, of all accounts or of one', async () => {
    await append([anEvent('TradingHalted', {}, { id: newId(), subject: SYSTEM_ACCOUNT })]);
    const { orderId, positionId } = await orderThatWasStopped();
    const { out } = await ops('log', 'tail', '--lines', '3');
    expect(out.split('\n')).toHaveLength(3);
    expect(out).toMatch(/PositionClosed +0.1 at 1.101, profit 10, stop-loss$/);
    const everything = await ops('log', 'tail', '--lines', '100');
    expect(everything.out).toContain('TradingHalted');
    const one = await ops('log', 'tail', '--lines', '100', '--account', '10001', '--json');
    const events = one.out.split('\n').map((line) => JSON.parse(line) as Event);
    expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set([account]));
    expect(JSON.stringify(events)).toContain(orderId);
    expect(JSON.stringify(events)).toContain(positionId);
  });

  it('shows one event by position and by id', async () => {
    const { chain } = await orderThatWasStopped();
    const [first] = chain;
    const byId = await json<Event & { position: number }>('log', 'show', first?.id ?? '');
    expect(byId).toMatchObject({ id: first?.id, type: 'OrderRequested' });
    expect(await json('log', 'show', String(byId.position))).toEqual(byId);
    expect((await ops('log', 'show', String(byId.position))).out).toContain('"instrument": "EURUSD"');
  });

  it('proves itself, and names the row that somebody altered', async () => {
    await orderThatWasStopped();
    expect(await ops('log', 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('what was committed') });
    const hand = new Client({ connectionString: database.url });
    await hand.connect();
    await hand.query('set session_replication_role = replica');
    const alter = (from: string, to: string) =>
      hand.query('update core.event set data = replace(data::text, $1, $2)::json where position = 2', [from, to]);
    await alter('"buy"', '"sell"');
    const verdict = await ops('log', 'verify');
    const machine = await ops('log', 'verify', '--json');
    await alter('"sell"', '"buy"');
    await hand.end();
    expect(verdict).toMatchObject({ code: 1, out: 'position 2: it is not what was committed', err: '' });
    expect(JSON.parse(machine.out)).toMatchObject({ ok: false, position: 2 });
    expect((await ops('log', 'verify')).code).toBe(0);
  });
});

describe('ops why', () => {
  it('draws what an order led to, and what became of it for another reason', async () => {
    const { orderId, positionId } = await orderThatWasStopped();
    for (const id of [orderId, positionId]) {
      const { code, out } = await ops('why', id);
      expect(code).toBe(0);
      const lines = out.split('\n');
      expect(lines[0]).toMatch(new RegExp(`${id} of account ${account}`));
      expect(lines[2]).toMatch(/^\d+ OrderRequested: buy 0.1 EURUSD market.* asked by tv-gateway/);
      expect(lines[3]).toMatch(/^└─ \d+ OrderDispatched/);
      expect(lines[6]).toMatch(/^ {9}└─ \d+ PositionOpened/);
      expect(lines[8]).toMatch(/^\d+ PositionClosed: .*stop-loss/);
    }
  });

  it('finds an event, and tells machines the whole tree', async () => {
    const { chain, orderId } = await orderThatWasStopped();
    const told = await json<{ kind: string; causes: { event: Event; led: unknown[] }[] }>('why', chain[1]?.id ?? '');
    expect(told.kind).toBe('event');
    expect(told.causes[0]).toMatchObject({ event: { data: { orderId } }, led: [{ led: [{ led: [{ led: [{}] }] }] }] });
    expect(told.causes[1]).toMatchObject({ event: { type: 'PositionClosed' }, led: [] });
  });

  it('knows nothing of what never was', async () => {
    expect(await ops('why', exampleId(0xbad).replace('0000', 'abcd'))).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^ops: there is no order, position, request, signal or event [0-9a-f-]+$/),
    });
  });
});

describe('ops state and accounts', () => {
  it('tells an account now, and as it was', async () => {
    const { positionId, position } = await orderThatWasStopped();
    type State = { positions: { id: string; status: string }[] };
    const statusAt = async (...at: string[]) =>
      (await json<State>('state', '10001', ...at)).positions.find(({ id }) => id === positionId)?.status;
    expect(await statusAt()).toBe('closed');
    expect(await statusAt('--at', String(position - 1))).toBe('open');
    expect(await statusAt('--at', String(position - 2))).toBeUndefined();
    const table = (await ops('state', account.slice(0, 8))).out;
    expect(table).toContain(positionId);
    expect(table).toContain('closed, stop-loss');
  });

  it('takes a moment as the clock of the log knows it', async () => {
    const moment = '2026-03-01T00:00:00Z';
    const [event, later] = ['41', '42'].map((balance) =>
      anEvent('BalanceChanged', { balance: balance as `${number}` }, { id: newId(), subject: account }),
    );
    await append(event ? [event] : [], '2026-03-01T00:00:00.000000Z');
    await append(later ? [later] : [], '2026-03-01T00:00:01.000000Z');
    expect(await json('state', '10001', '--at', moment)).toMatchObject({ state: { money: { balance: '41' } } });
    expect(await json('state', '10001')).toMatchObject({ state: { money: { balance: '42' } } });
  });

  it('lists accounts with session, balance and clean since, and no secret', async () => {
    const event = (made: Event): Event => ({ ...made, id: newId(), subject: account });
    await append([
      event(anEvent('AccountSessionOpened', {}, { time: '2026-03-02T08:00:00.000000Z' })),
      event(anEvent('AccountUpdated')),
      event(anEvent('BalanceChanged', { balance: '1234.56' })),
      event(anEvent('AccountReconciled', {}, { time: '2026-03-02T08:00:01.000000Z' })),
    ]);
    const { out } = await ops('accounts');
    expect(out).toMatch(new RegExp(`${account} +ada +demo +10001 +demo +open since 2026-03-02 08:00:00.000`));
    expect(out).toContain('1234.56 USD');
    expect(out).toContain('2026-03-02 08:00:01.000');
    const told = await json<{ accounts: object[] }>('accounts');
    expect(told.accounts).toMatchObject([{ id: account, trader: 'ada', state: { money: { balance: '1234.56' } } }]);
    expect(JSON.stringify(told)).not.toMatch(/sealed|canary/i);
  });

  it('does not let a broker’s text into the terminal', async () => {
    const lost = anEvent('AccountSessionLost', { reason: 'bye\u001b[2J\nops: all is well' });
    await append([{ ...lost, id: newId(), subject: account }]);
    const { out } = await ops('log', 'tail', '--lines', '1');
    expect(out).toContain('bye\ufffd[2J\ufffdops: all is well');
  });
});

describe('ops on the first day', () => {
  it('adds a trader with a password that is piped in', async () => {
    const added = await piped('a long password\n', 'traders', 'add', 'bob', '--json');
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(added.out)).toMatchObject({ login: 'bob' });
    expect(await registry.verifyTrader('bob', 'a long password')).not.toBeNull();
    expect(await piped('short\n', 'traders', 'add', 'carol')).toMatchObject({ code: 2, out: '' });
    expect((await ops('traders')).out).toContain('bob');
    expect(await ops('traders', 'add', 'ada')).toMatchObject({ code: 2, err: 'ops: trader ada exists already' });
  }, 60_000);

  const newAccount = ['accounts', 'add', '--trader', 'ada', '--venue', 'xoh', '--login', '5001', '--mode', 'live'];
  const reached = ['--transport', 'tls', '--main', 'xapi.example:5112', '--stream', 'xapi.example:5113'];

  it('adds an account at a new broker, registers it and tells the services', async () => {
    const added = await piped('canary-password\n', ...newAccount, ...reached, '--json');
    expect(added).toMatchObject({ code: 0, err: '' });
    const { account: id } = JSON.parse(added.out) as { account: string };
    expect(await registry.credentials(id)).toEqual({ login: '5001', password: 'canary-password' });
    expect(asked).toMatchObject([{ type: 'RegisterAccount', subject: id, data: { venue: 'xoh', mode: 'live' } }]);
    expect(heard).toContainEqual({ subject: subjects.registryChanged, body: {} });
    expect(JSON.stringify([asked, heard]) + added.out + added.err).not.toContain('canary');

    refusal = { reason: 'account-already-registered', text: null };
    expect(await piped('rotated\n', ...newAccount)).toMatchObject({ code: 0, err: '' });
    expect((await registry.credentials(id)).password).toBe('rotated');
    expect((await registry.brokers()).find(({ venue }) => venue === 'xoh')).toMatchObject({
      main: 'xapi.example:5112',
    });
  }, 60_000);

  it.each([
    [[...newAccount.slice(0, 4), '--venue', 'new', '--login', '1', '--mode', 'demo'], /new is new: say --transport/],
    [[...newAccount, ...reached, '--main', 'nonsense'], /nonsense is no host:port/],
    [[...newAccount, '--transport', 'carrier-pigeon'], /'carrier-pigeon' is invalid/],
    [[...newAccount, '--venue', 'Not A Venue'], /--venue is a short lower-case name/],
    [newAccount.slice(0, 6), /required option '--login <number>' not specified/],
    [[...newAccount, '--trader', 'nobody'], /there is no trader nobody/],
  ])('refuses %j with one line', async (args, line) => {
    const { code, out, err } = await ops(...args);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 1]);
    expect(err).toMatch(line);
  });

  it('disables an account and enables it again', async () => {
    expect(await ops('accounts', 'disable', '10001')).toMatchObject({ code: 0 });
    expect((await ops('accounts')).out).toMatch(/10001 +demo +disabled/);
    await ops('accounts', 'enable', '10001');
    expect((await registry.account(account))?.enabled).toBe(true);
    expect(heard.map(({ subject }) => subject)).toEqual([subjects.registryChanged, subjects.registryChanged]);
  });

  it('makes a key whose secret is shown once, and revokes it', async () => {
    const made = await json<{ id: string; secret: string }>('keys', 'add', 'office', '--account', '10001', '--prices');
    expect(await registry.findAccessKey(made.secret)).toMatchObject({
      accountIds: [account],
      traderIds: [],
      prices: true,
    });
    const list = await ops('keys', 'list');
    expect(list.out).toContain('office');
    expect(list.out + (await ops('keys', 'list', '--json')).out).not.toContain(made.secret);
    expect(await ops('keys', 'revoke', made.id)).toMatchObject({ code: 0 });
    expect(await registry.findAccessKey(made.secret)).toBeNull();
    await connection.flush();
    expect(heard).toEqual([{ subject: subjects.keyRevoked, body: { keyId: made.id } }]);
    expect(await ops('keys', 'add', 'no scope')).toMatchObject({ code: 2 });
    expect(await ops('keys', 'add', 'two scopes', '--all', '--trader', 'ada')).toMatchObject({ code: 2 });
  });

  it('adds an integration with its tickers, its token shown once', async () => {
    const tickers = ['--ticker', 'XAUUSD=GOLD', 'EURUSD=EURUSD:100000'];
    const made = await json<{ id: string; token: string; path: string }>(
      ...['integrations', 'add', 'ada@example.com', '--account', '10001', ...tickers],
    );
    expect(await registry.findIntegration(made.id, made.token)).toMatchObject({
      accountId: account,
      tickers: {
        XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' },
        EURUSD: { instrument: 'EURUSD', unitsPerQuantity: '100000' },
      },
    });
    expect(made.path).toBe(`/proquant/v1/hooks/${made.id}`);
    expect((await ops('integrations')).out).not.toContain(made.token);
    const wrong = await ops('integrations', 'add', 'x', '--account', '10001', '--ticker', 'GOLD');
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('GOLD is no mapping') });
  });
});

describe('ops decisions', () => {
  it('halt and resume everyone, or one account', async () => {
    expect(await ops('trading', 'halt', '--note', 'fire drill', '--operator', 'ada')).toMatchObject({
      code: 0,
      out: 'trading is halted for everyone, at position 77',
    });
    await ops('trading', 'resume', '--note', 'over', '--account', '10001');
    await ops('trading', 'close-only', 'on', '--note', 'weekend');
    expect(asked).toMatchObject([
      { type: 'HaltTrading', subject: SYSTEM_ACCOUNT, data: { operator: 'ada', note: 'fire drill' } },
      { type: 'ResumeTrading', subject: account },
      { type: 'SetCloseOnly', subject: SYSTEM_ACCOUNT, data: { closeOnly: true, note: 'weekend' } },
    ]);
    expect(await ops('trading', 'halt')).toMatchObject({ code: 2, err: expect.stringContaining('--note') });
    expect(await ops('trading', 'close-only', 'perhaps', '--note', 'x')).toMatchObject({ code: 2 });
  });

  it('list what nobody knows the outcome of, and settle it', async () => {
    const orderId = newId();
    const of = (event: Event): Event => ({ ...event, id: newId(), subject: account });
    const doubted = [anEvent('OrderRequested', { orderId }), anEvent('OrderDispatched', { orderId })].map(of);
    await append([...doubted, of(anEvent('OrderOutcomeUnknown', { orderId, cause: 'connection-lost' }))]);
    expect((await ops('requests', 'unknown')).out).toMatch(new RegExp(`${orderId} +order +unknown.*connection-lost`));
    expect(await json('requests', 'unknown')).toMatchObject([{ account, id: orderId, status: 'unknown' }]);

    const settled = await ops('requests', 'resolve', orderId, '--not-executed', '--note', 'not at the broker');
    expect(settled).toMatchObject({ code: 0, out: `order ${orderId} is settled at position 77` });
    expect(asked).toMatchObject([
      { type: 'ResolveRequest', subject: account, data: { kind: 'order', requestId: orderId, executed: false } },
    ]);
    refusal = { reason: 'outcome-not-unknown', text: null };
    expect(await ops('requests', 'resolve', orderId, '--executed', '--note', 'x')).toEqual({
      code: 2,
      out: '',
      err: 'ops: the ledger refused: outcome-not-unknown',
    });
    expect(await ops('requests', 'resolve', orderId, '--note', 'x')).toMatchObject({ code: 2 });
  });
});

describe('ops against what is not there', () => {
  const elsewhere = async (variables: Record<string, string>, ...args: readonly string[]): Promise<Said> => {
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      return await ops(...args);
    } finally {
      Object.assign(process.env, before);
    }
  };

  it('fails with one line when Postgres is away, or holds no core', async () => {
    const away = await elsewhere({ DATABASE_URL: 'postgres://nobody:canary@127.0.0.1:1/none' }, 'log', 'tail');
    expect(away).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^ops: .*ECONNREFUSED[^\n]*$/) });
    expect(away.err).not.toContain('canary');
    const empty = await freshDatabase();
    const none = await elsewhere({ DATABASE_URL: empty.url }, 'log', 'tail');
    await empty.drop();
    expect(none).toEqual({ code: 1, out: '', err: 'ops: this database holds no trading core yet' });
  });

  it('reads without NATS, but cannot ask the ledger', async () => {
    const nowhere = { NATS_URL: 'nats://127.0.0.1:1' };
    expect(await elsewhere(nowhere, 'log', 'tail')).toMatchObject({ code: 0, err: '' });
    const halted = await elsewhere(nowhere, 'trading', 'halt', '--note', 'x');
    expect(halted).toMatchObject({ code: 1, out: '' });
    expect(halted.err.split('\n')).toHaveLength(1);
    const disabled = await elsewhere(nowhere, 'accounts', 'enable', '10001');
    expect(disabled).toMatchObject({ code: 0, err: expect.stringMatching(/^running services were not told/) });
  });

  it.each([
    [['log', 'show', '999999'], /the log ends before 999999/],
    [['log', 'show', 'xyz'], /xyz is no id/],
    [['log', 'tail', '--lines', '0'], /--lines is a number from 1/],
    [['state', 'ffff'], /there is no account ffff/],
    [['state', '10001', '--at', 'yesterday'], /--at is a position or a moment/],
    [['log', 'tail', '--loud'], /unknown option '--loud'/],
    [['nonsense'], /there is no nonsense: say one of log/],
    [[], /say one of log/],
  ])('refuses %j with one line', async (args, line) => {
    const { code, out, err } = await ops(...args);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 1]);
    expect(err).toMatch(line);
  });
});
