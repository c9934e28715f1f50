import { connectNats } from '@core/bus/nats-connection';
import { exampleId } from '@core/contracts/examples.fixture';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { LeaseKeeper, type LeaseListener } from './lease-keeper.ts';
import { LeaseStore } from './lease-store.ts';

const TTL_MS = 1_000;
const WAIT_MS = 20_000;

/** What an instance was told, and how its goodbyes go. */
class Instance implements LeaseListener {
  readonly mine = new Set<AccountId>();
  readonly troubles: string[] = [];
  wanted: readonly AccountId[] = [];
  /** How long a goodbye takes: until this resolves. */
  goodbye: Promise<void> = Promise.resolve();
  goodbyes = 0;
  readonly keeper: LeaseKeeper;

  constructor(
    readonly store: LeaseStore,
    instance: string,
  ) {
    this.keeper = new LeaseKeeper(store, { instance, renewMs: 100, accountsMax: 100 }, this);
  }

  accounts = (): readonly AccountId[] => this.wanted;
  venues = (): readonly Venue[] => [];

  held(account: AccountId): void {
    this.mine.add(account);
  }

  async lost(account: AccountId): Promise<void> {
    this.goodbyes += 1;
    await this.goodbye;
    this.mine.delete(account);
  }

  venueHeld(): void {
    throw new Error('no venue was offered');
  }

  venueLost(): Promise<void> {
    return Promise.resolve();
  }

  troubled(error: unknown): void {
    this.troubles.push(String(error));
  }
}

describe('keeping leases', () => {
  const [first, second] = [exampleId(1), exampleId(2)];
  let nats: ThrowawayNats;
  let connection: NatsConnection;
  let one: Instance;
  let other: LeaseStore;

  beforeEach(async () => {
    nats = await ThrowawayNats.start();
    connection = await connectNats({ url: nats.url, name: 'spec' });
    one = new Instance(new LeaseStore(connection, 'one', 'x', TTL_MS), 'one');
    other = new LeaseStore(connection, 'other', 'x', TTL_MS);
    one.wanted = [first, second];
    one.keeper.start();
    await until(() => one.mine.size === 2, WAIT_MS);
  }, 30_000);
  afterEach(async () => {
    await one.keeper.stop();
    await connection.close();
    await nats.stop();
  });

  const isFree = async (account: AccountId): Promise<boolean> => (await other.take(`account.${account}`)) !== null;

  it('goes on while something that was given up takes for ever to end, and holds it until then', async () => {
    let end = (): void => undefined;
    one.goodbye = new Promise((resolve) => (end = resolve));
    one.wanted = [second];
    await until(() => one.goodbyes === 1, WAIT_MS);
    for (const untilMs = Date.now() + 3 * TTL_MS; Date.now() < untilMs;)
      expect([await isFree(first), await isFree(second)]).toEqual([false, false]);
    expect([one.goodbyes, one.keeper.count]).toEqual([1, 2]);

    end();
    await until(() => isFree(first), WAIT_MS);
    expect(one.keeper.count).toBe(1);
    expect(one.troubles).toEqual([]);
  }, 30_000);

  it('ends although a goodbye does not, and gives up what is not in use', async () => {
    one.goodbye = new Promise(() => undefined);
    one.wanted = [second];
    await until(() => one.goodbyes === 1, WAIT_MS);
    await one.keeper.stop();
    expect(await isFree(second)).toBe(true);
  }, 30_000);

  it('takes nothing up again that it has not let go yet', async () => {
    let end = (): void => undefined;
    one.goodbye = new Promise((resolve) => (end = resolve));
    await other.give(`account.${first}`); // by force: the next renewal finds that it is gone
    await other.take(`account.${first}`);
    await until(() => one.goodbyes === 1, WAIT_MS);
    await other.give(`account.${first}`);
    const { keeper } = one;
    expect(keeper.count).toBe(1);
    await until(() => isFree(first), WAIT_MS);
    await other.give(`account.${first}`);

    end();
    await until(() => keeper.count === 2, WAIT_MS);
    expect(one.mine.size).toBe(2);
  }, 30_000);

  it('shares with one who joins, and takes everything over from one who dies', async () => {
    const two = new Instance(new LeaseStore(connection, 'two', 'x', TTL_MS), 'two');
    two.wanted = one.wanted;
    two.keeper.start();
    await until(() => one.mine.size === 1 && two.mine.size === 1, WAIT_MS);
    expect(new Set([...one.mine, ...two.mine]).size).toBe(2);
    await one.keeper.stop();
    await until(() => two.mine.size === 2, WAIT_MS);
    await two.keeper.stop();
  }, 30_000);
});
