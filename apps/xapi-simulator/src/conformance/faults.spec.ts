import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { BrokerControl } from '../control/broker-control.ts';
import { Fault } from '../core/faults.ts';
import type { BehaviourChanges } from '../core/behaviour-settings.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';
import { MemorySocket } from '../in-memory/memory-socket.ts';

// Each way of going wrong (wire-behaviour §10) that is more than an order of frames; those are in frame-order.spec.ts.

type FaultInput = Parameters<typeof Fault.parse>[0];

const ORDER = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'a1' };

function broken(fault: FaultInput, behaviour: BehaviourChanges = {}) {
  const simulator = aSimulator(behaviour);
  const client = aTrader(simulator);
  client.subscribe('getKeepAlive');
  simulator.faults.set(Fault.parse(fault));
  const order = (): JsonObject => client.ask('tradeTransaction', { tradeTransInfo: ORDER });
  const { positions } = simulator.broker.account('10001');
  return { simulator, client, order, positions };
}

describe('freeze', () => {
  it('lets nothing pass on one socket, in either direction, and keeps it open', () => {
    const { simulator, client, order, positions } = broken({ kind: 'freeze', socket: 'main', user: '10001' });
    expect(order()).toEqual({});
    client.wait(5_000);
    expect([positions.size, client.main.ended, client.frames('keepAlive').length > 0]).toEqual([0, null, true]);
    expect(new MemoryClient(simulator, '10002').login(EXAMPLE_PASSWORD)).toMatchObject({ status: true });
    simulator.faults.liftAll();
    expect(client.ask('ping')).toEqual({ status: true });
  });

  it('of the stream leaves the main connection alone', () => {
    const { client, order } = broken({ kind: 'freeze', socket: 'stream' });
    const before = client.stream.received.length;
    expect(order()).toMatchObject({ status: true });
    client.wait(10_000);
    expect(client.stream.received).toHaveLength(before);
  });
});

describe('mute', () => {
  it.each(['trade', 'tradeStatus', 'keepAlive'])('silences %s alone', (stream) => {
    const { client, order } = broken({ kind: 'mute', stream });
    order();
    client.wait(4_000);
    const heard = ['trade', 'tradeStatus', 'keepAlive'].filter((name) => client.frames(name).length > 0);
    expect(heard).toEqual(['trade', 'tradeStatus', 'keepAlive'].filter((name) => name !== stream));
  });

  it('of tradeStatus can be polled around', () => {
    const { client, order } = broken({ kind: 'mute', stream: 'tradeStatus' });
    const { returnData } = order() as { returnData: JsonObject };
    expect(client.ask('tradeTransactionStatus', returnData).returnData).toMatchObject({ requestStatus: 3 });
  });
});

describe('a lost reply', () => {
  it.each([
    [true, 1],
    [false, 0],
  ])('of an order that was executed: %s', (executed, opened) => {
    const { simulator, client, order, positions } = broken({
      kind: 'lose-reply',
      command: 'tradeTransaction',
      executed,
      times: 1,
    });
    expect(order()).toEqual({});
    expect(positions.size).toBe(opened);
    expect(simulator.journal.all()).toMatchObject([{ userId: '10001', executed, request: { customComment: 'a1' } }]);
    expect(client.ask('ping')).toEqual({ status: true });
    expect(order()).toMatchObject({ status: true });
    expect(simulator.faults.list()).toEqual([]);
  });
});

describe('a late reply', () => {
  it('comes after those of later commands, with its own tag and as of its own time', () => {
    const { simulator, client } = broken({ kind: 'delay-reply', command: 'getTrades', ms: 2_000, times: 1 });
    client.ask('getTrades', { openedOnly: true }, { customTag: 'late' });
    new BrokerControl(simulator).openPosition({ userId: '10001', symbol: 'EURUSD', side: 'buy', volume: '0.1' });
    expect(client.ask('ping', undefined, { customTag: 'early' })).toEqual({ status: true, customTag: 'early' });
    client.wait(3_000);
    expect(JSON.parse(client.main.received.at(-1)?.message ?? '')).toEqual({
      status: true,
      returnData: [],
      customTag: 'late',
    });
  });

  it('that blocks keeps later ones waiting', () => {
    const { client } = broken({ kind: 'delay-reply', command: 'getVersion', ms: 2_000, blocking: true });
    client.ask('getVersion', undefined, { customTag: 'first' });
    client.ask('ping', undefined, { customTag: 'second' });
    client.wait(3_000);
    const tags = client.main.received.slice(-2).map(({ message }) => (JSON.parse(message) as JsonObject).customTag);
    expect(tags).toEqual(['first', 'second']);
  });
});

describe('a wrong reply', () => {
  it.each<[FaultInput & object, JsonObject, number]>([
    [{ code: 'EX003' }, { errorCode: 'EX003', errorDescr: 'Internal error, request timed out' }, 0],
    [{ code: 'SE199', executed: true }, { errorCode: 'SE199' }, 1],
    [{ code: 'ZZ999', description: null }, { errorCode: 'ZZ999' }, 0],
  ])('%j', (fault, expected, opened) => {
    const { order, positions } = broken({ kind: 'reply-error', command: 'tradeTransaction', ...fault });
    const reply = order();
    expect(reply).toMatchObject({ status: false, ...expected });
    expect('errorDescr' in reply).toBe('description' in fault ? fault.description !== null : true);
    expect(positions.size).toBe(opened);
  });
});

