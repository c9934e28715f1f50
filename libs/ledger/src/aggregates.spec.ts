import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId, recorded } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import { Aggregates } from './aggregates.ts';

const [registered, requested, marked] = recorded([
  anEvent('AccountRegistered'),
  anEvent('OrderRequested', {}, { id: exampleId(0xa5ced) }),
  anEvent('EquityMarked'),
]) as [RecordedEvent, RecordedEvent, RecordedEvent];

/** A log whose reads wait until they are let go, and then give what they were asked at. */
class SlowLog implements Pick<EventLog, 'readAccount'> {
  events: RecordedEvent[] = [];
  reads = 0;
  failing = false;
  private readonly gates: (() => void)[] = [];

  async *readAccount(account: AccountId): AsyncGenerator<readonly RecordedEvent[]> {
    this.reads += 1;
    const events = this.events.filter(({ subject }) => subject === account);
    await new Promise<void>((resolve) => this.gates.push(resolve));
    if (this.failing) throw new Error('Postgres is away');
    yield events;
  }

  letGo(): void {
    for (const gate of this.gates.splice(0)) gate();
  }
}

describe('aggregates', () => {
  let log: SlowLog;
  const over = (max: number) => new Aggregates(log as SlowLog & EventLog, max);
  beforeEach(() => (log = new SlowLog()));

  it('misses nothing that is committed while it reads, and takes nothing twice', async () => {
    const aggregates = over(10);
    log.events = [registered];
    const held = aggregates.hold(exampleAccount);
    aggregates.apply(registered);
    aggregates.apply(requested);
    log.letGo();
    expect(await held).toMatchObject({ version: 2, state: { account: { registration: registered.data } } });
    aggregates.apply(marked);
    expect(aggregates.known(exampleAccount).version).toBe(3);
  });

  it('takes nothing twice that it has read before whoever committed it was told so', async () => {
    const aggregates = over(10);
    log.events = [registered, requested];
    const held = aggregates.hold(exampleAccount);
    log.letGo();
    const known = await held;
    aggregates.apply(requested);
    expect(known.version).toBe(2);
    aggregates.apply(marked);
    expect(known.version).toBe(3);
    expect(() => aggregates.apply(marked)).toThrow('version 3 after 3');
  });

  it('reads once for all who ask', async () => {
    const aggregates = over(10);
    const all = [1, 2, 3].map(() => aggregates.hold(exampleAccount));
    log.letGo();
    await Promise.all(all);
    expect(log.reads).toBe(1);
  });

  it('remembers what asked for a request until it is settled', async () => {
    const aggregates = over(10);
    log.events = [registered, requested];
    const held = aggregates.hold(exampleAccount);
    log.letGo();
    const asked = async () => Object.values((await held).state.requests.open).map(({ askedBy }) => askedBy);
    expect(await asked()).toEqual([requested.id]);
    const [dispatched, rejected] = recorded([anEvent('RequestDispatched'), anEvent('RequestRejected')], {
      position: 2,
      version: 2,
    }) as [RecordedEvent, RecordedEvent];
    aggregates.apply(dispatched);
    expect(await asked()).toEqual([requested.id]);
    aggregates.apply(rejected);
    expect(await asked()).toEqual([]);
  });

  it('forgets those nobody holds when there are too many', async () => {
    const aggregates = over(2);
    const accounts = [1, 2, 3].map(exampleId) as [string, string, string];
    const all = accounts.map((account) => aggregates.hold(account));
    log.letGo();
    await Promise.all(all);
    for (const account of accounts) expect(aggregates.known(account).version).toBe(0);
    aggregates.release(accounts[1]);
    expect(() => aggregates.known(accounts[1])).toThrow('not in memory');
    expect(aggregates.known(accounts[0]).version).toBe(0);
  });

  it('does not take a failed read for an empty account', async () => {
    const aggregates = over(10);
    log.failing = true;
    const held = aggregates.hold(exampleAccount);
    log.letGo();
    await expect(held).rejects.toThrow('away');
    log.failing = false;
    log.events = [registered];
    const again = aggregates.hold(exampleAccount);
    log.letGo();
    expect((await again).version).toBe(1);
  });

  it('crashes on a version that does not follow', async () => {
    const aggregates = over(10);
    const held = aggregates.hold(exampleAccount);
    log.letGo();
    await held;
    expect(() => aggregates.apply(requested)).toThrow('version 2 after 0');
  });
});
