import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { Capsule } from '@core/operations/capsule';
import { newId } from '@core/service/clock';
import type { Alert } from '@core/operations/finding';
import { PostgresSignalInbox } from '@core/signal-inbox/postgres-signal-inbox';
import { freshDatabase } from '@core/testing/fresh-database';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { exampleEndpoints } from '../start/endpoints.fixture.ts';
import { AGREED, endless, json, OpsHarness, ops, type OpsOutput } from './ops-harness.fixture.ts';

let harness: OpsHarness;

beforeAll(async () => {
  harness = await OpsHarness.open();
});
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
    const tail = endless('log', 'tail', '--follow', '--noise', '--lines', '1', '--json');
    const next = async () => JSON.parse((await tail.lines.next()).value as string) as Event;
    expect((await next()).type).toBe('PositionClosed');
    const event = anEvent('EquityMarked', {}, { id: newId(), subject: harness.account });
    await harness.append([event]);
    expect((await next()).id).toBe(event.id);
    await tail.end();
  });

  it('filters as the console does: types, instrument, times, positions, text', async () => {
    const { orderId, chain, position } = await orderThatWasStopped();
    await harness.append([anEvent('EquityMarked', {}, { id: newId(), subject: harness.account })]);
    const shown = async (...filter: readonly string[]): Promise<readonly string[]> => {
      const { out } = await ops('log', 'tail', '--json', '--lines', '5', '--from', String(position - 5), ...filter);
      return out.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as Event).type]));
    };
    const story = [...chain.map(({ type }) => type), 'PositionClosed'];
    expect(await shown()).toEqual(story.slice(-5));
    expect(await shown('--noise')).toEqual([...story.slice(-4), 'EquityMarked']);
    expect(await shown('--type', 'OrderFilled', 'EquityMarked')).toEqual(['OrderFilled', 'EquityMarked']);
    expect(await shown('--not-type', 'OrderFilled')).toEqual(story.filter((type) => type !== 'OrderFilled').slice(-5));
    expect(await shown('--instrument', 'NOTHING')).toEqual([]);
    expect(await shown('--instrument', 'EURUSD')).toContain('PositionClosed');
    expect(await shown('--since', '2026-01-05T11:00')).toEqual(await shown());
    expect(await shown('--since', '2026-01-05T11:00:01')).toEqual([]);
    expect(await shown('--until', '2026-01-05T11:00')).not.toContain('PositionClosed');
    expect(await shown('--until', '2026-01-05T11:00:01')).toEqual(await shown());
    expect(await shown('--to', String(position - 1))).not.toContain('PositionClosed');
    expect(await shown('--grep', 'STOP-loss')).toEqual(['PositionClosed']);
    expect(await shown('--grep', orderId, '--type', 'RequestDispatched')).toEqual(['RequestDispatched']);
    const csv = (await ops('log', 'tail', '--format', 'csv', '--type', 'PositionClosed')).out.split('\n');
    expect(csv[0]).toMatch(/^position,/);
    expect(csv.at(-1)).toMatch(new RegExp(`^${position},`));
  });

  it.each([
    [['--type', 'OrderVanished'], 'there is no event OrderVanished'],
    [['--from', 'yesterday'], '--from is a position, not yesterday'],
    [['--since', '7'], '--since is a moment like'],
    [['--format', 'xml'], 'text, json, csv'],
  ])('says what it does not understand of %j', async (filter, why) => {
    expect(await ops('log', 'tail', ...filter)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
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

describe('ops capsule', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'capsule-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('puts an order with its causes and all it led to in one file, and nobody’s name', async () => {
    const comment = anEvent('BalanceChanged', {
      operation: { type: 'deposit', delta: '5', reference: '77', comment: 'Ada 10001' },
    });
    await harness.append([{ ...comment, id: newId(), subject: harness.account }]);
    const { orderId, positionId } = await orderThatWasStopped();
    const path = join(folder, 'order.json');
    const { out } = await ops('capsule', path, '--order', orderId);
    expect(out).toMatch(/events +6\n/);
    const capsule = Capsule.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(capsule.events.map(({ type }) => type)).toEqual([
      ...['OrderRequested', 'RequestDispatched', 'RequestAccepted', 'OrderFilled', 'PositionOpened', 'PositionClosed'],
    ]);
    expect(capsule.accounts).toEqual([expect.objectContaining({ account: harness.account, protocol: 'xapi' })]);

    const whole = join(folder, 'account.json');
    const { redacted } = await json<Capsule>('capsule', whole, '--account', '10001');
    expect(redacted).toMatchObject({ comment: 1 });
    const text = readFileSync(whole, 'utf8');
    expect(text).toContain(positionId);
    for (const secret of ['Ada', '10001', 'correct horse', 'canary-broker']) expect(text).not.toContain(secret);
  });

  it('of a piece of the log brings how what it speaks of came to be, and writes over nothing', async () => {
    const { orderId, position } = await orderThatWasStopped();
    const path = join(folder, 'piece.json');
    expect((await ops('capsule', path, '--from', String(position - 1))).code).toBe(0);
    const { events } = Capsule.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(events[0]).toMatchObject({ type: 'OrderRequested', data: { orderId } });
    expect(await ops('capsule', path, '--order', orderId)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there already'),
    });
    expect(await ops('capsule', join(folder, 'no.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('say --order'),
    });
  });
});

