import { CommandClient, LedgerUnavailable, type CommandTransport } from '@core/bus/command-client';
import type { Answer, Command } from '@core/contracts/command';
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { MemoryUntoldRefusals } from '@core/testing/memory-untold-refusals';
import { until } from '@core/testing/until';
import { RefusalTeller, askedFor, type EdgeRefusal } from './refusal-teller.ts';
import { describeUntoldRefusals } from './untold-refusals.contract.ts';

const refusal = (n = 1, text = 'too many orders'): EdgeRefusal => ({
  ...{ command: 'PlaceOrder', requestId: exampleId(n), reason: 'rate_limited', text },
  requester: { edge: 'spec', reference: null },
});

/** A ledger that is away or there, and what it was told. */
class Listener implements CommandTransport {
  readonly told: Command[] = [];
  isAway = false;

  send(command: Command): Promise<Answer> {
    if (this.isAway) return Promise.reject(new LedgerUnavailable(command));
    this.told.push(command);
    return Promise.resolve({ ok: true, position: 0, eventIds: [] });
  }

  get requests(): readonly string[] {
    return this.told.flatMap((command) => (command.type === 'RecordRefusal' ? [command.data.requestId] : []));
  }
}

describe('what an edge refuses by itself', () => {
  let ledger: Listener;
  let untold: MemoryUntoldRefusals;
  const tellers: RefusalTeller[] = [];
  const aTeller = (): RefusalTeller => {
    const teller = new RefusalTeller(new CommandClient(ledger, 'spec'), untold);
    tellers.push(teller);
    teller.onApplicationBootstrap();
    return teller;
  };
  beforeEach(() => {
    ledger = new Listener();
    untold = new MemoryUntoldRefusals();
  });
  afterEach(async () => {
    for (const teller of tellers.splice(0)) await teller.beforeApplicationShutdown();
  });

  it('is told so often and no more, and a text no longer than it may be, however many there are', async () => {
    const teller = aTeller();
    for (let count = 0; count < 5_000; count += 1) teller.tell(exampleAccount, refusal(1, 'x'.repeat(1_000)));
    teller.tell(exampleId(0xacc2), refusal());
    await until(() => ledger.told.some(({ subject }) => subject !== exampleAccount));
    expect(ledger.told.length).toBeLessThan(100);
    const [first] = ledger.told;
    expect(first?.type === 'RecordRefusal' && first.data.text).toHaveLength(512);
    expect(ledger.told.at(-1)).toMatchObject({ subject: exampleId(0xacc2), data: { omitted: 0 } });
  });

  it('waits where the ledger does not answer, for the next process too, and is told in order and of its moment', async () => {
    ledger.isAway = true;
    const before = new Date().toISOString();
    const teller = aTeller();
    for (const n of [1, 2, 3]) teller.tell(exampleAccount, refusal(n));
    await teller.beforeApplicationShutdown();
    const after = new Date().toISOString();
    ledger.isAway = false;
    aTeller().tell(exampleAccount, refusal(4));
    await until(() => ledger.told.length === 4);
    expect(ledger.requests).toEqual([1, 2, 3, 4].map(exampleId));
    const [at = ''] = ledger.told.map(({ time }) => time);
    expect(at.slice(0, 23) >= before.slice(0, 23) && at.slice(0, 23) <= after.slice(0, 23)).toBe(true);
    await until(async () => (await untold.oldest(1)).length === 0);
  });

  it('is counted in the next one of its account where as many wait as may', async () => {
    ledger.isAway = true;
    const first = aTeller();
    for (let n = 0; n < 20; n += 1) first.tell(exampleAccount, refusal(n));
    await first.beforeApplicationShutdown();
    const second = aTeller();
    for (let n = 20; n < 23; n += 1) second.tell(exampleAccount, refusal(n));
    ledger.isAway = false;
    await until(() => ledger.told.length === 20);
    second.tell(exampleAccount, refusal(23));
    await until(() => ledger.told.length === 21);
    expect(ledger.told.at(-1)).toMatchObject({ data: { requestId: exampleId(23), omitted: 3 } });
  });

  it('is told as it was asked for: what was said, and nothing of what was not', () => {
    expect(askedFor({ qty: 10_000, side: 'buy', stopLoss: '', deep: {}, takeProfit: null })).toBe(
      'qty 10000, side buy',
    );
    expect(askedFor(null)).toBe('');
  });
});

describeUntoldRefusals('in memory', () => Promise.resolve(new MemoryUntoldRefusals()));
