import type { Event } from '@core/contracts/event';
import { exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { present } from '@core/kernel/present';
import type { Destination } from '@core/registry/destination';
import { hashOf } from '@core/registry/tokens';
import { newId } from '@core/service/clock';
import { PostgresSignalInbox } from '@core/signal-inbox/postgres-signal-inbox';
import { until } from '@core/testing/until';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { TraceCollector } from '../e2e/trace-collector.ts';
import { addressesOf, OperatedSystem } from './system.ts';
import { AGREED, change, changed, json, OpsHarness, ops, piped } from './ops-harness.fixture.ts';

let harness: OpsHarness;

beforeAll(async () => {
  harness = await OpsHarness.open();
});
afterAll(() => harness.close());
beforeEach(() => harness.reset());

describe('ops on the first day', () => {
  it('adds a trader with a password that is piped in', async () => {
    const added = await piped('a long password\n', 'traders', 'add', 'bob', '--json', ...AGREED);
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(added.out)).toMatchObject({ login: 'bob' });
    expect(await harness.registry.verifyTrader('bob', 'a long password')).not.toBeNull();
    expect(await piped('short\n', 'traders', 'add', 'carol', ...AGREED)).toMatchObject({ code: 2, out: '' });
    expect((await ops('traders')).out).toContain('bob');
    expect(await change('traders', 'add', 'ada')).toMatchObject({ code: 2, err: 'ops: trader ada exists already' });
  });

  const destinationOf = async (venue: string): Promise<Destination> => {
    const broker = (await harness.registry.brokers()).find((each) => each.venue === venue);
    return { ...present(broker, `there is no ${venue}`), mode: 'live' };
  };

  const newAccount = ['accounts', 'add', '--trader', 'ada', '--venue', 'xoh', '--login', '5001', '--mode', 'live'];
  const reached = ['--transport', 'tls', '--main', 'xapi.example:5112', '--stream', 'xapi.example:5113'];

  it('adds an account at a new broker, registers it and tells the services', async () => {
    const added = await piped('canary-password\n', ...newAccount, ...reached, '--json', ...AGREED);
    expect(added).toMatchObject({ code: 0, err: '' });
    const { account: id } = JSON.parse(added.out) as { account: string };
    const there = await destinationOf('xoh');
    expect(await harness.registry.credentials(id, there)).toEqual({ login: '5001', password: 'canary-password' });
    expect(harness.asked).toMatchObject([
      { type: 'RecordAct', data: { what: 'account', target: id, action: 'added', operator: 'grace' } },
      { type: 'RegisterAccount', subject: id, data: { venue: 'xoh', mode: 'live' } },
    ]);
    expect(harness.heard).toContainEqual({ subject: subjects.registryChanged, body: {} });
    expect(JSON.stringify([harness.asked, harness.heard]) + added.out + added.err).not.toContain('canary');

    // Under another name: the ledger refuses to register it again, and the password changes all the same.
    expect(await piped('rotated\n', ...newAccount, '--name', 'another', ...AGREED)).toMatchObject({ code: 0, err: '' });
    expect((await harness.registry.credentials(id, there)).password).toBe('rotated');
    expect((await harness.registry.brokers()).find(({ venue }) => venue === 'xoh')).toMatchObject({
      endpoint: { main: 'xapi.example:5112' },
    });
  });

  it.each([
    [[...newAccount.slice(0, 4), '--venue', 'new', '--login', '1', '--mode', 'demo'], /new is new: say its transport/],
    [[...newAccount, ...reached, '--main', 'nonsense'], /nonsense is no host:port/],
    [[...newAccount, '--transport', 'carrier-pigeon'], /'carrier-pigeon' is invalid/],
    [
      [...newAccount, '--venue', 'plain', '--transport', 'tcp', '--main', 'h:1', '--stream', 'h:2'],
      /is not reached in clear/,
    ],
    [[...newAccount, '--venue', 'lax', ...reached, '--insecure-tls'], /is not reached in clear/],
    [[...newAccount, '--venue', 'Not A Venue'], /a venue has a short lower-case name/],
    [newAccount.slice(0, 6), /required option '--login <number>' not specified/],
    [[...newAccount, '--trader', 'nobody'], /there is no trader nobody/],
  ])('refuses %j with one line', async (args, line) => {
    const { code, out, err } = await change(...args);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 1]);
    expect(err).toMatch(line);
  });

  const paper = ['accounts', 'add', '--trader', 'ada', '--venue', 'try', '--login', 'ada-1', '--mode', 'demo'];

  it('adds a paper account at another venue’s prices, without a password, and keeps what is not said again', async () => {
    const terms = ['--protocol', 'paper', '--quotes-of', 'demo', '--currency', 'EUR', '--leverage', '30'];
    expect(await change(...paper, ...terms, '--rollover', '22:00')).toMatchObject({ code: 0, err: '' });
    expect(await change(...paper, '--commission-per-lot', '7', '--stop-out-percent', '20')).toMatchObject({ code: 0 });
    expect((await harness.registry.brokers()).find(({ venue }) => venue === 'try')).toEqual({
      ...{ venue: 'try', protocol: 'paper' },
      endpoint: {
        ...{ quotesOf: 'demo', currency: 'EUR', balance: '100000', credit: '0', leverage: '30' },
        ...{ commissionPerLot: '7', stopOutPercent: 20, rollover: { at: '22:00', zone: 'America/New_York' } },
      },
    });
  });

  it.each([
    [['--protocol', 'paper', '--venue', 'other'], /other is new: say the venue whose quotes/],
    [['--venue', 'demo', '--protocol', 'paper'], /demo speaks xapi/],
    [['--quotes-of', 'try'], /a paper venue has the prices of another/],
    [['--balance', 'much'], /balance: /],
    [['--rollover-zone', 'Mars/Olympus'], /rollover zone: not a time zone/],
    [['--mode', 'live'], /paper money is nobody’s/],
  ])('refuses a paper account with %j', async (args, line) => {
    const { code, out, err } = await change(...paper, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(line);
  });

  it('disables an account and enables it again', async () => {
    expect(await change('accounts', 'disable', '10001')).toMatchObject({ code: 0 });
    expect((await ops('accounts')).out).toMatch(/10001 +demo +disabled/);
    await change('accounts', 'enable', '10001');
    expect((await harness.registry.account(harness.account))?.enabled).toBe(true);
    expect(harness.heard.map(({ subject }) => subject)).toEqual([subjects.registryChanged, subjects.registryChanged]);
  });

  it('shows the positions of an account netted, and apart again', async () => {
    const isNetted = async () => (await harness.registry.account(harness.account))?.netting;
    expect(await isNetted()).toBe(false);
    expect(await change('accounts', 'netting', '10001', 'on')).toMatchObject({ code: 0 });
    expect(await isNetted()).toBe(true);
    expect(await change('accounts', 'netting', '10001', 'maybe')).toMatchObject({ code: 2 });
    await change('accounts', 'netting', '10001', 'off');
    expect(await isNetted()).toBe(false);
    await harness.listened();
    expect(harness.heard.map(({ subject }) => subject)).toEqual([subjects.registryChanged, subjects.registryChanged]);
  });

  it('makes a key whose secret is shown once, and revokes it', async () => {
    const made = await changed<{ id: string; secret: string }>(
      'keys',
      'add',
      'office',
      '--account',
      '10001',
      '--prices',
    );
    expect(await harness.registry.keys.find(made.secret)).toMatchObject({
      accountIds: [harness.account],
      traderIds: null,
      prices: true,
    });
    const ofAda = await changed<{ secret: string }>('keys', 'add', 'ada', '--trader', 'ada');
    expect(await harness.registry.keys.find(ofAda.secret)).toMatchObject({
      accountIds: null,
      traderIds: [expect.any(String)],
    });
    expect((await ops('keys', 'list')).out).toMatch(/ada .*trader [0-9a-f-]{36}/);
    const list = await ops('keys', 'list');
    expect(list.out).toContain('office');
    expect(list.out + (await ops('keys', 'list', '--json')).out).not.toContain(made.secret);
    expect(await change('keys', 'revoke', made.id)).toMatchObject({ code: 0 });
    expect(await harness.registry.keys.find(made.secret)).toBeNull();
    await harness.listened();
    expect(harness.heard).toContainEqual({ subject: subjects.keyRevoked, body: { keyId: made.id } });
    const term = ['--trade', '--expires', '2990-01-05', '--sessions', '2', '--rate', '5'];
    const trader = await changed<{ id: string; secret: string }>('keys', 'add', 'desk', '--account', '10001', ...term);
    const rotated = await changed<{ secret: string }>('keys', 'rotate', trader.id, '--overlap', '1');
    for (const { secret } of [trader, rotated])
      expect(await harness.registry.keys.find(secret)).toMatchObject({
        ...{ id: trader.id, trade: true, prices: false, sessionsMax: 2, messagesPerSecond: 5 },
        expiresAt: new Date('2990-01-05T00:00Z'),
      });
    const shown = (await ops('keys', 'show', trader.id)).out;
    expect(shown).toMatch(/may +read, trade\nends +2990-01-05 00:00:00.000\nsecret before +good until/);
    expect(shown).toContain(`${harness.account}  ada     demo   10001  demo`);
    await change('keys', 'rotate', trader.id, '--overlap', '0', '--expires', 'never');
    for (const { secret } of [trader, rotated]) expect(await harness.registry.keys.find(secret)).toBeNull();
    for (const wrong of [
      ['--expires', '1990-01-05'],
      ['--expires', 'soon'],
      ['--sessions', '0'],
      ['--rate', 'x'],
    ])
      expect(await change('keys', 'add', 'wrong', '--all', ...wrong)).toMatchObject({ code: 2 });
    expect(await change('keys', 'rotate', trader.id, '--overlap', '-1')).toMatchObject({ code: 2 });
    expect(await change('keys', 'add', 'no scope')).toMatchObject({ code: 2 });
    expect(await change('keys', 'add', 'two scopes', '--all', '--trader', 'ada')).toMatchObject({ code: 2 });
  });

  it('registers a client of the login page, its secret shown once, and removes it', async () => {
    const redirect = 'https://www.tradingview.com/trading/oauth-redirect/acme/';
    const made = await changed<{ id: string; secret: string }>(
      'oauth',
      'clients',
      'add',
      'live',
      '--redirect',
      redirect,
    );
    expect(await harness.registry.oauthClients.find(made.id)).toMatchObject({ flow: 'code', redirectUris: [redirect] });
    const list = (await ops('oauth', 'clients')).out;
    expect(list).toMatch(/live +code +live +https:/);
    expect(list + (await ops('oauth', 'clients', 'list', '--json')).out).not.toContain(made.secret);
    expect(
      await changed('oauth', 'clients', 'add', 'page', '--flow', 'implicit', '--redirect', redirect),
    ).toMatchObject({
      secret: null,
    });
    for (const bad of ['http://www.tradingview.com/', 'https://x.example/#a', 'https://me@x.example/', 'x'])
      expect(await change('oauth', 'clients', 'add', 'bad', '--redirect', bad)).toMatchObject({ code: 2 });
    expect(await change('oauth', 'clients', 'remove', made.id)).toMatchObject({ code: 0 });
    expect(await harness.registry.oauthClients.find(made.id)).toBeNull();
  });

  it('adds an integration with its tickers, its token shown once', async () => {
    const tickers = ['--ticker', 'XAUUSD=GOLD', 'EURUSD=EURUSD:100000'];
    const made = await changed<{ id: string; token: string; path: string }>(
      ...['integrations', 'add', 'ada@example.com', '--account', '10001', ...tickers],
    );
    expect(await harness.registry.senders.find(made.id, hashOf(made.token))).toMatchObject({
      integration: {
        accountId: harness.account,
        tickers: {
          XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' },
          EURUSD: { instrument: 'EURUSD', unitsPerQuantity: '100000' },
        },
      },
    });
    const isGood = async (token: string) => (await harness.registry.senders.find(made.id, hashOf(token))) !== null;
    const next = await changed<{ token: string }>('integrations', 'rotate', made.id);
    expect([await isGood(made.token), await isGood(next.token)]).toEqual([true, true]);
    const last = await changed<{ token: string }>('integrations', 'rotate', made.id);
    expect([await isGood(made.token), await isGood(next.token), await isGood(last.token)]).toEqual([true, true, true]);
    await change('integrations', 'rotate', made.id, '--settle');
    expect([await isGood(next.token), await isGood(last.token)]).toEqual([false, true]);
    expect(await change('integrations', 'rotate', newId())).toMatchObject({ code: 2 });
    expect(made.path).toBe(`/proquant/v1/hooks/${made.id}`);
    expect(await change('integrations', 'map', made.id, 'xauusd=GOLD:0.01')).toMatchObject({ code: 0, err: '' });
    expect((await harness.registry.senders.find(made.id, hashOf(last.token)))?.integration.tickers).toEqual({
      xauusd: { instrument: 'GOLD', unitsPerQuantity: '0.01' },
      EURUSD: { instrument: 'EURUSD', unitsPerQuantity: '100000' },
    });
    expect((await ops('integrations')).out).not.toContain(made.token);
    const wrong = await change('integrations', 'add', 'x', '--account', '10001', '--ticker', 'GOLD');
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('GOLD is no mapping') });
  });
});