it('ops projections list says that no edge is running where none is', async () => {
  expect((await ops('projections', 'list')).out).toBe('no edge is running');
});

describe('ops why', () => {
  it('draws what an order led to, and what became of it for another reason', async () => {
    const { orderId, positionId } = await orderThatWasStopped();
    for (const id of [orderId, positionId]) {
      const { code, out } = await ops('why', id);
      expect(code).toBe(0);
      const lines = out.split('\n');
      expect(lines[0]).toMatch(new RegExp(`${id} of account ${harness.account}`));
      expect(lines[2]).toMatch(id === orderId ? /^It was filled at / : /^It was closed at .*its stop loss was met\.$/);
      expect(lines[4]).toMatch(/^\d+ OrderRequested: buy 0.1 EURUSD market.* asked by tv-gateway/);
      expect(lines[5]).toMatch(/^└─ \d+ RequestDispatched/);
      expect(lines[8]).toMatch(/^ {9}└─ \d+ PositionOpened/);
      expect(lines[10]).toMatch(/^\d+ PositionClosed: .*stop-loss/);
    }
  });

  it('finds an event, and tells machines the whole tree', async () => {
    const { chain, orderId } = await orderThatWasStopped();
    const told = await json<{ kind: string; causes: { event: Event; led: unknown[] }[] }>('why', chain[1]?.id ?? '');
    expect(told.kind).toBe('event');
    expect(told.causes[0]).toMatchObject({ event: { data: { orderId } }, led: [{ led: [{ led: [{ led: [{}] }] }] }] });
    expect(told.causes[1]).toMatchObject({ event: { type: 'PositionClosed' }, led: [] });
  });

  it('tells by which numbers a wish was refused', async () => {
    const [requestId, signalId] = [newId(), newId()];
    const refused = anEvent('CommandRefused', { requestId, signalId }, { id: newId(), subject: harness.account });
    await harness.append([{ ...refused, correlationid: newId() }]);
    for (const id of [requestId, signalId])
      expect((await ops('why', id)).out).toMatch(/CommandRefused: .*order-volume of account: 5 allowed, 10 found/);
  });

  it('tells what moved a balance', async () => {
    const operation = { type: 'deposit', delta: '500', reference: null, comment: 'wire' } as const;
    await harness.append([
      anEvent('BalanceChanged', { balance: '10510', operation }, { id: newId(), subject: harness.account }),
    ]);
    expect((await ops('why', 'balance', '10001')).out).toMatch(/deposit +500 +- +wire +10510 +0/);
    expect(await ops('why', 'order', '10001')).toMatchObject({ code: 2 });
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

  it('spells what it tells in one hash, and names the event behind every change', async () => {
    const { positionId, position } = await orderThatWasStopped();
    const hashAt = async (...at: string[]) => (await json<{ hash: string }>('state', '10001', ...at)).hash;
    expect(await hashAt('--at', String(position))).toBe(await hashAt());
    expect(await hashAt('--at', String(position - 1))).not.toBe(await hashAt());
    const range = ['--from', String(position - 1), '--to', String(position)];
    const changes = await json<{ path: string[]; before: unknown; last: number }[]>('diff', '10001', ...range);
    const status = changes.find(({ path }) => path.join('.') === `positions.positions.${positionId}.status`);
    expect(status).toMatchObject({ before: 'open', after: 'closed', first: position, last: position, times: 1 });
    expect(new Set(changes.map(({ last }) => last))).toEqual(new Set([position]));
    const { out } = await ops('diff', '10001', ...range);
    expect(out.split('\n')[0]).toMatch(new RegExp(`^${position} .* PositionClosed `));
    expect(out).toContain(`positions.positions.${positionId}.status: open → closed`);
    expect((await ops('diff', '10001', '--from', String(position))).out).toBe('nothing changed');
  });

  it('tells nothing of what is still to come, nor of an account before it was there', async () => {
    const { position } = await orderThatWasStopped();
    expect((await ops('state', '10001', '--at', '0')).err).toMatch(/begins at position \d+, 2026-01-05T.*, after 0$/);
    expect((await ops('state', '10001', '--at', '2020-01-01')).err).toMatch(/begins at position .* after 2020-01-01$/);
    for (const verb of [
      ['state', '10001', '--at'],
      ['diff', '10001', '--from'],
    ]) {
      const beyond = await ops(...verb, String(position + 1));
      expect(beyond).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining(`the log ends at position ${position}`),
      });
      expect((await ops(...verb, '2999-01-01')).err).toMatch(/2999-01-01 is still to come: the log ends at position/);
    }
    expect((await ops('diff', '10001', '--from', '5', '--to', '4')).err).toBe('ops: --from 5 is later than --to 4');
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

describe('ops export, archive and import', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
    const odd = 'say "hi", 1,5;\u2028 ü';
    await harness.append([anEvent('TradingHalted', { note: odd }, { id: newId(), subject: harness.account })]);
    for (let n = 0; n < 3; n += 1) await orderThatWasStopped();
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const linesOf = (file: string) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');

  it('writes what was asked for in three formats that say the same', async () => {
    const asked = ['--account', '10001', '--type', 'TradingHalted', 'PositionClosed'];
    for (const file of ['a.ndjson', 'a.csv', 'a.parquet'])
      expect(await ops('export', join(folder, file), ...asked)).toMatchObject({ code: 0, err: '' });
    const events = linesOf('a.ndjson').map((line) => JSON.parse(line) as Event & { position: number });
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['TradingHalted', 'PositionClosed']));
    const [head, ...rows] = linesOf('a.csv');
    expect(head).toMatch(/^position,version,.*,data$/);
    expect(
      rows.map((row) => JSON.parse(row.slice(row.indexOf(',"{') + 2, -1).replaceAll('""', '"')) as unknown),
    ).toEqual(events.map(({ data }) => data));
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, 'a.parquet')) });
    expect(read.map((row) => [Number(row.position), row.id, JSON.parse(String(row.data))])).toEqual(
      events.map(({ position, id, data }) => [position, id, data]),
    );
  });

  it.each(['b.ndjson', 'b.csv'])('goes on with %s where it was cut short, wherever that was', async (file) => {
    const path = join(folder, file);
    await ops('export', path);
    const whole = readFileSync(path, 'utf8');
    expect(await ops('export', path)).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
    for (const cut of [0.3, 0.71, 1]) {
      truncateSync(path, Math.floor(Buffer.byteLength(whole) * cut));
      expect((await ops('export', path, '--resume')).err).toBe('');
      expect(readFileSync(path, 'utf8')).toBe(whole);
    }
  });

  it('exports what is filtered, and goes on with it', async () => {
    const path = join(folder, 'filtered.txt');
    const asked = ['log', 'export', path, '--format', 'ndjson', '--type', 'OrderFilled', 'PositionOpened'];
    expect((await ops(...asked)).err).toBe('');
    const whole = readFileSync(path, 'utf8');
    const types = whole
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Event).type);
    expect(new Set(types)).toEqual(new Set(['OrderFilled', 'PositionOpened']));
    expect(await ops(...asked)).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
    truncateSync(path, Math.floor(Buffer.byteLength(whole) / 2));
    expect((await ops(...asked, '--resume')).err).toBe('');
    expect(readFileSync(path, 'utf8')).toBe(whole);
  });

  it('makes the same log of an archive: same positions, same digests, also where it was cut short', async () => {
    const [path, part] = [join(folder, 'log.ndjson'), join(folder, 'part.ndjson')];
    expect((await ops('archive', path)).err).toBe('');
    const other = await freshDatabase();
    const text = readFileSync(path, 'utf8');
    writeFileSync(part, text.slice(0, Math.floor(text.length / 2)));
    expect(await ops('import', part, '--into', other.url)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/cut short/),
    });
    truncateSync(part, Math.floor(text.length / 3));
    await ops('archive', part, '--resume');
    expect(readFileSync(part, 'utf8')).toBe(text);
    const imported = await json<{ position: number; digest: string }>('import', part, '--into', other.url);
    const original = await json<{ digest: string }>('log', 'verify');
    expect([imported.position, imported.digest]).toEqual([await harness.head(), original.digest]);
    expect((await ops('import', path, '--into', other.url)).code).toBe(0);

    const forged = text.replace('"side":"buy"', '"side":"sell"');
    writeFileSync(path, forged);
    const third = await freshDatabase();
    expect(await ops('import', path, '--into', third.url)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/altered file/),
    });
    await Promise.all([other.drop(), third.drop()]);
  });
});

