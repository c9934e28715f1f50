import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { freshDatabase } from '@core/testing/fresh-database';
import { Client } from 'pg';
import { endless, json, OpsHarness, ops, type OpsOutput } from './ops-harness.fixture.ts';

let harness: OpsHarness;

beforeAll(async () => {
  harness = await OpsHarness.open();
}, 60_000);
afterAll(() => harness.close());

/** A market order, filled, whose stop loss is hit an hour later; returns the ids people know. */
async function orderThatWasStopped() {
  const [orderId, positionId, correlationid] = [newId(), newId(), newId()];
  const chain: Event[] = [];
  const next = (event: Event): void => {
    const cause = chain.at(-1)?.id ?? orderId;
    chain.push({ ...event, id: newId(), subject: harness.account, correlationid, causationid: cause });
  };
  next(anEvent('OrderRequested', { orderId, kind: 'market', price: null }));
  next(anEvent('RequestDispatched', { requestId: orderId }));
  next(anEvent('RequestAccepted', { requestId: orderId }));
  next(anEvent('OrderFilled', { orderId, positionId }));
  next(anEvent('PositionOpened', { orderId, positionId }));
  await harness.append(chain);
  const closed = anEvent('PositionClosed', { positionId, reason: 'stop-loss' });
  const later = { ...closed, id: newId(), subject: harness.account, correlationid: newId(), causationid: null };
  const position = await harness.append([later], '2026-01-05T11:00:00.000000Z');
  return { orderId, positionId, position, chain };
}

describe('ops log', () => {
  it('shows the last events, of all accounts or of one', async () => {
    await harness.append([anEvent('TradingHalted', {}, { id: newId(), subject: SYSTEM_ACCOUNT })]);
    const { orderId, positionId } = await orderThatWasStopped();
    const { out } = await ops('log', 'tail', '--lines', '3');
    expect(out.split('\n')).toHaveLength(3);
    expect(out).toMatch(/PositionClosed +0.1 at 1.101, profit 10, stop-loss$/);
    const everything = await ops('log', 'tail', '--lines', '100');
    expect(everything.out).toContain('TradingHalted');
    const one = await ops('log', 'tail', '--lines', '100', '--account', '10001', '--json');
    const events = one.out.split('\n').map((line) => JSON.parse(line) as Event);
    expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set([harness.account]));
    expect(JSON.stringify(events)).toContain(orderId);
    expect(JSON.stringify(events)).toContain(positionId);
  });

  it('goes on with what comes', async () => {
    await orderThatWasStopped();
    const tail = endless('log', 'tail', '--follow', '--lines', '1', '--json');
    const next = async () => JSON.parse((await tail.lines.next()).value as string) as Event;
    expect((await next()).type).toBe('PositionClosed');
    const event = anEvent('EquityMarked', {}, { id: newId(), subject: harness.account });
    await harness.append([event]);
    expect((await next()).id).toBe(event.id);
    await tail.end();
  }, 60_000);

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
    const database = new Client({ connectionString: harness.database.url });
    await database.connect();
    await database.query('set session_replication_role = replica');
    const alter = (from: string, to: string) =>
      database.query('update core.event set data = replace(data::text, $1, $2)::json where position = 2', [from, to]);
    await alter('"buy"', '"sell"');
    const verdict = await ops('log', 'verify');
    const machine = await ops('log', 'verify', '--json');
    await alter('"sell"', '"buy"');
    await database.end();
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
      expect(lines[0]).toMatch(new RegExp(`${id} of account ${harness.account}`));
      expect(lines[2]).toMatch(/^\d+ OrderRequested: buy 0.1 EURUSD market.* asked by tv-gateway/);
      expect(lines[3]).toMatch(/^└─ \d+ RequestDispatched/);
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
    const table = (await ops('state', harness.account.slice(0, 8))).out;
    expect(table).toContain(positionId);
    expect(table).toContain('closed, stop-loss');
  });

  it('takes a moment as the clock of the log knows it', async () => {
    const moment = '2026-03-01T00:00:00Z';
    const [event, later] = ['41', '42'].map((balance) =>
      anEvent('BalanceChanged', { balance: balance as `${number}` }, { id: newId(), subject: harness.account }),
    );
    await harness.append(event ? [event] : [], '2026-03-01T00:00:00.000000Z');
    await harness.append(later ? [later] : [], '2026-03-01T00:00:01.000000Z');
    expect(await json('state', '10001', '--at', moment)).toMatchObject({ state: { money: { balance: '41' } } });
    expect(await json('state', '10001')).toMatchObject({ state: { money: { balance: '42' } } });
  });

  it('lists accounts with session, balance and clean since, and no secret', async () => {
    const event = (made: Event): Event => ({ ...made, id: newId(), subject: harness.account });
    await harness.append([
      event(anEvent('AccountSessionOpened', {}, { time: '2026-03-02T08:00:00.000000Z' })),
      event(anEvent('AccountUpdated')),
      event(anEvent('BalanceChanged', { balance: '1234.56' })),
      event(anEvent('AccountReconciled', {}, { time: '2026-03-02T08:00:01.000000Z' })),
    ]);
    const { out } = await ops('accounts');
    expect(out).toMatch(new RegExp(`${harness.account} +ada +demo +10001 +demo +open since 2026-03-02 08:00:00.000`));
    expect(out).toContain('1234.56 USD');
    expect(out).toContain('2026-03-02 08:00:01.000');
    const told = await json<{ accounts: object[] }>('accounts');
    expect(told.accounts).toMatchObject([
      { id: harness.account, trader: 'ada', state: { money: { balance: '1234.56' } } },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/sealed|canary/i);
    const state = (await ops('state', '10001')).out;
    expect(state).toMatch(/last look +clean, \d+ positions and \d+ orders at 2026-03-02 08:00:01.000/);
    expect(state).toMatch(/clean since +2026-03-02 08:00:01.000/);
  });

  it('does not let a broker’s text into the terminal', async () => {
    const lost = anEvent('AccountSessionLost', { reason: 'bye\u001b[2J\nops: all is well' });
    await harness.append([{ ...lost, id: newId(), subject: harness.account }]);
    const { out } = await ops('log', 'tail', '--lines', '1');
    expect(out).toContain('bye\ufffd[2J\ufffdops: all is well');
  });
});

describe('ops against what is not there', () => {
  const elsewhere = async (variables: Record<string, string>, ...args: readonly string[]): Promise<OpsOutput> => {
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
