import type { BehaviourChanges } from '../core/behaviour-settings.ts';
import { aSimulator, EXAMPLE_PASSWORD } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';
import { hit, kinds, reader, trading } from './trading.fixture.ts';

// Settings that no other spec is about: what a client sees as they come, and once they are changed.

/** What it is about, the changed setting, what is looked at; what that shows before, and after. */
type Row = readonly [string, BehaviourChanges, (behaviour: BehaviourChanges) => unknown, unknown, unknown];

function seconds(stream: string, subscribe: string) {
  return (behaviour: BehaviourChanges): number => {
    const { client, trade } = trading(behaviour);
    trade({});
    client.subscribe(subscribe);
    const before = client.frames(stream).length;
    client.wait(12_000);
    return client.frames(stream).length - before;
  };
}

/** Shares, because they cost commission: what the balance says once they are bought, and once they are sold. */
function balances(behaviour: BehaviourChanges): unknown[] {
  const { client, trade, position } = trading(behaviour);
  const shares = { symbol: 'AAPL.US_9', volume: 10 };
  trade(shares);
  const opened = client.frames('balance').at(-1)?.balance;
  trade({ ...shares, type: 2, order: position() });
  return [opened, client.frames('balance').at(-1)?.balance];
}

function closingComment(behaviour: BehaviourChanges): unknown {
  const { client, trade, position } = trading(behaviour);
  trade({ customComment: 'opened' });
  trade({ type: 2, order: position(), customComment: 'closed' });
  return client.frames('trade').at(-1)?.customComment;
}

function takeProfit(behaviour: BehaviourChanges): string[] {
  const { simulator, client, trade } = trading(behaviour);
  trade({ tp: 1.1 });
  const frames = reader(client);
  hit(simulator, 'EURUSD', '1.11');
  client.wait(100);
  return kinds(frames.next());
}

/** Whether a position is left when half of its margin is. */
function leftAtHalf(behaviour: BehaviourChanges): number {
  const { simulator, trade, control, account } = trading(behaviour);
  trade({ volume: 0.2 });
  const { equity, margin } = simulator.broker.figures(account);
  control.cash({ userId: '10001', kind: 'balance', amount: String((margin / 2 - equity) / 100) as `${number}` });
  hit(simulator, 'EURUSD', '1.0845');
  return account.positions.size;
}

function depositType(behaviour: BehaviourChanges): unknown {
  const { client, control } = trading(behaviour);
  control.cash({ userId: '10001', amount: '1', kind: 'balance' });
  client.wait(100);
  return client.frames('trade').at(-1)?.type;
}

const subscribedBalances = (behaviour: BehaviourChanges): number => trading(behaviour).client.frames('balance').length;

/** How long after an order its position is streamed. */
function delay(behaviour: BehaviourChanges): number {
  const { simulator, client, trade } = trading(behaviour);
  const at = simulator.scheduler.now;
  trade({});
  client.wait(1_000);
  const opened = client.stream.received.find(({ message }) => message.includes('"type":0'));
  return (opened?.at ?? Infinity) - at;
}

function afterFiveSeconds(behaviour: BehaviourChanges): unknown {
  const client = new MemoryClient(aSimulator(behaviour), '10001');
  client.login(EXAMPLE_PASSWORD);
  client.wait(5_000);
  return client.ask('ping').errorCode ?? 'ok';
}

function lockedOut(behaviour: BehaviourChanges): unknown[] {
  const simulator = aSimulator(behaviour);
  const attempt = () => new MemoryClient(simulator, '10001').login('wrong').errorCode;
  const first = attempt();
  new MemoryClient(simulator, '10001').wait(5_000);
  return [first, attempt()];
}

/** How many pings, 100 ms apart, a connection survives. */
function pings(behaviour: BehaviourChanges): number {
  const client = new MemoryClient(aSimulator(behaviour), '10001');
  client.login(EXAMPLE_PASSWORD);
  let count = 0;
  for (; count < 20 && client.main.ended === null; count++) {
    client.main.write('{"command":"ping"}');
    client.wait(100);
  }
  return count;
}

const rows: readonly Row[] = [
  ['profits and balances every second', { floatingMs: 250 }, seconds('profit', 'getProfits'), 12, 48],
  ['keep-alives every three seconds', { keepAliveMs: 500 }, seconds('keepAlive', 'getKeepAlive'), 4, 24],
  [
    'commission leaves the balance at once',
    { commissionAt: 'close' },
    balances,
    [9_998.54, 9_997.94],
    [10_000, 9_997.94],
  ],
  ['a closing keeps the comment', { closeComment: 'replace' }, closingComment, 'opened', 'closed'],
  [
    'a take profit has no record before',
    { sequence: { modifiedBeforeTakeProfit: true } },
    takeProfit,
    ['t0 Deleted', 't2 Modified'],
    ['t0 Modified', 't0 Deleted', 't2 Modified'],
  ],
  ['stop-out is below half', { stopOutPercent: 51 }, leftAtHalf, 1, 0],
  ['deposits are of type 2', { cashRecordType: 0 }, depositType, 2, 0],
  ['balance comes on subscribing', { balanceOnSubscribe: false }, subscribedBalances, 1, 0],
  ['streams tell at once', { streamDelayMs: 500 }, delay, 15, 515],
  ['sessions last a quarter of an hour', { sessionIdleMs: 1_000 }, afterFiveSeconds, 'ok', 'BE200'],
  [
    'wrong passwords are locked for minutes',
    { login: { lockoutMs: 1_000 } },
    lockedOut,
    ['BE005', 'EX007'],
    ['BE005', 'BE005'],
  ],
  ['commands are 200 ms apart', { pacing: { minMs: 100 } }, pings, 7, 20],
];

describe('a behaviour setting', () => {
  it.each(rows)('%s, unless changed: %j', (_what, changed, look, before, afterwards) => {
    expect(look({})).toEqual(before);
    expect(look(changed)).toEqual(afterwards);
  });
});