it('ops status says what needs a person, what to do next, and no more than that', async () => {
  const halted = (what: 'TradingHalted' | 'TradingResumed') =>
    harness.append([anEvent(what, { note: 'a look' }, { id: newId(), subject: SYSTEM_ACCOUNT })]);
  const told = async () => {
    const { code, out } = await ops('status', '--json');
    const { findings } = JSON.parse(out) as { readonly findings: readonly { readonly text: string }[] };
    expect(code).toBe(findings.length > 0 ? 1 : 0);
    return findings.map(({ text }) => text);
  };
  await halted('TradingResumed');
  const before = await told();
  await halted('TradingHalted');
  expect(await told()).toHaveLength(before.length + 1);
  const { code, out } = await ops('status');
  expect(code).toBe(1);
  expect(out).toMatch(/need(s)? you\n[\s\S]*trading is halted for everyone[\s\S]*trading resume/);
  for (const asked of [['accounts'], ['state', harness.account]])
    expect((await ops(...asked)).out).toMatch(/halted for everyone since \S+ \S+ by \S+: a look/);
  const doctor = await ops('doctor');
  expect(doctor.code).toBe(1);
  expect(doctor.out).toMatch(
    /trading is halted for everyone[\s\S]*causes +\S[\s\S]*do +\S[\s\S]*not +\S[\s\S]*trading resume[\s\S]*docs\/runbook\.md#tradinghalted/,
  );
  await halted('TradingResumed');
  expect(await told()).toEqual(before);
});

