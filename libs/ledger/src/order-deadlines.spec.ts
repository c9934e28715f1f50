import { aCommand } from '@core/contracts/command-examples.fixture';
import { exampleId } from '@core/contracts/examples.fixture';
import { MemoryLedger } from '@core/testing/memory-ledger';

const place = (n: number, terms: object = {}) => aCommand('PlaceOrder', terms, { commandid: exampleId(n) });

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

it('a market order that nobody claims ends by itself, without a connector; one that was claimed does not', async () => {
  const ledger = new MemoryLedger({ settings: { marketOrderMaxAgeMs: 100 } });
  await ledger.send(aCommand('RegisterAccount', {}, { commandid: exampleId(0) }));
  await ledger.send(place(1));
  const claim = { kind: 'order', requestId: exampleId(1), connector: 'spec' } as const;
  await ledger.send(aCommand('DispatchRequest', claim, { commandid: exampleId(9) }));
  await ledger.send(place(2));
  await ledger.send(place(3, { kind: 'limit', price: '1.05' }));
  await ledger.send(place(4));
  const ended = () => ledger.events.flatMap(({ type, data }) => (type === 'RequestExpired' ? [data] : []));
  await jest.advanceTimersByTimeAsync(90);
  expect(ended()).toEqual([]);
  await jest.advanceTimersByTimeAsync(100);
  await ledger.end();
  expect(ended()).toMatchObject([2, 4].map((n) => ({ requestId: exampleId(n), reason: 'not-sent', cause: 'too-old' })));
});