describe('ops signals', () => {
  let inbox: PostgresSignalInbox;
  beforeAll(async () => (inbox = await PostgresSignalInbox.open(harness.database.url, 5_000, 60_000)));
  afterAll(() => inbox.onApplicationShutdown());

  it('shows what was delivered with its verdict, and has one carried out again', async () => {
    const [entry, exit, dead] = [newId(), newId(), newId()];
    const received = {
      ...{
        integrationId: newId(),
        accountId: harness.account,
        tokenHash: null,
        registration: null,
        strategyId: 's1',
        bytes: 9,
      },
      ...{ sentAt: '2026-01-05T10:00:00.000000Z', body: '{"v1":{}}', sha256: '00' },
    };
    await inbox.put({ ...received, id: entry, type: 'SIGNAL_OPEN' });
    await inbox.put({ ...received, id: exit, type: 'SIGNAL_CLOSE' });
    await inbox.put({ ...received, id: dead, type: null, body: null });
    await inbox.conclude(dead, { state: 'dead', status: 400, verdict: '400', detail: 'malformed: not JSON' });
    const answered = { state: 'done', status: 409, verdict: 'PositionNotFound', detail: null } as const;
    await inbox.conclude(exit, answered);

    expect(await json('signals', 'list', '--account', '10001')).toMatchObject([
      { id: dead },
      { id: exit },
      { id: entry },
    ]);
    expect((await ops('signals', 'dead')).out).toContain(dead);
    expect((await ops('signals', 'dead')).out).not.toContain(exit);
    expect((await ops('why', dead)).out).toContain(
      'led to nothing in the log: dead, answered 400: 400, malformed: not JSON',
    );
    expect(await json('signals', 'list', '--state', 'pending')).toMatchObject([{ id: entry, verdict: null }]);
    expect((await ops('signals', 'show', exit)).out).toMatch(/verdict +PositionNotFound/);
    expect(await json('signals', 'show', dead)).toMatchObject({
      detail: 'malformed: not JSON',
      body: null,
      deliveries: 1,
    });

    expect(await change('signals', 'replay', entry)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--confirm'),
    });
    expect(await change('signals', 'replay', dead)).toMatchObject({ code: 2 });
    expect(await change('signals', 'replay', newId())).toMatchObject({ code: 2 });
    const replayed = changed('signals', 'replay', exit);
    await until(() => harness.heard.length > 0);
    expect(harness.heard).toEqual([{ subject: subjects.replayDelivery, body: { deliveryId: exit } }]);
    await inbox.reopen(exit);
    await inbox.conclude(exit, { ...answered, status: 200, verdict: 'handled' });
    expect(await replayed).toMatchObject({ id: exit, verdict: 'handled', replays: 1 });
  });

  it('shows what the log has of one, and has its open leg asked for again where it is half done', async () => {
    const { signal } = anEvent('SignalReceived').data;
    const { signalId, integrationId, strategyId } = signal;
    const received = {
      tokenHash: null,
      registration: null,
      bytes: 9,
      body: '{"v1":{}}',
      sha256: '00',
      sentAt: signal.sentAt,
    };
    await inbox.put({
      ...{ ...received, id: signalId, integrationId, accountId: harness.account, strategyId, type: 'SIGNAL_REOPEN' },
    });
    const of = { subject: harness.account, correlationid: signalId } as const;
    const reopen = anEvent('SignalReceived', { signal: { ...signal, kind: 'reopen' } }, of);
    const closing = { signalId, integrationId, strategyId, externalPositionId: 'p1' };
    await harness.append([anEvent('AccountRegistered', {}, of), reopen]);
    expect(await change('signals', 'resume', signalId, '--confirm')).toMatchObject({
      code: 2,
      err: expect.stringContaining('signal-not-waiting'),
    });
    const before = await harness.append([
      anEvent('CloseRequested', { signal: closing }, of),
      anEvent('RequestRejected', { kind: 'close' }, of),
      anEvent('SignalHalfDone', { signalId }, of),
    ]);

    expect((await ops('signals', 'show', signalId)).out).toMatch(/SignalHalfDone +closed, not opened, not-executed/);
    expect(await change('signals', 'resume', signalId)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--confirm'),
    });
    const resumed = changed('signals', 'resume', signalId, '--confirm');
    await until(async () => (await harness.head()) > before);
    await harness.append([anEvent('SignalShadowed', { signalId }, of)]);
    expect(await resumed).toMatchObject({ id: signalId, outcome: 'SignalShadowed' });
    expect((await ops('signals', 'list', '-n', '1')).out).toContain('would open buy 0.1 GOLD at 2000');

    const other = newId();
    await inbox.put({
      ...{ ...received, id: other, integrationId, accountId: harness.account, strategyId, type: 'SIGNAL_REOPEN' },
    });
    const next = () => ({ ...of, id: newId(), correlationid: other });
    const requestId = newId();
    await harness.append([
      anEvent('SignalReceived', { signal: { ...signal, signalId: other, kind: 'reopen' } }, next()),
      anEvent('CloseRequested', { requestId, signal: { ...closing, signalId: other } }, next()),
      anEvent('RequestRejected', { kind: 'close', requestId }, next()),
      anEvent('SignalHalfDone', { signalId: other }, next()),
    ]);
    expect(await changed('signals', 'dismiss', other)).toMatchObject({ id: other });
    expect(await change('signals', 'resume', other, '--confirm')).toMatchObject({
      code: 2,
      err: expect.stringContaining('signal-not-waiting'),
    });
  });
});

