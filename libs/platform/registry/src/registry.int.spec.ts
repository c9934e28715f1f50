import { randomBytes } from 'node:crypto';
import { newId } from '@core/service/clock';
import { freshDatabase, withClient, type FreshDatabase } from '@core/testing/fresh-database';
import { Client } from 'pg';
import { accountIdOf } from './account-identity.ts';
import { migrateRegistry } from './migrations.ts';
import { hashOf } from './tokens.ts';
import { openRegistry, Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { VaultError } from './vault.ts';

const THERE = { venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' }, mode: 'demo' } as const;
/** In which ids of accounts were made before each had a salt of its own. */
const SALT_BEFORE_SALTS = '6f1c4f6e-3d0a-5b59-8f43-0a4f6f1f1a01';

describe('registry', () => {
  let database: FreshDatabase;
  let registry: Registry;

  beforeAll(async () => {
    database = await freshDatabase();
    const options = { url: database.url, key: randomBytes(32).toString('base64'), newId };
    const opened = await Promise.all([openRegistry(options), openRegistry(options), openRegistry(options)]);
    registry = opened[0];
    await Promise.all(opened.slice(1).map((each) => each.close()));
  });

  afterAll(async () => {
    await registry.close();
    await database.drop();
  });

  const anAccount = async (brokerLogin: string) => {
    const trader = await registry.addTrader(`trader-of-${brokerLogin}`, 'trader password');
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
    const account = { traderId: trader.id, venue: 'demo', brokerLogin, name: 'x', mode: 'demo' } as const;
    return { trader, account, added: await registry.putAccount({ ...account, password: 'canary-of-the-broker' }) };
  };

  it('knows a trader by the right password only', async () => {
    const trader = await registry.addTrader('ada', 'correct horse');
    expect(await registry.verifyTrader('ada', 'correct horse')).toEqual(trader);
    expect(await registry.verifyTrader('ada', 'wrong')).toBeNull();
    expect(await registry.verifyTrader('nobody', 'correct horse')).toBeNull();
    await expect(registry.addTrader('ada', 'again')).rejects.toThrow(RegistryError);
  });

  it('gives an account one id however often it is added, and its newest password', async () => {
    const { account, added } = await anAccount('10001');
    const again = await registry.putAccount({ ...account, password: 'rotated' });
    expect(again.id).toBe(added.id);
    expect(await registry.credentials(added.id, THERE)).toEqual({ login: '10001', password: 'rotated' });
    await expect(registry.putAccount({ ...account, traderId: newId(), password: 'x' })).rejects.toThrow(RegistryError);
  });

  it('adds one account where two add it at once', async () => {
    const { account } = await anAccount('10015');
    const twin = { ...account, brokerLogin: '10016', password: 'x' };
    const added = await Promise.all([registry.putAccount(twin), registry.putAccount(twin), registry.putAccount(twin)]);
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
    expect(await registry.credentials(added[0].id, THERE)).toEqual({ login: '10016', password: 'x' });
  });

  it('proves by its id which login an account is, until that is forgotten; who comes back is another', async () => {
    const { account, added, trader } = await anAccount('10017');
    const named = { name: 'x', venue: 'demo', brokerLogin: '10017' };
    expect(await registry.accountName(added.id)).toEqual({ ...named, isProven: true });
    expect(JSON.stringify([added, await registry.account(added.id), await registry.accounts()])).not.toContain('salt');
    const exchange = (login: string) =>
      withClient(database.url, (client) =>
        client.query('update registry.account set broker_login = $1 where id = $2', [login, added.id]),
      );
    await exchange('66666');
    expect(await registry.accountName(added.id)).toEqual({ ...named, brokerLogin: '66666', isProven: false });
    await exchange('10017');

    await registry.setTraderDisabled(trader.id, true);
    await registry.forgetTrader(trader.id);
    await exchange('10017');
    expect(await registry.accountName(added.id)).toMatchObject({ brokerLogin: '10017', isProven: false });
    await exchange('gone');
    const { id: traderId } = await registry.addTrader('who came back', 'trader password');
    expect((await registry.putAccount({ ...account, traderId, password: 'x' })).id).not.toBe(added.id);
    expect(await registry.accountName(newId())).toBeNull();
  });

  it('gives the accounts of many traders at once: those that are switched on, of traders who are not disabled', async () => {
    const [one, other, off, barred] = await Promise.all(['20001', '20002', '20003', '20004'].map(anAccount));
    if (!one || !other || !off || !barred) throw new Error('there are four');
    await registry.setAccountEnabled(off.added.id, false);
    await registry.setTraderDisabled(barred.trader.id, true);
    const traders = [other, one, off, barred].map(({ trader }) => trader.id);
    const open = await registry.openAccountsOf([...traders, newId()]);
    expect(open.map(({ id }) => id)).toEqual([one.added.id, other.added.id]);
    expect(await registry.openAccountsOf([])).toEqual([]);
  });

  it('forgets who a trader is, and lets nobody in for them; others stay', async () => {
    const [gone, stays] = [await anAccount('gone-30001'), await anAccount('stays-30002')];
    const mail = 'gone-user@example.com';
    await registry.addIntegration(gone.added.id, mail, {});
    await registry.addIntegration(stays.added.id, 'stays@example.com', {});
    const key = { name: 'of gone-30001', traderIds: [gone.trader.id], accountIds: null, prices: false, trade: false };
    const { secret } = await registry.keys.add({
      ...key,
      expiresAt: null,
      sessionsMax: null,
      messagesPerSecond: null,
    });
    await registry.forgetTrader(gone.trader.id);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const kept: string[] = [];
    for (const table of ['trader', 'account', 'broker_password', 'integration', 'integration_request', 'access_key'])
      kept.push(JSON.stringify((await client.query(`select * from registry.${table}`)).rows));
    await client.end();
    expect(kept.join()).not.toMatch(/gone-/);
    expect(kept.join()).toMatch(/trader-of-stays-30002.*stays-30002.*stays@example.com/s);
    expect(kept.join()).toContain(gone.trader.id);
    expect(await registry.keys.find(secret)).toBeNull();
    await expect(registry.credentials(gone.added.id, THERE)).rejects.toThrow(VaultError);
    expect(await registry.openAccountsOf([gone.trader.id])).toEqual([]);
  });

  it('opens a password for where it was given to go, and for nowhere else', async () => {
    const { added } = await anAccount('10007');
    const evil = { main: 'evil:1' };
    for (const elsewhere of [
      { ...THERE, endpoint: evil },
      { ...THERE, endpoint: { ...THERE.endpoint, insecureTls: true } },
      { ...THERE, venue: 'other' },
      { ...THERE, protocol: 'other' },
      { ...THERE, mode: 'live' } as const,
    ])
      await expect(registry.credentials(added.id, elsewhere)).rejects.toThrow(VaultError);

    // As somebody would who can write the database and has no key: both for a moment, and for good.
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('update registry.broker set endpoint = $1', [evil]);
    await expect(registry.credentials(added.id, { ...THERE, endpoint: evil })).rejects.toThrow(VaultError);
    await client.end();
    expect(await registry.credentials(added.id, THERE)).toMatchObject({ password: 'canary-of-the-broker' });

    // The operator puts it right, or moves it: what was given for it follows, what never was for it does not.
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:2' } });
    await expect(registry.credentials(added.id, { ...THERE, endpoint: { main: 'h:2' } })).rejects.toThrow(VaultError);
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: THERE.endpoint });
    const moved = { ...THERE, endpoint: { main: 'h:3' } };
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: moved.endpoint });
    expect(await registry.credentials(added.id, moved)).toMatchObject({ password: 'canary-of-the-broker' });
    await expect(registry.credentials(added.id, THERE)).rejects.toThrow(VaultError);
  });

  it('finds a key by its secret until it is revoked', async () => {
    const { key, secret } = await registry.keys.add({
      name: 'k',
      traderIds: null,
      accountIds: null,
      prices: false,
    });
    expect((await registry.keys.find(secret))?.id).toBe(key.id);
    expect(await registry.keys.find(`${secret}x`)).toBeNull();
    expect(await registry.keys.formerOf(secret)).toBeNull();
    await registry.keys.revoke(key.id);
    expect(await registry.keys.find(secret)).toBeNull();
    expect((await registry.keys.formerOf(secret))?.id).toBe(key.id);
    expect(await registry.keys.formerOf(`${secret}x`)).toBeNull();
  });

  it('opens a key by its new secret and, for as long as they overlap, by the one before', async () => {
    const scope = { traderIds: null, accountIds: null, prices: false };
    const { key, secret: first } = await registry.keys.add({ name: 'rotated', ...scope });
    const [later, past] = [new Date(Date.now() + 3_600_000), new Date(Date.now() - 1)];
    const { secret: second } = await registry.keys.rotate(key.id, { overlapEnds: later, expiresAt: null });
    expect(await Promise.all([first, second].map(async (each) => (await registry.keys.find(each))?.id))).toEqual([
      key.id,
      key.id,
    ]);
    const { secret: third } = await registry.keys.rotate(key.id, { overlapEnds: past, expiresAt: later });
    for (const gone of [first, second]) expect(await registry.keys.find(gone)).toBeNull();
    expect(await registry.keys.find(third)).toMatchObject({ id: key.id, expiresAt: later });
    await registry.keys.rotate(key.id, { overlapEnds: later, expiresAt: past });
    expect(await registry.keys.find(third)).toBeNull();
    await registry.keys.revoke(key.id);
    const revoked = registry.keys.rotate(key.id, { overlapEnds: later, expiresAt: null });
    await expect(revoked).rejects.toThrow(RegistryError);
  });

  it('lets an integration in by its own token only', async () => {
    const { added } = await anAccount('10002');
    const tickers = { XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' } } as const;
    const { integration, token } = await registry.addIntegration(added.id, 'user@example.com', tickers);
    expect((await registry.senders.find(integration.id, hashOf(token)))?.integration.tickers).toEqual(tickers);
    for (const [id, secret] of [
      [integration.id, 'wrong'],
      [newId(), token],
      ['not-an-id', token],
      [newId(), ''],
    ] as const) {
      expect(await registry.senders.find(id, hashOf(secret))).toBeNull();
    }
  });

  it('stores no secret readable', async () => {
    await anAccount('10003');
    const { secret } = await registry.keys.add({ name: 'k2', traderIds: null, accountIds: null, prices: false });
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `select json_agg(t)::text as stored from registry.trader t
       union all select json_agg(a)::text from registry.account a
       union all select json_agg(k)::text from registry.access_key k`,
    );
    await client.end();
    const stored = JSON.stringify(rows);
    expect(stored).toContain('10003');
    for (const each of [secret, 'canary-of-the-broker', 'trader password']) expect(stored).not.toContain(each);
  });
});

describe('a registry from before brokers spoke protocols', () => {
  it('keeps its brokers and accounts, which spoke xAPI', async () => {
    const database = await freshDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await migrateRegistry(database.url, 1);
      const trader = newId();
      const account = accountIdOf(SALT_BEFORE_SALTS, { venue: 'demo', brokerLogin: '1' });
      await client.query(`insert into registry.trader values ('${trader}', 'ada', 'hash')`);
      await client.query(`insert into registry.broker values ('demo', 'tls', 'h:1', 'h:2', true)`);
      await client.query(
        `insert into registry.account values ('${account}', '${trader}', 'demo', '1', 'sealed', 'x', 'demo', true)`,
      );
      const registry = await openRegistry({ url: database.url, newId });
      const endpoint = { transport: 'tls', main: 'h:1', stream: 'h:2', insecureTls: true };
      expect(await registry.brokers()).toEqual([{ venue: 'demo', protocol: 'xapi', endpoint }]);
      expect(await registry.accounts()).toMatchObject([{ id: account, venue: 'demo' }]);
      expect(await registry.accountName(account)).toMatchObject({ brokerLogin: '1', isProven: true });
      await registry.close();
    } finally {
      await client.end();
      await database.drop();
    }
  });
});
