import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Event } from '@core/contracts/event';
import { streamRoutes, type Stream } from '@core/tradingview/wire/routes';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { ada, adasAccount, aQuote, bobsAccount } from '../memory-ports.fixture.ts';

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
    jest.useRealTimers();
    for (const stream of listening.splice(0)) stream.destroy();
    await gateway.stop();
  });

  /** Follows a stream from its first message on; every line is checked against its schema. */
  async function follow(route: Stream, query: Record<string, string> = {}) {
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
      for (const line of text.split('\n').filter(Boolean)) messages.push(streamRoutes[route].parse(JSON.parse(line)));
    });
    const reach = async (count: number): Promise<void> => {
      while (messages.length < count) await once(stream, 'data');
    };
    await reach(1);
    return { messages, reach, ended: new Promise((resolve) => stream.once('end', resolve)) };
  }

  it('tell orders whole first and then as they change', async () => {
    const { messages, reach } = await follow('GET /accounts/{accountId}/stream/orders');
    expect(messages).toEqual([[]]);
    await gateway.ports.ledger.record(an('OrderRequested', { stopLoss: null, takeProfit: null }));
    await reach(2);
    gateway.isConnected = false;
    await gateway.connectionsAsked();
    await reach(3);
    await gateway.ports.ledger.record(an('EquityMarked'), an('RequestRejected'));
    await reach(4);
    expect(messages.slice(1)).toMatchObject([
      [{ status: 'placing' }],
      [{ status: 'placing', message: { text: expect.stringContaining('not connected') } }],
      [{ status: 'rejected' }],
    ]);
  });

  it('tell positions, and that one is closed', async () => {
    await gateway.ports.ledger.record(an('PositionOpened'));
    const { messages, reach } = await follow('GET /accounts/{accountId}/stream/positions');
    gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.2', '1.2002')] });
    await gateway.ports.ledger.record(an('EquityMarked'));
    await reach(2);
    await gateway.ports.ledger.record(an('PositionClosed'));
    await reach(3);
    expect(messages).toMatchObject([[{ qty: 10_000, unrealizedPl: 0 }], [{ unrealizedPl: 1_000 }], [{ qty: 0 }]]);
    expect(messages[2]).toEqual([{ id: exampleId(0x905), qty: 0 }]);
  });

  it('tell net positions with what is beneath them; opposite ones that leave nothing net are not closed', async () => {
    await gateway.ports.ledger.record(an('PositionOpened'));
    const { messages: nets, reach: reachNets } = await follow('GET /accounts/{accountId}/stream/netPositions');
    const { messages: ones, reach } = await follow('GET /accounts/{accountId}/stream/individualPositions');
    const opposite = { positionId: exampleId(0x906), brokerPosition: '2', side: 'sell' as const };
    await gateway.ports.ledger.record(an('PositionOpened', opposite));
    await Promise.all([reachNets(2), reach(2)]);
    await gateway.ports.ledger.record(an('PositionClosed'));
    await Promise.all([reachNets(3), reach(3)]);
    await gateway.ports.ledger.record(an('PositionClosed', { positionId: opposite.positionId, deal: '2' }));
    await Promise.all([reachNets(4), reach(4)]);
    expect(nets).toMatchObject([
      [{ qty: 10_000 }],
      [{ qty: 0, longQty: 10_000, shortQty: 10_000 }],
      [{ qty: -10_000, longQty: 0 }],
      [{ id: 'EURUSD', qty: 0 }],
    ]);
    expect(nets[3]).toEqual([{ id: 'EURUSD', qty: 0 }]);
    expect(ones.slice(2)).toEqual([[{ id: exampleId(0x905), qty: 0 }], [{ id: opposite.positionId, qty: 0 }]]);
  });

  it('are not begun by who asks for their head alone', async () => {
    const url = `/accounts/${adasAccount.id}/stream/state`;
    for (let n = 0; n < 3; n += 1)
      await gateway.raw({ method: 'HEAD', url, headers: { authorization: `Bearer ${token}` } });
    const { messages } = await follow('GET /accounts/{accountId}/stream/state');
    expect(messages).toMatchObject([{ balance: 10_000 }]);
  });

  it('tell the state and quotes', async () => {
    const { messages: states, reach: reachState } = await follow('GET /accounts/{accountId}/stream/state');
    const { messages: quotes, reach } = await follow('GET /stream/quotes', {
      accountId: adasAccount.id,
      symbols: 'EURUSD,NOPE',
    });
    await gateway.ports.ledger.record(an('BalanceChanged', { balance: '9000' }));
    gateway.market.applyQuotes({ venue: 'demo', quotes: [aQuote('EURUSD', '1.2', '1.2002')] });
    await gateway.ports.ledger.record(an('EquityMarked'));
    await Promise.all([reach(2), reachState(2)]);
    expect(states.at(-1)).toMatchObject({ balance: 9_000 });
    expect(quotes).toMatchObject([[{ n: 'EURUSD', v: { bid: 1.1 } }], [{ n: 'EURUSD', v: { bid: 1.2 } }]]);
  });

  it('tell that a price is old', async () => {
    const query = { accountId: adasAccount.id, symbols: 'EURUSD' };
    const { messages, reach } = await follow('GET /stream/quotes', query);
    const states = [{ instrument: 'EURUSD', state: 'stale' as const, since: '2026-01-05T10:00:00.000000Z' }];
    gateway.market.applyQuotes({ venue: 'demo', quotes: [], states });
    await reach(2);
    expect(messages).toMatchObject([[{ s: 'ok' }], [{ s: 'error', v: { halted: true } }]]);
  });

  /** Rounds come when the spec says so. */
  async function withoutRounds(): Promise<void> {
    await gateway.stop();
    jest.useFakeTimers({
      doNotFake: ['Date', 'nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'performance', 'hrtime'],
    });
    gateway = await GatewayHarness.start({ STREAM_PAUSE_MS: '0' });
    token = await gateway.login('ada');
  }

  /** As long as questions of one turn take to be one. */
  const gathered = (): Promise<void> => new Promise(setImmediate);

  it('go on where nobody can be asked whether they may, and end by the round in which somebody can', async () => {
    await withoutRounds();
    const { ports } = gateway;
    const { messages, reach, ended } = await follow('GET /accounts/{accountId}/stream/orders');
    const ends = jest.spyOn(ports.tokens, 'endsOf').mockRejectedValueOnce(new Error('the database is away'));
    const round = (): unknown => jest.advanceTimersByTime(5_000);
    round();
    await reach(2);
    await gathered();
    expect(ends).toHaveBeenCalledTimes(1);
    await gateway.ports.ledger.record(an('OrderRequested', { stopLoss: null, takeProfit: null }));
    await reach(3);
    ports.tokens.tokens.clear();
    round();
    await ended;
    expect(messages.slice(1)).toMatchObject([{ s: 'ok' }, [{ status: 'placing' }], { s: 'ok' }, { s: 'error' }]);
  });

  it('end in the next round when their login ended elsewhere or their account was taken away, by one question', async () => {
    await withoutRounds();
    const { ports } = gateway;
    const followed = [await follow('GET /accounts/{accountId}/stream/orders')];
    followed.push(await follow('GET /accounts/{accountId}/stream/positions'));
    const ends = jest.spyOn(ports.tokens, 'endsOf');
    const round = (): unknown => jest.advanceTimersByTime(5_000);
    round();
    await gathered();
    expect(ends.mock.calls.map(([logins]) => logins.length)).toEqual([1]);
    ports.traders.accounts.set(ada, []);
    gateway.registryChanged();
    round();
    for (const { messages, ended } of followed) {
      await ended;
      expect(messages.at(-1)).toMatchObject({ s: 'error', errmsg: 'Unknown account.' });
      expect(messages.slice(1, -1)).toEqual([{ s: 'ok' }, { s: 'ok' }]);
    }
    ports.traders.accounts.set(ada, [adasAccount]);
    gateway.registryChanged();
    const { messages, ended } = await follow('GET /accounts/{accountId}/stream/orders');
    ports.tokens.tokens.clear();
    round();
    await ended;
    expect(messages.at(-1)).toMatchObject({ s: 'error' });
  });

  it('end at once when their login does', async () => {
    await withoutRounds();
    const { messages, reach } = await follow('GET /accounts/{accountId}/stream/orders');
    await gateway.success('POST /logout', { token });
    await reach(2);
    expect(messages[1]).toMatchObject({ s: 'error' });
  });

  it('say why, each in its language, when the process ends', async () => {
    const followed = [
      await follow('GET /accounts/{accountId}/stream/orders'),
      await follow('GET /accounts/{accountId}/stream/positions', { locale: 'de_DE' }),
    ];
    await gateway.stop();
    const last = [];
    for (const { messages, ended } of followed) {
      await ended;
      last.push(messages.at(-1));
    }
    expect(last).toEqual([
      { s: 'error', errmsg: 'The service is being restarted. Please connect again.' },
      { s: 'error', errmsg: 'Der Dienst wird neu gestartet. Bitte verbinden Sie sich erneut.' },
    ]);
    gateway = await GatewayHarness.start();
  });

  it('of one trader leave room for those of another', async () => {
    await gateway.stop();
    gateway = await GatewayHarness.start({ STREAM_PAUSE_MS: '0', STREAMS_PER_TRADER: '1' });
    const open = async (login: 'ada' | 'bob', accountId: string) =>
      gateway.raw({
        method: 'GET',
        url: `/accounts/${accountId}/stream/orders`,
        headers: { authorization: `Bearer ${await gateway.login(login)}` },
        payloadAsStream: true,
      });
    const streams = [await open('ada', adasAccount.id), await open('bob', bobsAccount.id)];
    listening.push(...streams.map((response) => response.stream()));
    const again = await open('ada', adasAccount.id);
    expect(String(await once(again.stream(), 'data'))).toContain('Too many streams');
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
    const [first] = listening;
    if (first) await once(first.destroy(), 'close');
    await follow('GET /accounts/{accountId}/stream/state');
  });
});