it('ops integrations policy says what holds for signals, by whom and why', async () => {
  await harness.append([anEvent('AccountRegistered', {}, { id: newId(), subject: harness.account })]);
  const made = await changed<{ id: string }>(
    ...['integrations', 'add', 'decided', '--account', '10001', '--ticker', 'XAUUSD=GOLD'],
  );
  expect(await change('integrations', 'policy', 'set', made.id, 'on_disable', 'close')).toMatchObject({ code: 0 });
  expect(harness.asked.at(-1)?.data).toMatchObject({ operator: 'grace', note: 'as agreed', integrationId: made.id });
  expect(await json('integrations', 'policy', 'show', made.id)).toMatchObject({
    on_disable: 'close',
    missed_close_policy: 'reject',
  });
  expect(await change('integrations', 'policy', 'set', made.id, 'on_disable', 'off')).toMatchObject({
    code: 2,
    err: expect.stringContaining('on_disable leave_open|close'),
  });
});

it('ops slippage bounds everyone, a venue, an instrument, an account or an integration, and takes a bound away', async () => {
  const made = await changed<{ id: string; token: string }>(
    ...['integrations', 'add', 'bounded', '--account', '10001', '--ticker', 'XAUUSD=GOLD'],
  );
  for (const [percent, ...scope] of [
    ['1'],
    ['2', '--venue', 'demo'],
    ['3', '--venue', 'demo', '--instrument', 'GOLD'],
    ['4', '--account', '10001'],
    ['5', '--integration', made.id],
  ] as const)
    expect(await change('slippage', 'set', percent, ...scope)).toMatchObject({ code: 0, err: '' });
  expect(
    (await harness.registry.slippage.bounds()).map(({ venue, instrument, percent }) => [venue, instrument, percent]),
  ).toEqual([
    ['*', '', '1'],
    ['demo', '', '2'],
    ['demo', 'GOLD', '3'],
  ]);
  expect((await harness.registry.account(harness.account))?.slippagePercent).toBe('4');
  expect((await harness.registry.senders.find(made.id, hashOf(made.token)))?.integration.slippagePercent).toBe('5');
  expect(harness.heard).toContainEqual({ subject: subjects.registryChanged, body: {} });
  await change('slippage', 'set', 'none', '--venue', 'demo', '--instrument', 'GOLD');
  await change('slippage', 'set', 'none', '--account', '10001');
  const { out } = await ops('slippage');
  expect(out).toContain('venue demo');
  expect(out).not.toMatch(/GOLD|account/);
  for (const wrong of [['100'], ['-1'], ['much'], ['1', '--venue', 'nowhere'], ['1', '--instrument', 'GOLD']])
    expect(await change('slippage', 'set', ...wrong)).toMatchObject({ code: 2 });
});

