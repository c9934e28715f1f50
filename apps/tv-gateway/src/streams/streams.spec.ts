import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import { streams, type Stream } from '@core/tradingview/wire/routes';
import { until } from '@core/testing/until';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { adasAccount, aQuote, bobsAccount } from '../memory-ports.fixture.ts';
import { Differences } from './differences.ts';
import { lineStream } from './line-stream.ts';

describe('Differences', () => {
  it('tells all the first time, then only what is new, whole', () => {
    const differences = new Differences();
    expect(differences.next([])).toEqual([]);
    expect(differences.next([])).toBeNull();
    expect(differences.next([['a', '1']])).toEqual(['1']);
    expect(differences.next([['a', '1'], ['b', '2']])).toEqual(['2']); // prettier-ignore
    expect(differences.next([['a', '3'], ['b', '2']])).toEqual(['3']); // prettier-ignore
  });
});

describe('lineStream', () => {
  const lines = { subscribe: () => () => undefined, ending: async () => null, pauseMs: 0, onClose: () => undefined };

  it('makes no message that nobody reads: what happened meanwhile is told once', async () => {
    let made = 0;
    let changed = (): void => undefined;
    const stream = lineStream({
      ...lines,
      next: () => `"${'x'.repeat(100_000)}${(made += 1)}"`,
      subscribe: (listener) => {
        changed = listener;
        return () => undefined;
      },
    });
    stream.read(0);
    for (let n = 0; n < 5; n += 1) {
      changed();
      await pause(2);
    }
    expect(made).toBe(1);
    stream.resume();
    await until(() => made === 2, 5_000);
    stream.destroy();
  });

  it('dies of what it cannot tell, alone', async () => {
    const stream = lineStream({
      ...lines,
      next: () => {
        throw new Error('unspeakable');
      },
    });
    const died = new Promise((resolve) => stream.once('error', resolve));
    stream.resume();
    expect(await died).toMatchObject({ message: 'unspeakable' });
  });
});

describe('streams', () => {
  let gateway: GatewayHarness;
  let token: string;
  const listening: Readable[] = [];
  const an = (...[type, data]: Parameters<typeof anEvent>): Event => anEvent(type, data, { subject: adasAccount.id });

  beforeEach(async () => {
    gateway = await GatewayHarness.start({ STREAM_PAUSE_MS: '0', STREAMS_MAX: '2', AUTH_CACHE_MS: '0' });
    await gateway.ports.ledger.record(
      an('AccountRegistered'),
      an('AccountUpdated'),
      an('BalanceChanged', { balance: '10000' }),
    );
    token = await gateway.login('ada');
  });

  afterEach(async () => {
    for (const stream of listening.splice(0)) stream.destroy();
    await gateway.stop();
  });

  /** Follows a stream; every line is checked against its schema. */
  async function follow(route: Stream, query: Record<string, string> = {}): Promise<unknown[]> {
    const response = await gateway.raw({
      method: 'GET',
      url: route.slice('GET '.length).replace('{accountId}', adasAccount.id),
      query,
      headers: { authorization: `Bearer ${token}`, origin: 'https://www.tradingview.com' },
      payloadAsStream: true,
    });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': 'https://www.tradingview.com',
    });
    const messages: unknown[] = [];
    const stream = response.stream();
    listening.push(stream);
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) messages.push(streams[route].parse(JSON.parse(line)));
    });
    await until(() => messages.length > 0, 5_000);
    return messages;
  }

  it('tell orders whole first and then as they change', async () => {
    const messages = await follow('GET /accounts/{accountId}/stream/orders');
    expect(messages).toEqual([[]]);
    await gateway.ports.ledger.record(an('OrderRequested', { stopLoss: null, takeProfit: null }));
    await until(() => messages.length === 2, 5_000);
    await gateway.ports.ledger.record(an('EquityMarked'), an('RequestRejected'));
    await until(() => messages.length === 3, 5_000);
    expect(messages.slice(1)).toMatchObject([[{ status: 'placing' }], [{ status: 'rejected' }]]);
  });

  it('tell positions, and that one is closed', async () => {
    await gateway.ports.ledger.record(an('PositionOpened'));
    const messages = await follow('GET /accounts/{accountId}/stream/positions');
    gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.2', '1.2002')] });
    await gateway.ports.ledger.record(an('EquityMarked'));
    await until(() => messages.length === 2, 5_000);
    await gateway.ports.ledger.record(an('PositionClosed'));
    await until(() => messages.length === 3, 5_000);
    expect(messages).toMatchObject([[{ qty: 10_000, unrealizedPl: 0 }], [{ unrealizedPl: 1_000 }], [{ qty: 0 }]]);
    expect(messages[2]).toEqual([{ id: exampleId(0x905), qty: 0 }]);
  });

  it('tell the state and quotes', async () => {
    const states = await follow('GET /accounts/{accountId}/stream/state');
    const quotes = await follow('GET /stream/quotes', { accountId: adasAccount.id, symbols: 'EURUSD,NOPE' });
    await gateway.ports.ledger.record(an('BalanceChanged', { balance: '9000' }));
    gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.2', '1.2002')] });
    await gateway.ports.ledger.record(an('EquityMarked'));
    await until(() => quotes.length === 2, 5_000);
    expect(states.at(-1)).toMatchObject({ balance: 9_000 });
    expect(quotes).toMatchObject([[{ n: 'EURUSD', v: { bid: 1.1 } }], [{ n: 'EURUSD', v: { bid: 1.2 } }]]);
  });

  it('are not for everyone, nor without number', async () => {
    const url = `/accounts/${bobsAccount.id}/stream/orders`;
    const headers = { authorization: `Bearer ${token}` };
    expect((await gateway.raw({ method: 'GET', url, headers })).json()).toMatchObject({ errmsg: 'Unknown account.' });
    expect((await gateway.raw({ method: 'GET', url })).statusCode).toBe(401);
    await follow('GET /accounts/{accountId}/stream/orders');
    await follow('GET /accounts/{accountId}/stream/positions');
    const third = await gateway.raw({ method: 'GET', url: `/accounts/${adasAccount.id}/stream/state`, headers });
    expect(third.json()).toMatchObject({ s: 'error', errmsg: expect.stringContaining('Too many streams') });
    listening[0]?.destroy();
    await until(async () => (await follow('GET /accounts/{accountId}/stream/state')).length > 0, 5_000);
  });
});
