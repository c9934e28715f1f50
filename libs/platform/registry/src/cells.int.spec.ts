import { cellIn } from '@core/contracts/cell';
import { newId } from '@core/service/clock';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { randomBytes } from 'node:crypto';
import { openRegistry, type Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { hashOf } from './tokens.ts';

const EVERYTHING = { name: 'all', traderIds: null, accountIds: null, prices: false };
const ACT = { operator: 'o', note: 'n', what: 'key', action: 'added', target: 't' } as const;

let database: FreshDatabase;
let unnamed: Registry;
let a: Registry;
let b: Registry;

beforeAll(async () => {
  database = await freshDatabase();
  const key = randomBytes(32).toString('base64');
  const open = (cell: string) => openRegistry({ url: database.url, cell, key, newId });
  [unnamed, a, b] = [await open(''), await open('a'), await open('b')];
  await a.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
});

afterAll(async () => {
  for (const each of [unnamed, a, b]) await each.close();
  await database.drop();
});

/** Somebody new in a cell, with an account, an integration and a key to everything. */
async function populate(registry: Registry, login: string) {
  const trader = await registry.addTrader(login, 'secret');
  const account = { traderId: trader.id, venue: 'demo', brokerLogin: login, name: login, mode: 'demo' } as const;
  const { id } = await registry.putAccount({ ...account, password: 'x' });
  const { integration, token } = await registry.addIntegration(id, login, {});
  return { trader, account: id, integration, token, key: await registry.keys.add({ ...EVERYTHING, name: login }) };
}

describe('one registry for several cells', () => {
  let ofA: Awaited<ReturnType<typeof populate>>;
  let ofB: Awaited<ReturnType<typeof populate>>;
  let ofUnnamed: Awaited<ReturnType<typeof populate>>;
  beforeAll(async () => {
    [ofA, ofB, ofUnnamed] = [await populate(a, 'ada'), await populate(b, 'bob'), await populate(unnamed, 'eve')];
  });

  it('gives out what says its cell, and nothing in front where there is no name', () => {
    expect([ofA, ofB, ofUnnamed].map(({ token, key }) => [cellIn(token), cellIn(key.secret)])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['', ''],
    ]);
  });

  it('knows every login, and where it lives', async () => {
    for (const registry of [unnamed, a, b])
      for (const { trader } of [ofA, ofB, ofUnnamed])
        expect((await registry.verifyTrader(trader.login, 'secret'))?.id).toBe(trader.id);
    const homes = await Promise.all([ofA, ofB, ofUnnamed].map(({ trader }) => a.cells.homeOf(trader.id)));
    expect(homes).toEqual(['a', 'b', '']);
    await expect(b.addTrader('ada', 'another')).rejects.toThrow(RegistryError);
  });

  it('shows a cell its own people, and what is theirs', async () => {
    for (const [registry, own] of [[a, ofA] as const, [b, ofB] as const, [unnamed, ofUnnamed] as const]) {
      const seen = [
        ...(await registry.traders()).map(({ id }) => id),
        ...(await registry.accounts()).map(({ id }) => id),
        ...(await registry.integrations()).map(({ id }) => id),
        ...(await registry.keys.all()).map(({ id }) => id),
      ];
      expect(seen).toEqual([own.trader.id, own.account, own.integration.id, own.key.key.id]);
      const all = [ofA, ofB, ofUnnamed].map(({ trader }) => trader.id);
      expect((await registry.openAccountsOf(all)).map(({ id }) => id)).toEqual([own.account]);
    }
  });

  it('opens nothing of a cell in another, whatever is shown there', async () => {
    for (const { integration, token, key } of [ofB, ofUnnamed]) {
      expect(await a.keys.find(key.secret)).toBeNull();
      expect(await a.senders.find(integration.id, hashOf(token))).toBeNull();
      const terms = { overlapEnds: new Date(), expiresAt: null };
      await expect(a.keys.rotate(key.key.id, terms)).rejects.toThrow(RegistryError);
    }
    expect((await b.keys.find(ofB.key.secret))?.id).toBe(ofB.key.key.id);
    expect((await b.senders.find(ofB.integration.id, hashOf(ofB.token)))?.integration.id).toBe(ofB.integration.id);
  });

  it('adds no account to somebody who lives elsewhere', async () => {
    const account = { traderId: ofB.trader.id, venue: 'demo', brokerLogin: '9', name: '9', mode: 'demo' } as const;
    await expect(a.putAccount({ ...account, password: 'x' })).rejects.toThrow('lives in cell b');
  });

  it.each<[string, (them: typeof ofB) => Promise<unknown>]>([
    ['a trader’s password', ({ trader }) => a.setTraderPassword(trader.id, 'x')],
    ['whether a trader is disabled', ({ trader }) => a.setTraderDisabled(trader.id, true)],
    ['who a trader is', ({ trader }) => a.forgetTrader(trader.id)],
    ['an account’s password', ({ account }) => a.setBrokerPassword(account, 'x')],
    ['whether an account is enabled', ({ account }) => a.setAccountEnabled(account, false)],
    ['how an account nets', ({ account }) => a.setAccountNetting(account, true)],
    ['an account’s bound', ({ account }) => a.slippage.set({ of: 'account', account }, '1')],
    ['an account’s integrations', ({ account }) => a.addIntegration(account, 'x', {})],
    ['what an integration trades', ({ integration }) => a.mapTickers(integration.id, {})],
    ['whether an integration is revoked', ({ integration }) => a.revokeIntegration(integration.id)],
    ['an integration’s tokens', ({ integration }) => a.integrationTokens.add(integration.id)],
    ['which of them is good', ({ integration }) => a.integrationTokens.settle(integration.id)],
    [
      'an integration’s bound',
      ({ integration: { id } }) => a.slippage.set({ of: 'integration', integration: id }, '1'),
    ],
    ['a key', ({ key }) => a.keys.revoke(key.key.id)],
    ['a key’s secret', ({ key }) => a.keys.rotate(key.key.id, { overlapEnds: new Date(0), expiresAt: new Date(0) })],
  ])('changes nothing of another cell by its id: %s', async (_what, change) => {
    await expect(change(ofB)).rejects.toThrow(/ lives in cell b: ask there, --cell b$/);
    await expect(change(ofUnnamed)).rejects.toThrow('lives in the cell that has no name');
  });

  it('tells each log of what was done in its cell, and serves what was decided there', async () => {
    await a.change(ACT, () => Promise.resolve());
    expect([(await a.acts.untold()).length, (await b.acts.untold()).length]).toEqual([1, 0]);
    const decision = {
      owner: 'ws-session',
      name: 'p',
      version: 1,
      build: 0,
      act: 'serve',
      operator: 'o',
      note: 'n',
    } as const;
    await b.releases.decide(decision);
    expect([(await a.releases.decisions()).length, (await b.releases.decisions()).length]).toEqual([0, 1]);
  });

  it('a cell that is given a name keeps its people, and what was given out without one', async () => {
    const named = await openRegistry({ url: database.url, cell: 'c', newId });
    try {
      await named.cells.takeUnnamed();
      expect((await named.traders()).map(({ login }) => login)).toEqual(['eve']);
      expect((await named.keys.find(ofUnnamed.key.secret))?.id).toBe(ofUnnamed.key.key.id);
      expect((await named.senders.find(ofUnnamed.integration.id, hashOf(ofUnnamed.token)))?.integration.name).toBe(
        'eve',
      );
      expect(await unnamed.traders()).toEqual([]);
      expect((await a.traders()).map(({ login }) => login)).toEqual(['ada']);
    } finally {
      await named.close();
    }
  });
});