it('ops status says what a signal left half done and what nobody could read, since when, and the next command', async () => {
  const inbox = await PostgresSignalInbox.open(harness.database.url, 5_000, 60_000);
  const { signal } = anEvent('SignalReceived').data;
  const signalId = newId();
  const about = { signalId, integrationId: signal.integrationId, strategyId: signal.strategyId };
  const of = { subject: harness.account };
  const said = [
    anEvent('SignalReceived', { signal: { ...signal, signalId, kind: 'reopen' } }, { ...of, id: newId() }),
    anEvent('SignalHalfDone', { ...about, reason: 'market-closed', text: null }, { ...of, id: newId() }),
  ];
  const delivery = { id: newId(), integrationId: newId(), accountId: harness.account, tokenHash: null };
  const unread = { registration: null, type: null, strategyId: null, sentAt: null, body: '{}', bytes: 2, sha256: '00' };
  try {
    await harness.append(said);
    await inbox.put({ ...delivery, ...unread });
    await inbox.conclude(delivery.id, { state: 'dead', status: 400, verdict: '400', detail: 'malformed' });
    const { findings } = JSON.parse((await ops('status', '--json')).out) as { findings: readonly Alert[] };
    const found = findings.filter(({ kind }) => kind === 'half-done' || kind === 'dead-delivery');
    expect(found).toEqual([
      expect.objectContaining({
        ...{ kind: 'half-done', account: harness.account, since: expect.stringMatching(/^20/) },
        text: expect.stringMatching(/^strategy Gold High-Risk of .* did not open the next: market-closed$/),
        next: [`npm run ops -- signals resume ${signalId} --confirm`, `npm run ops -- signals dismiss ${signalId}`],
      }),
      expect.objectContaining({
        ...{ kind: 'dead-delivery', since: expect.stringMatching(/^20/), next: ['npm run ops -- signals dead'] },
        text: '1 delivery of ProQuant could not be read',
      }),
    ]);
    await harness.append([anEvent('SignalDismissed', about, { ...of, id: newId() })]);
    await inbox.reopen(delivery.id);
    await inbox.conclude(delivery.id, { state: 'done', status: 200, verdict: 'handled', detail: null });
    expect((await ops('status')).out).not.toMatch(/did not open the next|could not be read/);
  } finally {
    await inbox.onApplicationShutdown();
  }
});