describe('who changed what is registered', () => {
  const acts = async () => (await json<{ words: string }[]>('audit', '-n', '3')).map(({ words }) => words);
  const trader = async () =>
    present(
      (await harness.registry.traders()).find(({ login }) => login === 'ada'),
      'ada',
    );

  it('gives a trader another password, lets him in no more, and in again', async () => {
    expect(await piped('another horse\n', 'traders', 'passwd', 'ada', ...AGREED)).toMatchObject({ code: 0, err: '' });
    expect(await harness.registry.verifyTrader('ada', 'correct horse')).toBeNull();
    expect(await harness.registry.verifyTrader('ada', 'another horse')).not.toBeNull();
    await change('traders', 'disable', 'ada');
    expect(await harness.registry.verifyTrader('ada', 'another horse')).toBeNull();
    expect((await ops('traders')).out).toMatch(/ada +disabled/);
    await change('traders', 'enable', 'ada');
    expect(await harness.registry.verifyTrader('ada', 'another horse')).not.toBeNull();
    const { id } = await trader();
    expect(await acts()).toEqual(
      ['enabled', 'disabled', 'password set'].map((done) => `trader ${id} ${done}, by grace: as agreed`),
    );
    expect(await piped('x\n', 'traders', 'passwd', 'nobody', ...AGREED)).toMatchObject({ code: 2 });
    expect(await ops('traders', 'forget', 'ada', ...AGREED)).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('disable them first') },
    });
  });

  it('gives an account the password of its broker, and tells the connectors', async () => {
    const changing = await piped('canary-new\n', 'accounts', 'password', '10001', ...AGREED);
    expect(changing).toMatchObject({ code: 0, err: '' });
    const broker = present(
      (await harness.registry.brokers()).find(({ venue }) => venue === 'demo'),
      'demo',
    );
    const { password } = await harness.registry.credentials(harness.account, { ...broker, mode: 'demo' });
    expect(password).toBe('canary-new');
    await harness.listened();
    expect(harness.heard).toEqual([{ subject: subjects.registryChanged, body: {} }]);
    expect(changing.out + JSON.stringify([harness.asked, harness.heard])).not.toContain('canary');
  });

  it('is kept with the change while the ledger cannot be asked, and told once with the next', async () => {
    const { NATS_URL } = process.env;
    delete process.env.NATS_URL;
    const alone = await change('accounts', 'netting', '10001', 'on');
    process.env.NATS_URL = NATS_URL;
    expect(alone).toMatchObject({ code: 0, err: expect.stringContaining('the log is told who did it with the next') });
    expect(harness.asked).toEqual([]);
    await change('accounts', 'netting', '10001', 'off');
    expect(await acts()).toEqual([
      `account ${harness.account} netting off, by grace: as agreed`,
      `account ${harness.account} netting on, by grace: as agreed`,
      expect.stringContaining('password set'),
    ]);
    expect(harness.asked.map(({ type }) => type)).toEqual(['RecordAct', 'RecordAct']);
  });

  it('says who and why, or nothing is changed: neither on a dry run, nor by a verb that only looks', async () => {
    const before = JSON.stringify(await harness.registry.keys.all());
    for (const [args, line] of [
      [['keys', 'add', 'x', '--all'], /--note says why/],
      [['keys', 'add', 'x', '--all', '--note', ' '], /--note says why/],
      [
        ['keys', 'add', 'x', '--all', '--note', 'x'],
        /this concerns everyone: \d+ accounts, \d+ of them live: say --yes/,
      ],
    ] as const) {
      const { code, err } = await ops(...args);
      expect([code, err]).toEqual([2, expect.stringMatching(line)]);
    }
    expect(await ops('keys', 'add', 'x', '--account', '10001', '--note', 'x', '--dry-run')).toMatchObject({
      code: 0,
      out: 'would concern 1 account, 0 of them live',
    });
    expect(JSON.stringify(await harness.registry.keys.all())).toBe(before);
    expect(harness.asked).toEqual([]);
    const system = new OperatedSystem(addressesOf(undefined, process.env));
    const reading = await system.registry();
    await expect(reading.setAccountNetting(harness.account, true)).rejects.toThrow(/read-only transaction/);
    await system.close();
  });
});

