import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { present } from '@core/kernel/present';
import type { Destination } from '@core/registry/destination';
import { newId } from '@core/service/clock';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { json, OpsHarness, ops, piped } from './ops-harness.fixture.ts';

let harness: OpsHarness;

beforeAll(async () => {
  harness = await OpsHarness.open();
}, 60_000);
afterAll(() => harness.close());
beforeEach(() => harness.reset());

describe('ops on the first day', () => {
  it('adds a trader with a password that is piped in', async () => {
    const added = await piped('a long password\n', 'traders', 'add', 'bob', '--json');
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(added.out)).toMatchObject({ login: 'bob' });
    expect(await harness.registry.verifyTrader('bob', 'a long password')).not.toBeNull();
    expect(await piped('short\n', 'traders', 'add', 'carol')).toMatchObject({ code: 2, out: '' });
    expect((await ops('traders')).out).toContain('bob');
    expect(await ops('traders', 'add', 'ada')).toMatchObject({ code: 2, err: 'ops: trader ada exists already' });
  }, 60_000);

  const destinationOf = async (venue: string): Promise<Destination> => {
    const broker = (await harness.registry.brokers()).find((each) => each.venue === venue);
    return { ...present(broker, `there is no ${venue}`), mode: 'live' };
  };

  const newAccount = ['accounts', 'add', '--trader', 'ada', '--venue', 'xoh', '--login', '5001', '--mode', 'live'];
  const reached = ['--transport', 'tls', '--main', 'xapi.example:5112', '--stream', 'xapi.example:5113'];

  it('adds an account at a new broker, registers it and tells the services', async () => {
    const added = await piped('canary-password\n', ...newAccount, ...reached, '--json');
    expect(added).toMatchObject({ code: 0, err: '' });
    const { account: id } = JSON.parse(added.out) as { account: string };
    const there = await destinationOf('xoh');
    expect(await harness.registry.credentials(id, there)).toEqual({ login: '5001', password: 'canary-password' });
    expect(harness.asked).toMatchObject([
      { type: 'RegisterAccount', subject: id, data: { venue: 'xoh', mode: 'live' } },
    ]);
    expect(harness.heard).toContainEqual({ subject: subjects.registryChanged, body: {} });
    expect(JSON.stringify([harness.asked, harness.heard]) + added.out + added.err).not.toContain('canary');

    // Under another name: the ledger refuses to register it again, and the password changes all the same.
    expect(await piped('rotated\n', ...newAccount, '--name', 'another')).toMatchObject({ code: 0, err: '' });
    expect((await harness.registry.credentials(id, there)).password).toBe('rotated');
    expect((await harness.registry.brokers()).find(({ venue }) => venue === 'xoh')).toMatchObject({
      endpoint: { main: 'xapi.example:5112' },
    });
  }, 60_000);

  it.each([
    [[...newAccount.slice(0, 4), '--venue', 'new', '--login', '1', '--mode', 'demo'], /new is new: say --transport/],
    [[...newAccount, ...reached, '--main', 'nonsense'], /nonsense is no host:port/],
    [[...newAccount, '--transport', 'carrier-pigeon'], /'carrier-pigeon' is invalid/],
    [
      [...newAccount, '--venue', 'plain', '--transport', 'tcp', '--main', 'h:1', '--stream', 'h:2'],
      /is not reached in clear/,
    ],
    [[...newAccount, '--venue', 'lax', ...reached, '--insecure-tls'], /is not reached in clear/],
    [[...newAccount, '--venue', 'Not A Venue'], /--venue is a short lower-case name/],
    [newAccount.slice(0, 6), /required option '--login <number>' not specified/],
    [[...newAccount, '--trader', 'nobody'], /there is no trader nobody/],
  ])('refuses %j with one line', async (args, line) => {
    const { code, out, err } = await ops(...args);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 1]);
    expect(err).toMatch(line);
  });

  const paper = ['accounts', 'add', '--trader', 'ada', '--venue', 'try', '--login', 'ada-1', '--mode', 'demo'];

  it('adds a paper account at another venue’s prices, without a password, and keeps what is not said again', async () => {
    const terms = ['--protocol', 'paper', '--quotes-of', 'demo', '--currency', 'EUR', '--leverage', '30'];
    expect(await ops(...paper, ...terms, '--rollover', '22:00')).toMatchObject({ code: 0, err: '' });
    expect(await ops(...paper, '--commission-per-lot', '7', '--stop-out-percent', '20')).toMatchObject({ code: 0 });
    expect((await harness.registry.brokers()).find(({ venue }) => venue === 'try')).toEqual({
      ...{ venue: 'try', protocol: 'paper' },
      endpoint: {
        ...{ quotesOf: 'demo', currency: 'EUR', balance: '100000', credit: '0', leverage: '30' },
        ...{ commissionPerLot: '7', stopOutPercent: 20, rollover: { at: '22:00', zone: 'America/New_York' } },
      },
    });
  }, 60_000);

  it.each([
    [['--protocol', 'paper', '--venue', 'other'], /other is new: say --quotes-of and --currency/],
    [['--venue', 'demo', '--protocol', 'paper'], /demo speaks xapi/],
    [['--quotes-of', 'try'], /a paper venue has the prices of another/],
    [['--balance', 'much'], /balance: /],
    [['--rollover-zone', 'Mars/Olympus'], /rollover zone: not a time zone/],
    [['--mode', 'live'], /paper money is nobody’s/],
  ])('refuses a paper account with %j', async (args, line) => {
    const { code, out, err } = await ops(...paper, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(line);
  });

  it('disables an account and enables it again', async () => {
    expect(await ops('accounts', 'disable', '10001')).toMatchObject({ code: 0 });
    expect((await ops('accounts')).out).toMatch(/10001 +demo +disabled/);
    await ops('accounts', 'enable', '10001');
    expect((await harness.registry.account(harness.account))?.enabled).toBe(true);
    expect(harness.heard.map(({ subject }) => subject)).toEqual([subjects.registryChanged, subjects.registryChanged]);
  });

  it('shows the positions of an account netted, and apart again', async () => {
    const isNetted = async () => (await harness.registry.account(harness.account))?.netting;
    expect(await isNetted()).toBe(false);
    expect(await ops('accounts', 'netting', '10001', 'on')).toMatchObject({ code: 0 });
    expect(await isNetted()).toBe(true);
    expect(await ops('accounts', 'netting', '10001', 'maybe')).toMatchObject({ code: 2 });
    await ops('accounts', 'netting', '10001', 'off');
    expect(await isNetted()).toBe(false);
    await harness.listened();
    expect(harness.heard.map(({ subject }) => subject)).toEqual([subjects.registryChanged, subjects.registryChanged]);
  });

  it('makes a key whose secret is shown once, and revokes it', async () => {
    const made = await json<{ id: string; secret: string }>('keys', 'add', 'office', '--account', '10001', '--prices');
    expect(await harness.registry.findAccessKey(made.secret)).toMatchObject({
      accountIds: [harness.account],
      traderIds: null,
      prices: true,
    });
    const ofAda = await json<{ secret: string }>('keys', 'add', 'ada', '--trader', 'ada');
    expect(await harness.registry.findAccessKey(ofAda.secret)).toMatchObject({
      accountIds: null,
      traderIds: [expect.any(String)],
    });
    expect((await ops('keys', 'list')).out).toMatch(/ada .*trader [0-9a-f-]{36}/);
    const list = await ops('keys', 'list');
    expect(list.out).toContain('office');
    expect(list.out + (await ops('keys', 'list', '--json')).out).not.toContain(made.secret);
    expect(await ops('keys', 'revoke', made.id)).toMatchObject({ code: 0 });
    expect(await harness.registry.findAccessKey(made.secret)).toBeNull();
    await harness.listened();
    expect(harness.heard).toEqual([{ subject: subjects.keyRevoked, body: { keyId: made.id } }]);
    expect(await ops('keys', 'add', 'no scope')).toMatchObject({ code: 2 });
    expect(await ops('keys', 'add', 'two scopes', '--all', '--trader', 'ada')).toMatchObject({ code: 2 });
  });

  it('registers a client of the login page, its secret shown once, and removes it', async () => {
    const redirect = 'https://www.tradingview.com/trading/oauth-redirect/acme/';
    const made = await json<{ id: string; secret: string }>('oauth', 'clients', 'add', 'live', '--redirect', redirect);
    expect(await harness.registry.findOauthClient(made.id)).toMatchObject({ flow: 'code', redirectUris: [redirect] });
    const list = (await ops('oauth', 'clients')).out;
    expect(list).toMatch(/live +code +live +https:/);
    expect(list + (await ops('oauth', 'clients', 'list', '--json')).out).not.toContain(made.secret);
    expect(await json('oauth', 'clients', 'add', 'page', '--flow', 'implicit', '--redirect', redirect)).toMatchObject({
      secret: null,
    });
    for (const bad of ['http://www.tradingview.com/', 'https://x.example/#a', 'https://me@x.example/', 'x'])
      expect(await ops('oauth', 'clients', 'add', 'bad', '--redirect', bad)).toMatchObject({ code: 2 });
    expect(await ops('oauth', 'clients', 'remove', made.id)).toMatchObject({ code: 0 });
    expect(await harness.registry.findOauthClient(made.id)).toBeNull();
  });

  it('adds an integration with its tickers, its token shown once', async () => {
    const tickers = ['--ticker', 'XAUUSD=GOLD', 'EURUSD=EURUSD:100000'];
    const made = await json<{ id: string; token: string; path: string }>(
      ...['integrations', 'add', 'ada@example.com', '--account', '10001', ...tickers],
    );
    expect(await harness.registry.findIntegration(made.id, made.token)).toMatchObject({
      accountId: harness.account,
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

describe('ops data', () => {
  it('makes clients of the data addresses, and registers whose keys sign for them', async () => {
    const made = await json<{ client: string; secret: string }>('data', 'clients', 'add', 'tv-staging');
    const { dataFeed } = harness.registry;
    expect(await dataFeed.verifyClient('tv-staging', made.secret)).toMatchObject({ id: 'tv-staging' });
    expect(await dataFeed.verifyClient('tv-staging', `${made.secret}x`)).toBeNull();
    expect(JSON.stringify(await dataFeed.clients())).not.toContain(made.secret);

    const folder = mkdtempSync(join(tmpdir(), 'ops-'));
    const [one, other] = [await certificateIn(folder, 'rsa'), await certificateIn(folder, 'rsa')];
    const thumbprints = [one, other].map(({ cert }) => new X509Certificate(cert).fingerprint.replaceAll(':', ''));
    expect((await ops('data', 'clients', 'certify', 'tv-staging', one.file)).out).toBe(`x5t ${thumbprints[0]}`);
    await ops('data', 'clients', 'certify', 'tv-staging', other.file);
    expect((await ops('data', 'clients')).out).toMatch(new RegExp(`live +${thumbprints[1]}.*${thumbprints[0]}`));
    expect((await ops('data', 'clients')).out).not.toContain(made.secret);
    const curve = await certificateIn(folder, 'ec');
    expect(await ops('data', 'clients', 'certify', 'tv-staging', curve.file)).toMatchObject({ code: 2 });
    expect(await ops('data', 'clients', 'certify', 'tv-staging', folder)).toMatchObject({ code: 2 });
    rmSync(folder, { recursive: true });

    await ops('data', 'clients', 'revoke', 'tv-staging');
    await harness.listened();
    expect(harness.heard).toContainEqual({ subject: subjects.registryChanged, body: {} });
    expect(await dataFeed.verifyClient('tv-staging', made.secret)).toBeNull();
    expect(await ops('data', 'clients', 'add', 'tv-staging')).toMatchObject({ code: 1 });
  });

  it('puts instruments into groups, of which none goes away', async () => {
    const put = (...args: string[]) => ops('data', 'groups', 'put', ...args);
    expect(await put('acme_fx', '--instrument', 'EURUSD')).toMatchObject({ code: 2 });
    expect(await put('acme_fx', '--instrument', 'EURUSD', 'USDJPY', '--trader', 'ada')).toMatchObject({ code: 0 });
    expect(await put('acme_cfd', '--instrument', 'USDJPY', '--everyone')).toMatchObject({
      code: 1,
      err: 'ops: USDJPY is in acme_fx: an instrument is in one group',
    });
    expect(await put('acme_fx', '--instrument', 'EURUSD')).toMatchObject({ code: 0 });
    expect(await put('acme_cfd', '--instrument', 'USDJPY', '--everyone')).toMatchObject({ code: 0 });
    expect((await ops('data', 'groups')).out.split('\n').slice(1)).toEqual([
      'acme_cfd  USDJPY       everyone',
      'acme_fx   EURUSD       ada',
    ]);
    expect(await put('acme_fx', '--empty', '--everyone')).toMatchObject({ code: 0, out: 'acme_fx: nothing' });
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
    expect(await ops('trading', 'halt', '--note', 'fire drill', '--operator', 'ada')).toMatchObject({
      code: 0,
      out: `trading is halted for everyone, at position ${next}`,
    });
    expect(await ops('trading', 'resume', '--note', 'over', '--account', '10001')).toMatchObject({ code: 0 });
    expect(await ops('trading', 'close-only', 'on', '--note', 'weekend')).toMatchObject({ code: 0 });
    expect(harness.asked).toMatchObject([
      { type: 'HaltTrading', subject: SYSTEM_ACCOUNT, data: { operator: 'ada', note: 'fire drill' } },
      { type: 'ResumeTrading', subject: harness.account },
      { type: 'SetCloseOnly', subject: SYSTEM_ACCOUNT, data: { closeOnly: true, note: 'weekend' } },
    ]);
    expect(await ops('trading', 'halt')).toMatchObject({ code: 2, err: expect.stringContaining('--note') });
    expect(await ops('trading', 'close-only', 'perhaps', '--note', 'x')).toMatchObject({ code: 2 });
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
    expect((await ops('requests', 'unknown')).out).toMatch(new RegExp(`${orderId} +order +unknown.*connection-lost`));
    expect(await json('requests', 'unknown')).toMatchObject([
      { account: harness.account, id: orderId, status: 'unknown' },
    ]);

    const next = (await harness.head()) + 1;
    const settled = await ops('requests', 'resolve', orderId, '--not-executed', '--note', 'not at the broker');
    expect(settled).toMatchObject({ code: 0, out: `order ${orderId} is settled at position ${next}` });
    expect(harness.asked).toMatchObject([
      {
        type: 'ResolveRequest',
        subject: harness.account,
        data: { kind: 'order', requestId: orderId, executed: false },
      },
    ]);
    expect(await ops('requests', 'resolve', dispatched, '--executed', '--note', 'x')).toEqual({
      code: 2,
      out: '',
      err: 'ops: the ledger refused: outcome-not-unknown',
    });
    expect(await ops('requests', 'resolve', orderId, '--note', 'x')).toMatchObject({ code: 2 });
  });
});
