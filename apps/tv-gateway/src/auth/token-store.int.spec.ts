import { randomBytes } from 'node:crypto';
import { exampleId } from '@core/contracts/examples.fixture';
import { loadConfig } from '@core/service/load-config';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { PostgresProxy } from '@core/testing/postgres-proxy';
import { DataSource } from 'typeorm';
import { loginsOf } from '../adapters.module.ts';
import { gatewayConfig } from '../config.ts';
import { MemoryOauthStore, MemoryTokenStore } from '../memory-ports.fixture.ts';
import { migrateTvGateway } from '../migrations.ts';
import { OauthRecord } from '../oauth/oauth-record.ts';
import { PostgresOauthStore, type OauthStore } from '../oauth/oauth-store.ts';
import { AccessToken } from './access-token.ts';
import { PostgresTokenStore, type StoredToken, type TokenStore } from './token-store.ts';

let database: FreshDatabase;
let proxy: PostgresProxy;
let source: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  await migrateTvGateway(database.url);
  proxy = await PostgresProxy.before(database.url);
  const environment = { DATABASE_URL: proxy.url, NATS_URL: 'nats://nowhere', STORE_TIMEOUT_MS: '3000' };
  const config = loadConfig(gatewayConfig, environment);
  source = await new DataSource(loginsOf(config.database, config.edge)).initialize();
});
afterAll(async () => {
  await proxy.stop();
  await source.destroy();
  await database.drop();
});

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 5, 10, 0, second));
const aToken = (more: Partial<StoredToken> = {}): StoredToken => ({
  hash: randomBytes(32),
  traderId: exampleId(0xada),
  loginId: randomBytes(8).toString('hex'),
  sessionUid: null,
  issuedAt: at(0),
  expiresAt: at(10),
  used: false,
  ...more,
});
const aRecord = (more: Partial<OauthRecord> = {}): OauthRecord => ({
  model: 'AuthorizationCode',
  idHash: randomBytes(32),
  sealed: 'sealed',
  loginId: null,
  sessionUid: null,
  expiresAt: at(10),
  consumedAt: null,
  ...more,
});

describe.each([
  ['memory', () => new MemoryTokenStore()],
  ['Postgres', () => new PostgresTokenStore(source.getRepository(AccessToken))],
])('tokens in %s', (_, open: () => TokenStore) => {
  let tokens: TokenStore;
  const found = async (hash: Buffer): Promise<StoredToken | undefined> => (await tokens.find([hash]))[0];
  const end = async (loginId: string): Promise<Date | undefined> => (await tokens.endsOf([loginId])).get(loginId);

  it('that are renewed last as long as the new one, until it is used', async () => {
    tokens = open();
    const [old, { loginId }] = [aToken(), aToken()];
    const first = { ...old, loginId };
    const second = aToken({ loginId, issuedAt: at(9), expiresAt: at(20) });
    const [stranger, dead] = [aToken(), aToken({ loginId, expiresAt: at(5) })];
    for (const token of [first, dead, stranger, second]) await tokens.save(token);
    expect(await found(first.hash)).toMatchObject({ expiresAt: at(20) });
    expect(await found(dead.hash)).toMatchObject({ expiresAt: at(5) });
    await tokens.use(first);
    expect(await found(second.hash)).toMatchObject({ used: false });
    await tokens.use(second);
    expect(await found(first.hash)).toBeUndefined();
    expect(await found(second.hash)).toEqual({ ...second, used: true });
    expect(await found(stranger.hash)).toEqual(stranger);
    expect(await end(loginId)).toEqual(at(20));
  });

  it('end with their login or their visit, and no others do', async () => {
    tokens = open();
    const [login, ofVisit, other] = [aToken(), aToken({ sessionUid: 'visit' }), aToken({ sessionUid: 'another' })];
    for (const token of [login, ofVisit, other]) await tokens.save(token);
    await tokens.deleteLogin(login.loginId);
    expect(await tokens.deleteSession('visit')).toEqual([ofVisit.loginId]);
    expect(await end(login.loginId)).toBeUndefined();
    expect(await end(ofVisit.loginId)).toBeUndefined();
    expect(await found(other.hash)).toBeDefined();
    await tokens.deleteExpired(at(11));
    expect(await found(other.hash)).toBeUndefined();
  });

  it('are found together, and so are the ends of their logins: those that there are', async () => {
    tokens = open();
    const [one, other] = [aToken(), aToken({ expiresAt: at(7) })];
    const later = aToken({ loginId: other.loginId, issuedAt: at(8), expiresAt: at(9) });
    for (const token of [one, other, later]) await tokens.save(token);
    const some = await tokens.find([other.hash, randomBytes(32), one.hash]);
    expect(new Set(some.map(({ hash }) => hash.toString('hex')))).toEqual(
      new Set([one, other].map(({ hash }) => hash.toString('hex'))),
    );
    const ends = await tokens.endsOf([one.loginId, 'nobody', other.loginId]);
    expect(ends).toEqual(new Map([[one.loginId, at(10)], [other.loginId, at(9)]])); // prettier-ignore
    expect(await tokens.find([])).toEqual([]);
    expect(await tokens.endsOf([])).toEqual(new Map());
  });
});

describe.each([
  ['memory', () => new MemoryOauthStore()],
  ['Postgres', () => new PostgresOauthStore(source.getRepository(OauthRecord))],
])('records in %s', (_, open: () => OauthStore) => {
  it('are replaced, and consumed once however many ask', async () => {
    const records = open();
    const record = aRecord();
    await records.put(record);
    await records.put({ ...record, sealed: 'again' });
    const { model, idHash } = record;
    const consumed = await Promise.all([1, 2, 3].map((second) => records.consume(model, idHash, at(second))));
    expect(consumed.filter(Boolean)).toHaveLength(1);
    expect(await records.find(model, idHash)).toMatchObject({ sealed: 'again', consumedAt: expect.any(Date) });
    expect(await records.find('Session', idHash)).toBeNull();
    expect(await records.consume(model, randomBytes(32), at(1))).toBe(false);
  });

  it('go one by one, by login, by visit, and when they expire', async () => {
    const records = open();
    const own = aRecord();
    const [ofLogin, ofVisit] = [aRecord({ loginId: 'login' }), aRecord({ sessionUid: 'visit' })];
    const [expired, left] = [aRecord({ expiresAt: at(1) }), aRecord({ loginId: 'another', sessionUid: 'other' })];
    for (const record of [own, ofLogin, ofVisit, expired, left]) await records.put(record);
    await records.delete(own.model, own.idHash);
    await records.deleteLogin(ofLogin.model, 'login');
    await records.deleteSession('visit');
    await records.deleteExpired(at(2));
    for (const { model, idHash } of [own, ofLogin, ofVisit, expired])
      expect(await records.find(model, idHash)).toBeNull();
    expect(await records.find(left.model, left.idHash)).toEqual(left);
  });
});

it('a token that a silent database cannot be asked for is not an unknown one, and nobody waits for ever', async () => {
  const tokens = new PostgresTokenStore(source.getRepository(AccessToken));
  expect(await tokens.find([Buffer.alloc(32)])).toEqual([]);
  proxy.hush();
  const asked = await Promise.allSettled(Array.from({ length: 10 }, () => tokens.find([Buffer.alloc(32)])));
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(['rejected']));
});