describe('ops data', () => {
  it('makes clients of the data addresses, and registers whose keys sign for them', async () => {
    const made = await changed<{ client: string; secret: string }>('data', 'clients', 'add', 'tv-staging');
    const { dataFeed } = harness.registry;
    expect(await dataFeed.verifyClient('tv-staging', made.secret)).toMatchObject({ id: 'tv-staging' });
    expect(await dataFeed.verifyClient('tv-staging', `${made.secret}x`)).toBeNull();
    expect(JSON.stringify(await dataFeed.clients())).not.toContain(made.secret);

    const folder = mkdtempSync(join(tmpdir(), 'ops-'));
    const [one, other] = [await certificateIn(folder, 'rsa'), await certificateIn(folder, 'rsa')];
    const thumbprints = [one, other].map(({ cert }) => new X509Certificate(cert).fingerprint.replaceAll(':', ''));
    expect((await change('data', 'clients', 'certify', 'tv-staging', one.file)).out).toBe(`x5t ${thumbprints[0]}`);
    await change('data', 'clients', 'certify', 'tv-staging', other.file);
    expect((await ops('data', 'clients')).out).toMatch(new RegExp(`live +${thumbprints[1]}.*${thumbprints[0]}`));
    expect((await ops('data', 'clients')).out).not.toContain(made.secret);
    const curve = await certificateIn(folder, 'ec');
    expect(await change('data', 'clients', 'certify', 'tv-staging', curve.file)).toMatchObject({ code: 2 });
    expect(await change('data', 'clients', 'certify', 'tv-staging', folder)).toMatchObject({ code: 2 });
    rmSync(folder, { recursive: true });

    await change('data', 'clients', 'revoke', 'tv-staging');
    await harness.listened();
    expect(harness.heard).toContainEqual({ subject: subjects.registryChanged, body: {} });
    expect(await dataFeed.verifyClient('tv-staging', made.secret)).toBeNull();
    expect(await change('data', 'clients', 'add', 'tv-staging')).toMatchObject({ code: 1 });
  });

  it('puts instruments into groups, of which none goes away', async () => {
    const put = (...args: string[]) => change('data', 'groups', 'put', ...args);
    expect(await put('acme_fx', '--instrument', 'EURUSD')).toMatchObject({ code: 2 });
    expect(await put('acme_fx', '--instrument', 'EURUSD', 'USDJPY', '--trader', 'ada')).toMatchObject({ code: 0 });
    expect(await put('acme_cfd', '--instrument', 'USDJPY', '--everyone')).toMatchObject({
      code: 2,
      err: 'ops: USDJPY is in acme_fx: an instrument is in one group',
    });
    expect(await put('acme_fx', '--instrument', 'EURUSD')).toMatchObject({ code: 0 });
    expect(await put('acme_cfd', '--instrument', 'USDJPY', '--everyone')).toMatchObject({ code: 0 });
    expect((await ops('data', 'groups')).out.split('\n').slice(1)).toEqual([
      'acme_cfd  USDJPY       everyone',
      'acme_fx   EURUSD       ada',
    ]);
    expect(await put('acme_fx', '--empty', '--everyone')).toMatchObject({
      code: 0,
      out: 'acme_fx: nothing',
      err: expect.stringMatching(/^in no group then, so in nobody’s permissions: EURUSD\n/),
    });
  });

  const certificateIn = async (folder: string, keyType: 'rsa' | 'ec') => {
    const { cert } = await generate([{ name: 'commonName', value: 'x' }], { keyType, algorithm: 'sha256' });
    const file = join(folder, `${newId()}.pem`);
    writeFileSync(file, cert);
    return { cert, file };
  };
});

