import { connectNats } from '@core/bus/nats-connection';
import { exampleId } from '@core/contracts/examples.fixture';
import type { AccountId, Venue } from '@core/contracts/primitives';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { LeaseKeeper, type AccountLeases, type VenueLeases } from './lease-keeper.ts';
import { LeaseStore } from './lease-store.ts';

/** Long enough that no stall of the machine costs a lease that is being renewed. */
const TTL_MS = 2_000;

/** What an instance was told, and how its goodbyes go. */
class Instance implements AccountLeases, VenueLeases {
  readonly mine = new Set<AccountId>();
  readonly troubles: string[] = [];
  wanted: readonly AccountId[] = [];
  /** How long a goodbye takes: until this resolves. */
  goodbye: Promise<void> = Promise.resolve();
  goodbyes = 0;
  /** In each of them it is asked what it wants. */
  rounds = 0;
  readonly keeper: LeaseKeeper;

  constructor(store: LeaseStore, instance: string) {
    const options = { instance, renewMs: 100, accountsMax: 100 };
    this.keeper = new LeaseKeeper(store, options, (error) => this.troubles.push(String(error)));
  }

  start(): void {
    this.keeper.start(this, this);
  }

  /** Resolves when so many whole rounds have passed. */
  passed(rounds: number): Promise<void> {
    const last = this.rounds + rounds + 1;
    return until(() => this.rounds >= last);
  }

  accounts(): readonly AccountId[] {
    this.rounds += 1;
    return this.wanted;
  }

  venues(): readonly Venue[] {
    return [];
  }

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
    one = new Instance(storeOf('one'), 'one');
    other = storeOf('other');
    one.wanted = [first, second];
    one.start();
    await until(() => one.mine.size === 2);
  });
  afterEach(async () => {
    await one.keeper.stop();
    await connection.close();
    await nats.stop();
  });

  const storeOf = (instance: string): LeaseStore =>
    new LeaseStore(connection, { protocol: 'spec', instance, incarnation: 'x', ttlMs: TTL_MS, replicas: 1 });
  /** At once, as nobody does who keeps to the rules: no round may come between letting go and taking. */
  const rob = async (account: AccountId): Promise<void> => {
    const bucket = await connection.jetstream().views.kv('spec-leases');
    await bucket.put(`account.${account}`, Buffer.from('other/x'));
  };
  const isFree = async (account: AccountId): Promise<boolean> => (await other.take(`account.${account}`)) !== null;

  it('goes on while something that was given up takes for ever to end, and holds it until then', async () => {
    let end = (): void => undefined;
    one.goodbye = new Promise((resolve) => (end = resolve));
    one.wanted = [second];
    await until(() => one.goodbyes === 1);
    for (const untilMs = Date.now() + 3 * TTL_MS; Date.now() < untilMs;)
      expect([await isFree(first), await isFree(second)]).toEqual([false, false]);
    expect([one.goodbyes, one.keeper.count]).toEqual([1, 2]);

    end();
    await until(() => isFree(first));
    expect(one.keeper.count).toBe(1);
    expect(one.troubles).toEqual([]);
  });

  it('ends although a goodbye does not, and gives up what is not in use', async () => {
    one.goodbye = new Promise(() => undefined);
    one.wanted = [second];
    await until(() => one.goodbyes === 1);
    await one.keeper.stop();
    expect(await isFree(second)).toBe(true);
  });

  it('takes nothing up again that it has not let go yet', async () => {
    let end = (): void => undefined;
    one.goodbye = new Promise((resolve) => (end = resolve));
    const { keeper } = one;
    await rob(first); // the next renewal finds that it is gone
    await until(() => one.goodbyes === 1);
    await other.give(`account.${first}`);
    await one.passed(3);
    expect(keeper.count).toBe(1);
    expect(await isFree(first)).toBe(true);
    await other.give(`account.${first}`);

    end();
    await until(() => keeper.count === 2);
    expect(one.mine.size).toBe(2);
  });

  it('shares with one who joins, and takes everything over from one who dies', async () => {
    const two = new Instance(storeOf('two'), 'two');
    two.wanted = one.wanted;
    two.start();
    await until(() => one.mine.size === 1 && two.mine.size === 1);
    expect(new Set([...one.mine, ...two.mine]).size).toBe(2);
    await one.keeper.stop();
    await until(() => two.mine.size === 2);
    await two.keeper.stop();
  });
});
