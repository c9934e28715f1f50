import { succeeds } from '@core/kernel/succeeds';
import { natsAuthorization } from '@core/bus/nats-authorization';
import { connectNats, leasesUrl } from '@core/bus/nats-connection';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { LeaseStore } from './lease-store.ts';

const TTL_MS = 1_000;

describe('leases', () => {
  let nats: ThrowawayNats;
  let connection: NatsConnection;
  let one: LeaseStore;
  let two: LeaseStore;

  beforeAll(async () => {
    nats = await ThrowawayNats.start(natsAuthorization((login) => `of-${login}`));
    const url = nats.url.replace('://', '://xapi-connector:of-xapi-connector@');
    connection = await connectNats({ url: leasesUrl(url), name: 'spec' });
    one = storeOf('one', 'first');
    two = storeOf('two', 'first');
  });
  afterAll(async () => {
    await connection?.close();
    await nats?.stop();
  });

  const storeOf = (instance: string, incarnation: string, protocol = 'spec'): LeaseStore =>
    new LeaseStore(connection, { protocol, instance, incarnation, ttlMs: TTL_MS, replicas: 1 });
  const held = async (store: LeaseStore, key: string) => (await store.keys()).get(key);

  it('are held by one, and seen by others', async () => {
    expect(await one.keys()).toEqual(new Map());
    const lease = await one.take('account.a');
    expect(lease).not.toBeNull();
    expect(await two.take('account.a')).toBeNull();
    expect(await held(two, 'account.a')).toEqual({ isOther: true });
    expect(await held(one, 'account.a')).toEqual({ isOther: false });
  });

  it('live as long as they are renewed, under one token', async () => {
    let lease = await one.take('account.b');
    const token = lease?.token;
    for (const end = Date.now() + 2 * TTL_MS; lease && Date.now() < end;) lease = await one.renew('account.b', lease);
    expect(lease?.token).toBe(token);
  });

  it('run out, go to another under a higher token, and are lost to the first', async () => {
    const lease = await one.take('account.c');
    await until(async () => (await two.take('account.c')) !== null);
    expect(lease && (await one.renew('account.c', lease))).toBeNull();
    const again = await two.take('account.c');
    expect(again?.token).toBeGreaterThan(lease?.token ?? Infinity);
  });

  it('are free at once when given up', async () => {
    await one.take('account.d');
    await one.give('account.d');
    expect(await two.take('account.d')).not.toBeNull();
  });

  it('go to the next process of the same name at once, and away from the one before', async () => {
    const lease = await one.take('account.e');
    const next = storeOf('one', 'second');
    expect((await next.take('account.e'))?.token).toBeGreaterThan(lease?.token ?? Infinity);
    expect(lease && (await one.renew('account.e', lease))).toBeNull();
  });

  it('of another protocol are others, whatever their name', async () => {
    expect(await one.take('account.g')).not.toBeNull();
    expect(await storeOf('two', 'first', 'other').take('account.g')).not.toBeNull();
  });

  it('outlive a server that lost everything it had stored', async () => {
    const lease = await one.take('account.f');
    await nats.kill();
    nats.wipe();
    await nats.boot();
    await until(() => succeeds(one.announce('instance.one')));
    expect(lease && (await one.renew('account.f', lease))).not.toBeNull();
    expect(await two.take('account.f')).toBeNull();
  });
});