describe('ops status of services with several processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ops-'));
  const listening: Server[] = [];
  afterAll(() => {
    rmSync(folder, { recursive: true });
    listening.forEach((server) => server.close());
  });

  /** A service as its port of health and metrics tells it. */
  async function service(isReady: boolean, metrics: string): Promise<{ health: string; metrics: string }> {
    const checks = { process: isReady ? { status: 'up' } : { status: 'down', reason: 'another one works' } };
    const answers: Record<string, string> = {
      '/health/ready': JSON.stringify({ status: isReady ? 'ok' : 'error', checks }),
      '/health/live': JSON.stringify({ build: 'spec@0', startedAt: '2026-01-05T10:00:00.000000Z' }),
      '/metrics': metrics,
    };
    const server = createServer(({ url = '' }, response) => response.end(answers[url]));
    listening.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { health: `${origin}/health`, metrics: `${origin}/metrics` };
  }

  it('says how each process stands, how many are ready, and what is kept for how long', async () => {
    const kept = ['kept_days{what="ids",service="ledger"} 30', 'kept_cleared_seconds{what="ids",service="ledger"} 60'];
    const [writer, standby] = [
      await service(true, ['ledger_writer{service="ledger"} 1', ...kept].join('\n')),
      await service(false, 'ledger_writer{service="ledger"} 0'),
    ];
    const away = { health: 'http://127.0.0.1:1/health', metrics: 'http://127.0.0.1:1/metrics' };
    const edge = await service(true, 'kept_days{what="x",service="edge"} 7\nkept_cleared_seconds{what="x"} 0');
    const services = {
      ledger: { ...writer, processes: [writer, standby] },
      edge: { ...edge, processes: [edge, away] },
      console: edge,
    };
    const { DATABASE_URL: postgres, NATS_URL: nats } = process.env;
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ ...exampleEndpoints, postgres, nats, services }));
    const { code, out } = await ops('--data', folder, 'status');
    expect(code).toBe(1);
    expect(out).toMatch(/edge 2 does not answer: .* tail -n 20 .*edge-2\.log/);
    expect(out.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim())).toEqual(
      expect.arrayContaining([
        ...['ledger 1 of 2 ready', 'ledger 1 ready', 'ledger 2 stands-by process: another one works'],
        ...['edge 1 of 2 ready', 'edge 1 ready', expect.stringMatching(/^edge 2 no-answer /), 'console 1 of 1 ready'],
        ...['ledger 1 ids 30 days 1970-01-01 00:01:00.000', 'edge 1 x 7 days not since it started'],
      ]),
    );
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
    expect(away).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ops: nothing answers at 127.0.0.1:1: [^\n]*$/),
    });
    expect(away.err).not.toContain('canary');
    const empty = await freshDatabase();
    const none = await elsewhere({ DATABASE_URL: empty.url }, 'log', 'tail');
    await empty.drop();
    expect(none).toEqual({ code: 1, out: '', err: 'ops: this database holds no trading core yet' });
  });

  it('says that Postgres is away where it is asked how everything stands, and how the rest does', async () => {
    const unwell = await elsewhere({ DATABASE_URL: 'postgres://nobody:canary@127.0.0.1:1/none' }, 'status');
    expect(unwell.code).toBe(1);
    expect(unwell.out).toMatch(/^1 thing needs you\n[\s\S]*Postgres does not answer: nothing answers at 127.0.0.1:1/);
    expect(unwell.out).toMatch(/Postgres +no-answer[\s\S]*NATS +reachable\n\nwhere the services are is not known here/);
  });

  it('says which file cannot be had, and why', async () => {
    const wrong = join(tmpdir(), 'nowhere-at-all', 'events.csv');
    const said = { code: 1, out: '', err: `ops: ${wrong}: there is no such file or folder` };
    expect(await ops('log', 'export', wrong)).toEqual(said);
  });

  it('reads without NATS, but cannot ask the ledger', async () => {
    const nowhere = { NATS_URL: 'nats://127.0.0.1:1' };
    expect(await elsewhere(nowhere, 'log', 'tail')).toMatchObject({ code: 0, err: '' });
    const halted = await elsewhere(nowhere, 'trading', 'halt', '--note', 'x', '--yes');
    expect(halted).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ops: NATS at 127.0.0.1:1 cannot.*\?$/),
    });
    const disabled = await elsewhere(nowhere, 'accounts', 'enable', '10001', ...AGREED);
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