describe('a connection dropped on a command', () => {
  it.each([
    ['before', 0, false],
    ['executed', 1, false],
    ['replied', 1, true],
  ])('%s it was looked at, executed, replied to', (when, opened, replied) => {
    const { client, order, positions } = broken({ kind: 'drop-on', command: 'tradeTransaction', when, user: '10001' });
    expect(Object.keys(order()).length > 0).toBe(replied);
    expect([positions.size, client.main.ended !== null]).toEqual([opened, true]);
  });

  it('of login, right behind the reply', () => {
    const simulator = aSimulator();
    simulator.faults.set(Fault.parse({ kind: 'drop-on', command: 'login', when: 'replied', user: '10001', times: 1 }));
    const client = new MemoryClient(simulator, '10001');
    expect(client.login(EXAMPLE_PASSWORD)).toMatchObject({ status: true });
    expect(client.main.ended).toBe('closed');
    expect(simulator.sessions.count).toBe(0);
  });
});

describe('an order taken', () => {
  it.each([0, 4])('can end as status %s without a message', (requestStatus) => {
    const { client, order, positions } = broken({ kind: 'reject', requestStatus, times: 1 });
    order();
    expect(client.frames('tradeStatus').at(-1)).toMatchObject({ requestStatus, message: null });
    expect(positions.size).toBe(0);
  });

  it('can be stuck in status 1 long after it was executed', () => {
    const { client, order, positions } = broken({ kind: 'stuck-status', ms: 95_000, times: 1 });
    const { returnData } = order() as { returnData: JsonObject };
    expect(positions.size).toBe(1);
    const status = () => (client.ask('tradeTransactionStatus', returnData).returnData as JsonObject).requestStatus;
    client.wait(90_000);
    expect(status()).toBe(1);
    client.wait(5_000);
    expect([status(), client.frames('tradeStatus').at(-1)?.requestStatus]).toEqual([3, 3]);
  });

  it('and pending can trigger into nothing', () => {
    const { simulator, client, positions } = broken({ kind: 'fail-trigger', times: 1 });
    client.ask('tradeTransaction', { tradeTransInfo: { ...ORDER, cmd: 2, price: 1.08 } });
    new BrokerControl(simulator).setPrice({ symbol: 'EURUSD', bid: '1.07' });
    expect([positions.size, simulator.broker.account('10001').pendings.size]).toEqual([0, 0]);
  });
});

describe('logins', () => {
  it('can be sent elsewhere', () => {
    const { simulator } = broken({
      kind: 'redirect',
      address: 'b.example',
      mainPort: 5112,
      streamingPort: 5113,
      times: 1,
    });
    const client = new MemoryClient(simulator, '10002');
    const redirect = { address: 'b.example', mainPort: 5112, streamingPort: 5113 };
    expect(client.login(EXAMPLE_PASSWORD)).toEqual({ status: false, redirect });
    expect(client.login(EXAMPLE_PASSWORD)).toMatchObject({ status: true });
  });

  it('can be forgotten or expired by the server', () => {
    for (const [how, expected] of [['forget', 'BE103'] as const, ['expire', 'BE200'] as const]) {
      const simulator = aSimulator();
      const client = aTrader(simulator);
      new BrokerControl(simulator).endSession({ userId: '10001', how });
      expect(client.ask('ping')).toMatchObject({ errorCode: expected });
    }
  });
});

describe('maintenance', () => {
  it.each([
    ['close', 'dropped'],
    ['refuse', 'dropped'],
    ['hang', null],
  ])('%s meets new connections, not old ones', (mode, ended) => {
    const { simulator, client } = broken({ kind: 'maintenance', mode });
    const late = new MemoryClient(simulator, '10002');
    late.login(EXAMPLE_PASSWORD);
    expect([late.main.ended, late.main.received]).toEqual([ended, []]);
    expect(client.ask('ping')).toEqual({ status: true });
  });
});

describe('disconnecting', () => {
  it('ends the named user’s sockets of one kind', () => {
    const simulator = aSimulator();
    const [ada, bob] = [aTrader(simulator, '10001'), aTrader(simulator, '10002')];
    expect(new BrokerControl(simulator).disconnect({ userId: '10001', socket: 'stream', how: 'drop' })).toBe(1);
    expect([ada.main, ada.stream, bob.main, bob.stream].map(({ ended }) => ended)).toEqual([
      null,
      'dropped',
      null,
      null,
    ]);
  });

  it('of the main connection makes its token worthless', () => {
    const simulator = aSimulator();
    const client = aTrader(simulator);
    new BrokerControl(simulator).disconnect({ userId: '10001', socket: 'main', how: 'close' });
    new BrokerControl(simulator).openPosition({ userId: '10001', symbol: 'EURUSD', side: 'buy', volume: '0.1' });
    client.wait(1_000);
    expect(client.frames('trade')).toEqual([]);
    const again = new MemorySocket(simulator, 'stream');
    again.write(JSON.stringify({ command: 'getTrades', streamSessionId: client.token }));
    expect(again.received[0]?.message).toContain('BE117');
  });
});
