import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples';
import { present } from '@core/kernel/present';
import { ENDED_MAX } from '@core/projections/ended';
import { exampleDelivery } from '@core/proquant/example';
import { until } from '@core/testing/until';
import { commandOf } from './commands.ts';
import { House, INTEGRATION, TOKEN } from './house.fixture.ts';
import { Reception } from './reception.ts';

const PROQUANT_POSITION = '960fe1a63d264d0f4e19a0ebf385497e';

describe('a signal', () => {
  let house: House;
  beforeEach(async () => (house = await House.open()));
  afterEach(() => house.close());

  it('opens 0.1 lot of GOLD: the guide’s example, if it were sent today', async () => {
    const answer = await house.signal('OPEN');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers.get('content-length')).toBe('0');
    expect(answer.headers.get('content-type')).toBeNull();
    expect(house.ledger.events.find(({ type }) => type === 'OrderRequested')?.data).toMatchObject({
      instrument: 'GOLD',
      side: 'buy',
      kind: 'market',
      volumeLots: '0.1',
      requester: { edge: 'proquant-webhook' },
      signal: { strategyId: '6bbc583bf6d70605bbbc892f66367ab7', proquantPositionId: PROQUANT_POSITION },
    });
    expect(house.happened.slice(2)).toEqual([
      'SignalReceived',
      'OrderRequested',
      'OrderAccepted',
      'OrderFilled',
      'PositionOpened',
      'SignalExecuted',
    ]);
  });

  it('of 2019 is too old to open anything, as the example is word for word', async () => {
    const answer = await house.post(exampleDelivery());
    expect(answer).toMatchObject({ status: 422, type: null });
    expect(answer.headers.has('x-proquant-error')).toBe(false);
    expect(house.count('OrderRequested')).toBe(0);
  });

  it('to close is carried out however late it comes', async () => {
    await house.signal('OPEN', {}, Date.now() - 20_000);
    expect((await house.signal('CLOSE', {}, Date.now() - 19_000)).status).toBe(200);
    await house.signal('OPEN', { proquantPositionId: 'p2' }, Date.now() - 15_000);
    expect((await house.signal('CLOSE', { proquantPositionId: 'p2', quantity: 0 }, Date.now() + 50_000)).status).toBe(
      200,
    );
    expect(house.count('PositionClosed')).toBe(2);
  });

  it('to reopen closes, then opens the other way', async () => {
    await house.signal('OPEN');
    expect((await house.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' })).status).toBe(200);
    const story = house.happened.slice(house.happened.lastIndexOf('SignalReceived'));
    expect(story).toEqual([
      'SignalReceived',
      'CloseRequested',
      'CloseAccepted',
      'PositionClosed',
      'OrderRequested',
      'OrderAccepted',
      'OrderFilled',
      'PositionOpened',
      'SignalExecuted',
    ]);
    expect(house.ledger.events.findLast(({ type }) => type === 'OrderRequested')?.data).toMatchObject({ side: 'sell' });
  });

  it('to reopen opens where nothing is open', async () => {
    expect((await house.signal('REOPEN')).status).toBe(200);
    expect([house.count('CloseRequested'), house.count('PositionOpened')]).toEqual([0, 1]);
  });

  it('that was already carried out is answered the same, and nothing happens again', async () => {
    const timestamp = Date.now();
    for (let n = 0; n < 3; n += 1) expect((await house.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(house.count('OrderRequested')).toBe(1);
    // The same position named again at another time is the same wish, too.
    expect((await house.signal('OPEN', {}, timestamp + 1)).status).toBe(200);
    expect(house.count('OrderRequested')).toBe(1);
  });

  it('told a hundred times at once is one trade and a hundred equal answers', async () => {
    await house.close();
    house = await House.open({ REQUESTS_BURST: '200' });
    const body = JSON.stringify(exampleDelivery({ timestamp: Date.now() }));
    const request = { integrationId: INTEGRATION, token: TOKEN, address: 'here', body };
    const reception = house.part(Reception);
    const answers = await Promise.all(Array.from({ length: 100 }, () => reception.receive(request)));
    expect(new Set(answers.map(({ status, body: said }) => `${status}${said}`))).toEqual(new Set(['200']));
    expect([house.count('SignalReceived'), house.count('OrderRequested')]).toEqual([1, 1]);
  });

  it('waits for the one that another instance took', async () => {
    house.ledger.broker.opens = 'keeps silent';
    const { signal } = anEvent('SignalReceived').data;
    const wish = {
      type: 'ReceiveSignal',
      data: { signal, order: { instrument: 'GOLD', volumeLots: '0.1' }, maxAgeMs: 1e12 },
    } as const;
    await house.ledger.send(commandOf(wish, exampleId(1), exampleAccount, exampleId(1)));
    const close = house.signal('CLOSE');
    const order = present(
      house.ledger.events.find(({ type }) => type === 'OrderRequested'),
      'requested',
    );
    house.ledger.broker.opens = 'executes';
    await until(() => house.ledger.refusals > 1, 5_000);
    await house.ledger.record(...house.ledger.broker.factsAbout(order));
    expect((await close).status).toBe(200);
    expect(house.count('PositionClosed')).toBe(1);
  });

  it('of one strategy waits for the one before; another strategy does not', async () => {
    house.ledger.broker.opens = 'keeps silent';
    const first = house.signal('OPEN', { strategy: { id: 'slow', name: '' } });
    await house.happens('OrderRequested');
    const second = house.signal('CLOSE', { strategy: { id: 'slow', name: '' } });
    house.ledger.broker.opens = 'executes';
    expect((await house.signal('OPEN', { strategy: { id: 'quick', name: '' } })).status).toBe(200);
    const order = present(
      house.ledger.events.find(({ type }) => type === 'OrderRequested'),
      'requested',
    );
    await house.ledger.record(...house.ledger.broker.factsAbout(order));
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    expect(house.count('PositionClosed')).toBe(1);
  });

  it('delivered after it was overtaken does nothing, and that is well', async () => {
    const opened = Date.now();
    await house.signal('OPEN', {}, opened);
    await house.signal('CLOSE', {}, opened + 2);
    expect((await house.signal('OPEN', { proquantPositionId: 'older' }, opened + 1)).status).toBe(200);
    expect(house.count('OrderRequested')).toBe(1);
  });

  it('to close what was closed here, by a stop loss, is well too', async () => {
    await house.signal('OPEN');
    const opened = house.ledger.events.find((event) => event.type === 'PositionOpened');
    if (opened?.type !== 'PositionOpened') throw new Error('not opened');
    const { positionId } = opened.data;
    await house.ledger.record(anEvent('PositionClosed', { positionId, reason: 'stop-loss' }));
    expect((await house.signal('CLOSE')).status).toBe(200);
    expect(house.count('CloseRequested')).toBe(0);
  });

  it('waits for its market to be known', async () => {
    await house.close();
    house = await House.openInTheDark({ MARKET_RETRY_MS: '100' });
    const answer = house.signal('OPEN');
    house.market.known = true;
    expect((await answer).status).toBe(200);
  });
});

describe('what the sender is told', () => {
  let house: House;
  beforeEach(async () => (house = await House.open()));
  afterEach(() => house.close());

  const refusals: [number, string, (house: House) => Promise<unknown>][] = [
    [422, 'UnsupportedInstrument', (at) => at.signal('OPEN', { ticker: 'DOGE' })],
    [422, 'UnsupportedInstrument', (at) => at.signal('OPEN', { ticker: 'XAGUSD' })],
    [422, 'InvalidQuantityPrecision', (at) => at.signal('OPEN', { quantity: 10.0001 })],
    [422, 'QuantityTooLow', (at) => at.signal('OPEN', { quantity: 0 })],
    [422, 'QuantityTooLow', (at) => at.signal('OPEN', { quantity: -1 })],
    [422, 'QuantityTooHigh', (at) => at.signal('OPEN', { quantity: 5001 })],
    [409, 'PositionNotFound', (at) => at.signal('CLOSE')],
    [
      409,
      'PositionAlreadyExists',
      async (at) => (await at.signal('OPEN'), at.signal('OPEN', { proquantPositionId: 'another' })),
    ],
    [
      422,
      'InsufficientFunds',
      (at) => ((at.ledger.broker.opens = { rejects: 'insufficient-funds' }), at.signal('OPEN')),
    ],
    [409, 'MarketClosed', (at) => ((at.ledger.broker.opens = { rejects: 'market-closed' }), at.signal('OPEN'))],
    [
      409,
      'MarketClosed',
      async (at) => (
        await at.signal('OPEN'),
        (at.ledger.broker.closes = { rejects: 'market-closed' }),
        at.signal('REOPEN')
      ),
    ],
    [401, 'InvalidCredentials', (at) => at.post(exampleDelivery(), { 'x-proquant-token': 'wrong' })],
    [
      401,
      'InvalidCredentials',
      async (at) => (await at.post(exampleDelivery({ type: 'INTEGRATION_DELETED', data: null })), at.signal('OPEN')),
    ],
  ];

  it.each(refusals)('is %i %s, in exactly the form the guide asks for', async (status, type, act) => {
    const answer = (await act(house)) as Awaited<ReturnType<House['signal']>>;
    expect(answer).toMatchObject({ status, type });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-proquant-error')).toBe('1');
    expect(answer.body).toMatch(/^\{"type":"\w+","requestId":"[0-9a-f-]{36}"\}$/);
  });

  it('is the same when the same delivery is refused again, word for word', async () => {
    const timestamp = Date.now();
    house.ledger.broker.opens = { rejects: 'insufficient-funds' };
    const first = await house.signal('OPEN', {}, timestamp);
    house.ledger.broker.opens = 'executes';
    expect((await house.signal('OPEN', {}, timestamp)).body).toBe(first.body);
    expect(house.count('OrderRequested')).toBe(1);
  });

  it('keeps a position that could not be closed, and does not open a second', async () => {
    await house.signal('OPEN');
    house.ledger.broker.closes = { rejects: 'market-closed' };
    await house.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' });
    expect(house.count('OrderRequested')).toBe(1);
    house.ledger.broker.closes = 'executes';
    expect((await house.signal('CLOSE')).status).toBe(200);
  });

  it('stays closed when the open leg of a reopen fails, and says why', async () => {
    await house.signal('OPEN');
    house.ledger.broker.opens = { rejects: 'insufficient-funds' };
    const answer = await house.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' });
    expect(answer).toMatchObject({ status: 422, type: 'InsufficientFunds' });
    expect(house.count('PositionClosed')).toBe(1);
    house.ledger.broker.opens = 'executes';
    expect((await house.signal('OPEN', { proquantPositionId: 'p3' })).status).toBe(200);
  });
});

describe('a signal without an outcome in time', () => {
  let house: House;
  beforeEach(async () => (house = await House.open({ DEADLINE_MS: '300' })));
  afterEach(() => house.close());

  const openOrder = () =>
    present(
      house.ledger.events.find(({ type }) => type === 'OrderRequested'),
      'nothing requested',
    );

  it.each(['keeps silent', 'doubts'] as const)('is 504 when the broker %s, and settled later', async (habit) => {
    house.ledger.broker.opens = habit;
    const timestamp = Date.now();
    const answer = await house.signal('OPEN', {}, timestamp);
    expect(answer).toMatchObject({ status: 504, type: null });
    expect(answer.headers.has('x-proquant-error')).toBe(false);

    house.ledger.broker.opens = 'executes';
    await house.ledger.record(...house.ledger.broker.factsAbout(openOrder()));
    await house.happens('SignalExecuted');
    expect((await house.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(house.count('OrderRequested')).toBe(1);
  });

  it('is settled as refused when it turns out that nothing was done', async () => {
    house.ledger.broker.opens = 'keeps silent';
    const timestamp = Date.now();
    await house.signal('OPEN', {}, timestamp);
    house.ledger.broker.opens = { rejects: 'insufficient-funds' };
    await house.ledger.record(...house.ledger.broker.factsAbout(openOrder()));
    await house.happens('SignalRefused');
    expect(await house.signal('OPEN', {}, timestamp)).toMatchObject({ status: 422, type: 'InsufficientFunds' });
  });

  it('is recorded as unknown once, so that the strategy can go on', async () => {
    house.ledger.broker.opens = 'doubts';
    await house.signal('OPEN');
    await house.happens('SignalOutcomeUnknown');
    await house.signal('CLOSE', { proquantPositionId: 'never' });
    expect(house.count('SignalOutcomeUnknown')).toBe(1);
  });

  it.each(['silent', 'gone'] as const)('is 504 when the ledger is %s, and one trade at most', async (mood) => {
    house.ledger.mood = mood;
    const timestamp = Date.now();
    expect((await house.signal('OPEN', {}, timestamp)).status).toBe(504);
    house.ledger.mood = 'well';
    expect((await house.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(house.count('OrderRequested')).toBe(1);
  });

  it('is 503 while nobody says what the venue trades; a close does not need to know', async () => {
    await house.close();
    house = await House.open({ DEADLINE_MS: '300' });
    await house.signal('OPEN');
    const { ledger } = house;
    await house.close();
    house = await House.openInTheDark({ DEADLINE_MS: '300' }, ledger);
    expect(await house.signal('OPEN', { strategy: { id: 'other', name: '' } })).toMatchObject({
      status: 503,
      type: null,
    });
    expect((await house.signal('CLOSE')).status).toBe(200);
  });

  it('goes on where another process stopped', async () => {
    await house.signal('OPEN');
    house.ledger.broker.closes = 'keeps silent';
    const timestamp = Date.now();
    const reopen = { direction: 'SELL', proquantPositionId: 'p2' };
    expect((await house.signal('REOPEN', reopen, timestamp)).status).toBe(504);
    const { ledger } = house;
    await house.close();

    ledger.broker.closes = 'executes';
    const close = present(
      ledger.events.find(({ type }) => type === 'CloseRequested'),
      'no close requested',
    );
    await ledger.record(...ledger.broker.factsAbout(close));
    house = await House.open({}, ledger);
    await house.happens('SignalExecuted', 2);
    expect((await house.signal('REOPEN', reopen, timestamp)).status).toBe(200);
    expect([house.count('CloseRequested'), house.count('OrderRequested')]).toEqual([1, 2]);
  });

  it('is answered from the log when the projection has forgotten it', async () => {
    const timestamp = Date.now();
    await house.signal('OPEN', {}, timestamp);
    const { signal } = anEvent('SignalReceived').data;
    const others = Array.from({ length: ENDED_MAX + 1 }, (_, n) => {
      const whose = { signalId: exampleId(0xf000 + n), strategyId: `busy-${n % 10}` };
      return [anEvent('SignalReceived', { signal: { ...signal, ...whose } }), anEvent('SignalRefused', whose)];
    });
    await house.ledger.record(...others.flat());
    expect((await house.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(house.count('OrderRequested')).toBe(1);
  });

  it('holds up only so many others, and they never happen after their sender was turned away', async () => {
    await house.close();
    house = await House.open({ LANE_MAX: '1', DEADLINE_MS: '300' });
    house.ledger.broker.opens = 'keeps silent';
    const first = house.signal('OPEN');
    await house.happens('OrderRequested');
    const others = ['p2', 'p3', 'p4'].map((proquantPositionId) => house.signal('OPEN', { proquantPositionId }));
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([503, 503, 503]);
    expect((await first).status).toBe(504);
    expect(house.count('SignalReceived')).toBe(1);
  });
});