describe('ops decisions', () => {
  beforeAll(async () => {
    await harness.append([anEvent('AccountRegistered', {}, { id: newId(), subject: harness.account })]);
  });

  it('halt and resume everyone, or one account', async () => {
    const next = (await harness.head()) + 1;
    expect(await ops('trading', 'halt', '--note', 'fire drill', '--operator', 'ada', '--yes')).toMatchObject({
      code: 0,
      out: `trading is halted for everyone, at position ${next}`,
    });
    expect(await ops('trading', 'resume', '--note', 'over', '--account', '10001')).toMatchObject({ code: 0 });
    expect(await ops('trading', 'close-only', 'on', '--note', 'weekend', '--yes')).toMatchObject({ code: 0 });
    await ops('trading', 'close-only', 'on', '--account', '10001', '--note', 'x');
    expect((await ops('trading', 'close-only', 'off', '--account', '10001', '--note', 'x')).out).toMatch(/taken back/);
    expect(harness.asked).toMatchObject([
      { type: 'HaltTrading', subject: SYSTEM_ACCOUNT, data: { operator: 'ada', note: 'fire drill' } },
      { type: 'ResumeTrading', subject: harness.account },
      { type: 'SetCloseOnly', subject: SYSTEM_ACCOUNT, data: { closeOnly: true, note: 'weekend' } },
      { type: 'SetCloseOnly', subject: harness.account, data: { closeOnly: true } },
      { type: 'SetCloseOnly', subject: harness.account, data: { closeOnly: false } },
    ]);
    harness.reset();
    for (const close of [[], ['--close']]) await ops('trading', 'kill', '--note', 'fire', '--yes', ...close);
    expect(harness.asked).toMatchObject([
      { type: 'HaltTrading', subject: SYSTEM_ACCOUNT, data: { clearing: 'orders' } },
      { type: 'HaltTrading', subject: SYSTEM_ACCOUNT, data: { clearing: 'orders-and-positions' } },
    ]);
    await ops('trading', 'resume', '--note', 'over', '--yes');
    expect(await ops('trading', 'duplicate-guard', 'tv-gateway', '2000', '--note', 'x', '--yes')).toMatchObject({
      code: 0,
    });
    expect(harness.asked.at(-1)).toMatchObject({ data: { edge: 'tv-gateway', windowMs: 2_000 } });
    await ops('trading', 'duplicate-guard', 'tv-gateway', 'none', '--note', 'x', '--yes');
    expect(harness.asked.at(-1)).toMatchObject({ data: { edge: 'tv-gateway', windowMs: null } });
    expect(await ops('trading', 'duplicate-guard', 'tv-gateway', '0', '--note', 'x')).toMatchObject({ code: 2 });
    const shadow = ['--account', '10001', '--edge', 'tv-gateway', '--note', 'rehearsal'];
    expect((await ops('trading', 'shadow', 'on', ...shadow)).out).toMatch(/^what is asked is recorded and not traded/);
    expect(harness.asked.at(-1)).toMatchObject({
      ...{ type: 'SetShadow', subject: harness.account },
      data: { edge: 'tv-gateway', shadow: true },
    });
    expect((await ops('state', '10001')).out).toMatch(/in shadow by tv-gateway since .* by \S+: rehearsal/);
    expect((await ops('trading', 'shadow', 'off', ...shadow)).out).toMatch(/^what is asked is traded/);
    expect(await ops('shadow', '10001')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^(instrument +side +would|nothing was traded)/),
    });
    expect(await ops('trading', 'halt')).toMatchObject({ code: 2, err: expect.stringContaining('--note') });
    expect(await ops('trading', 'close-only', 'perhaps', '--note', 'x')).toMatchObject({ code: 2 });
  });

  it('say that nothing is recorded where it was so already', async () => {
    const before = await harness.head();
    const verbs = [
      ...[['resume'], ['close-only', 'off'], ['shadow', 'off'], ['shadow', 'off', '--edge', 'tv-gateway']],
      ['duplicate-guard', 'ws-session', 'none'],
    ].map((verb) => ['trading', ...verb]);
    for (const verb of [...verbs, ['limits', 'set', 'order-volume', 'none']]) {
      const again = [...verb, '--account', '10001', '--note', 'once more'];
      expect((await ops(...again)).out).toMatch(/account .*: it was so already, and nothing is recorded$/);
      expect(JSON.parse((await ops(...again, '--json')).out)).toMatchObject({ changed: false, position: before });
    }
    const halt = ['trading', 'halt', '--account', '10001', '--note', 'a drill'];
    const once = [await ops(...halt, '--json'), await ops(...halt, '--json')].map(
      ({ out }) => JSON.parse(out) as object,
    );
    expect(once).toMatchObject([
      { changed: true, position: before + 1 },
      { changed: false, position: before + 1 },
    ]);
    await ops('trading', 'resume', '--account', '10001', '--note', 'over');
  });

  it('begin the trace of what they lead to, where somebody collects traces', async () => {
    const collector = await TraceCollector.start();
    Object.assign(process.env, collector.environment);
    const halted = await piped('', 'trading', 'halt', '--account', '10001', ...AGREED);
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    expect(halted).toMatchObject({ code: 0, err: '' });
    const story = collector.story(harness.asked[0]?.correlationid ?? '');
    expect(story.map(({ service, name, parentSpanId = '' }) => [service, name, parentSpanId])).toEqual([
      ['ops', 'ask HaltTrading', ''],
    ]);
    await change('trading', 'resume', '--account', '10001');
    await collector.stop();
  });

  it('say whom they would concern, and what concerns everyone or a live account only with a yes', async () => {
    const halt = (...args: string[]) => ops('trading', 'halt', '--note', 'x', ...args);
    const accounts = await harness.registry.accounts();
    const live = accounts.filter(({ mode }) => mode === 'live');
    expect(await halt('--dry-run')).toEqual({
      ...{ code: 0, err: '' },
      out: `would concern everyone: ${accounts.length} accounts, ${live.length} of them live`,
    });
    expect(await halt()).toMatchObject({ code: 2, err: expect.stringMatching(/this concerns everyone.*--yes/) });
    expect(await halt('--account', live[0]?.id ?? '')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/1 of them live/),
    });
    expect(harness.asked).toEqual([]);
    expect(await halt('--account', '10001')).toMatchObject({ code: 0 });
    await ops('trading', 'resume', '--note', 'x', '--account', '10001');
  });

  it('record a quarantined message after all, or another in its place', async () => {
    const stranger = newId();
    const early = anEvent('EquityMarked', {}, { id: newId(), subject: stranger });
    await harness.deliver(JSON.stringify({ batchid: newId(), events: [early] }), stranger);
    await harness.deliver('{"batchid":"garbage"}');
    const cases = await json<{ id: string; account: string; isWaiting: boolean }[]>('quarantine');
    const [early1, garbage] = [stranger, harness.account].map((whose) =>
      present(cases.find(({ account, isWaiting }) => isWaiting && account === whose)?.id, whose),
    ) as [string, string];
    expect((await ops('quarantine', 'show', early1)).out).toMatch(/EquityMarked +[0-9a-f-]{36} +reads well/);
    expect(await change('quarantine', 'release', early1)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not registered'),
    });
    const known = { id: newId(), subject: stranger };
    await harness.append([anEvent('AccountRegistered', {}, known)]);
    expect(await change('quarantine', 'release', early1)).toMatchObject({ code: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'ops-'));
    const file = join(folder, 'corrected.json');
    const corrected = anEvent('EquityMarked', {}, { id: newId(), subject: harness.account });
    writeFileSync(file, JSON.stringify({ ...corrected, data: {} }));
    expect(await change('quarantine', 'replace', garbage, file)).toMatchObject({ code: 2 });
    writeFileSync(file, JSON.stringify(corrected));
    expect(await change('quarantine', 'replace', garbage, file, '--dry-run')).toMatchObject({
      out: 'would concern 1 account, 0 of them live',
    });
    expect(await change('quarantine', 'replace', garbage, file)).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true });
    expect(await json('quarantine')).toEqual([]);
    const tail = (await ops('log', 'tail', '-n', '4', '--noise')).out;
    expect(tail).toMatch(
      /MessageReleased.*by grace: as agreed[^]*EquityMarked[^]*MessageReplaced.*by 1 events, by grace/,
    );
    expect(await change('quarantine', 'replace', garbage, join(folder, 'nothing'))).toMatchObject({ code: 2 });
  });

  it('put a quarantined message away, after a look at it', async () => {
    await harness.deliver('garbage{');
    const [waiting] = await json<{ id: string; isWaiting: boolean }[]>('quarantine');
    expect(waiting).toMatchObject({ isWaiting: true, reason: 'malformed', bytes: 8 });
    const { id } = present(waiting, 'nothing is quarantined');
    expect((await ops('quarantine', 'show', id.split('/')[1]?.slice(0, 8) ?? '')).out).toMatch(
      /malformed[^]*garbage\{$/,
    );
    expect(await ops('quarantine', 'skip', id, '--note', 'nonsense', '--operator', 'ada')).toMatchObject({ code: 0 });
    expect(await json('quarantine')).toEqual([]);
    expect(await json('quarantine', 'list', '--all')).toContainEqual(expect.objectContaining({ id, isWaiting: false }));
    expect((await ops('log', 'tail', '-n', '1')).out).toMatch(/MessageSkipped.*by ada: nonsense/);
    expect(await ops('quarantine', 'skip', 'nothing', '--note', 'x')).toMatchObject({ code: 2 });
  });

  it('set a limit of everyone, of a trader or of an account, and lift it', async () => {
    const set = (...args: string[]) => ops('limits', 'set', ...args, '--note', 'risk', '--yes');
    expect(await set('order-volume', '2')).toMatchObject({ code: 0, out: expect.stringContaining('of everyone') });
    expect(await set('day-loss', '500', '--trader', 'ada')).toMatchObject({ code: 0 });
    expect(await set('orders-per-minute', '10', '--account', '10001')).toMatchObject({ code: 0 });
    const trader = (await harness.registry.traders()).find(({ login }) => login === 'ada')?.id;
    expect(harness.asked).toMatchObject([
      { type: 'SetLimit', subject: SYSTEM_ACCOUNT, data: { limit: 'order-volume', allowed: '2', traderId: null } },
      { type: 'SetLimit', subject: SYSTEM_ACCOUNT, data: { limit: 'day-loss', allowed: '500', traderId: trader } },
      { type: 'SetLimit', subject: harness.account, data: { limit: 'orders-per-minute', allowed: '10' } },
    ]);
    const { out } = await ops('limits');
    expect(out).toMatch(/everyone +order-volume +2 .* risk/);
    expect(out).toMatch(/trader ada +day-loss +500 /);
    expect(out).toMatch(new RegExp(`account ${harness.account} +orders-per-minute +10 `));
    expect(await set('order-volume', 'none')).toMatchObject({ code: 0, out: expect.stringContaining('not limited') });
    expect((await ops('limits')).out).not.toContain('order-volume');
    for (const bad of ['-1', 'much', '']) expect(await set('day-loss', bad)).toMatchObject({ code: 2 });
    expect(await set('day-loss', '1', '--trader', 'ada', '--account', '10001')).toMatchObject({ code: 2 });
    expect(await set('luck', '1')).toMatchObject({ code: 2 });
  });

  it('list what nobody knows the outcome of, and settle it', async () => {
    const [orderId, dispatched] = [newId(), newId()];
    const of = (event: Event): Event => ({ ...event, id: newId(), subject: harness.account });
    const underWay = [orderId, dispatched].flatMap((requestId) => [
      anEvent('OrderRequested', { orderId: requestId }),
      anEvent('RequestDispatched', { requestId }),
    ]);
    const doubted = anEvent('RequestOutcomeUnknown', { requestId: orderId, cause: 'connection-lost' });
    await harness.append([...underWay, doubted].map(of));
    const stuck = (...args: string[]) => ops('orders', 'stuck', '--account', '10001', ...args);
    expect((await stuck('--age', '1e12')).out).toMatch(
      new RegExp(
        `order ${orderId}[^]*sent +once, by [^]*unknown: connection-lost\nbroker +not asked: no connector has`,
      ),
    );
    const look = { ok: true, at: exampleNow, connector: 'c#1', outcome: 'clean', positions: 1, orders: 0, facts: 0 };
    const seen = { brokerKey: '77', instrument: 'EURUSD', side: 'buy', volumeLots: '0.1', price: '1.1' };
    const standing = [{ ...seen, kind: 'position', requestId: orderId }];
    const end = harness.answerLooks({ ...look, drifts: [], standing });
    expect(await json('orders', 'stuck', '--account', '10001', '--age', '1e12')).toMatchObject([
      {
        ...{ account: harness.account, request: { id: orderId, status: 'unknown' }, attempts: 1 },
        broker: 'position 77: buy 0.1 EURUSD at 1.1',
        next: expect.stringContaining(`orders resolve ${orderId}`),
      },
    ]);
    expect((await json<object[]>('order', 'stuck', '--no-look')).length).toBeGreaterThan(1);
    expect(await ops('reconcile', '--account', '10001')).toMatchObject({
      code: 0,
      out: expect.stringContaining('clean; 1 positions and 0 orders at the broker, 0 events told'),
    });
    end();
    expect(await ops('reconcile', '--account', '10001')).toMatchObject({
      code: 1,
      out: expect.stringContaining('not looked: no connector has a session of it'),
    });
    expect(await stuck('--age', 'long')).toMatchObject({ code: 2 });

    const next = (await harness.head()) + 1;
    const settled = await change('order', 'resolve', orderId, '--as', 'not-executed', '--evidence', 'its page');
    expect(settled).toMatchObject({ code: 0, out: `order ${orderId} is settled at position ${next}` });
    expect(harness.asked).toMatchObject([
      {
        type: 'ResolveRequest',
        subject: harness.account,
        data: { kind: 'order', requestId: orderId, executed: false, evidence: 'its page', note: 'as agreed' },
      },
    ]);
    expect((await ops('log', 'tail', '-n', '1')).out).toContain('not executed, as its page shows, by grace: as agreed');
    expect(await change('order', 'resolve', dispatched, '--as', 'executed', '--evidence', 'x')).toEqual({
      code: 2,
      out: '',
      err: 'ops: the ledger refused: outcome-not-unknown',
    });
    expect(await change('order', 'resolve', orderId, '--as', 'executed')).toMatchObject({ code: 2 });
    expect(await change('order', 'resolve', orderId, '--as', 'done', '--evidence', 'x')).toMatchObject({ code: 2 });
  });
});
