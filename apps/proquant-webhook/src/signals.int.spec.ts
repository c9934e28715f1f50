import { MarketView } from '@core/bus/market-view';
import type { RejectionReason } from '@core/contracts/events/request';
import { newId, now } from '@core/service/clock';
import { CommandClient } from '@core/bus/command-client';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { ENDED_MAX } from '@core/projections/ended';
import { exampleDelivery } from '@core/proquant/example';
import { until } from '@core/testing/until';
import { WebhookHarness, INTEGRATION, TOKEN } from './webhook-harness.fixture.ts';
import { Reception } from './http/reception.ts';

const PROQUANT_POSITION = '960fe1a63d264d0f4e19a0ebf385497e';

describe('a signal', () => {
  let harness: WebhookHarness;
  beforeEach(async () => (harness = await WebhookHarness.open()));
  afterEach(() => harness.close());

  it('opens 0.1 lot of GOLD: the guide’s example, if it were sent today', async () => {
    const answer = await harness.signal('OPEN');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers.get('content-length')).toBe('0');
    expect(answer.headers.get('content-type')).toBeNull();
    expect(harness.ledger.events.find(({ type }) => type === 'OrderRequested')?.data).toMatchObject({
      instrument: 'GOLD',
      side: 'buy',
      kind: 'market',
      volumeLots: '0.1',
      requester: { edge: 'proquant-webhook' },
      signal: { strategyId: '6bbc583bf6d70605bbbc892f66367ab7', externalPositionId: PROQUANT_POSITION },
    });
    const id = harness.ledger.events.find(({ type }) => type === 'SignalReceived')?.correlationid;
    const line = harness.logged.lines.find((each) => each.includes('"Access"'));
    expect(JSON.parse(line ?? 'null')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ request: 'SIGNAL_OPEN', accountId: exampleAccount, requestId: id, outcome: 'taken' },
        }),
      ]),
    );
    await harness.happens('SignalExecuted');
    expect(harness.happened.slice(2)).toEqual([
      'SignalReceived',
      'OrderRequested',
      'RequestAccepted',
      'OrderFilled',
      'PositionOpened',
      'SignalExecuted',
    ]);
  });

  it('is answered when what it wanted is done, be that recorded of it yet or not; so is its repetition', async () => {
    await harness.signal('OPEN');
    await harness.happens('SignalExecuted');
    harness.ledger.broker.closes = 'keeps silent';
    const sentAt = Date.now();
    const answers = [harness.signal('CLOSE', {}, sentAt)];
    await harness.happens('CloseRequested');
    const request = present(
      harness.ledger.events.find((event) => event.type === 'CloseRequested'),
      'requested',
    );
    harness.ledger.mood = 'gone';
    // By whomever: the ledger leaves it to who follows the signal to say that this is what it wanted.
    const closed = { positionId: request.data.positionId, requestId: null };
    await harness.ledger.report(anEvent('PositionClosed', closed, { id: newId() }));
    answers.push(harness.signal('CLOSE', {}, sentAt));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(harness.count('SignalExecuted')).toBe(1);
    harness.ledger.mood = 'well';
    await harness.happens('SignalExecuted', 2);
  });

  it('of 2019 is too old to open anything, as the example is word for word', async () => {
    const answer = await harness.post(exampleDelivery());
    expect(answer).toMatchObject({ status: 422, type: null });
    expect(answer.headers.has('x-proquant-error')).toBe(false);
    expect(harness.count('OrderRequested')).toBe(0);
  });

  it('has one story, from its receipt over the claim of its order to its end', async () => {
    harness.ledger.broker.opens = 'keeps silent';
    const answer = harness.signal('OPEN');
    await harness.happens('OrderRequested');
    const order = present(
      harness.ledger.events.find((event) => event.type === 'OrderRequested'),
      'requested',
    );
    const claim = { kind: 'order', requestId: order.data.orderId, connector: 'spec' } as const;
    const { correlationid } = order;
    await harness.ledger.send(aCommand('DispatchRequest', claim, { correlationid, subject: exampleAccount }));
    harness.ledger.broker.opens = 'executes';
    await harness.ledger.report(...harness.ledger.broker.factsAbout(order));
    expect((await answer).status).toBe(200);
    await harness.happens('SignalExecuted');
    const story = await harness.ledger.log.readCorrelation(correlationid);
    expect(story.map(({ type, causationid }) => [type, causationid === order.id])).toEqual([
      ['SignalReceived', false],
      ['OrderRequested', false],
      ['RequestDispatched', true],
      ['RequestAccepted', false],
      ['OrderFilled', false],
      ['PositionOpened', false],
      ['SignalExecuted', false],
    ]);
  });

  it('to close is carried out however late it comes', async () => {
    await harness.signal('OPEN', {}, Date.now() - 20_000);
    expect((await harness.signal('CLOSE', {}, Date.now() - 19_000)).status).toBe(200);
    await harness.signal('OPEN', { proquantPositionId: 'p2' }, Date.now() - 15_000);
    expect((await harness.signal('CLOSE', { proquantPositionId: 'p2', quantity: 0 }, Date.now() + 50_000)).status).toBe(
      200,
    );
    expect(harness.count('PositionClosed')).toBe(2);
  });

  it('to reopen closes, then opens the other way', async () => {
    await harness.signal('OPEN');
    expect((await harness.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' })).status).toBe(200);
    await harness.happens('SignalExecuted', 2);
    const story = harness.happened.slice(harness.happened.lastIndexOf('SignalReceived'));
    expect(story).toEqual([
      'SignalReceived',
      'CloseRequested',
      'RequestAccepted',
      'PositionClosed',
      'OrderRequested',
      'RequestAccepted',
      'OrderFilled',
      'PositionOpened',
      'SignalExecuted',
    ]);
    expect(harness.ledger.events.findLast(({ type }) => type === 'OrderRequested')?.data).toMatchObject({
      side: 'sell',
    });
  });

  it('to reopen opens nothing once its integration has been revoked, be it between its legs', async () => {
    await harness.signal('OPEN');
    harness.ledger.broker.closes = 'keeps silent';
    const answer = harness.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' });
    await harness.happens('CloseRequested');
    const close = present(
      harness.ledger.events.find(({ type }) => type === 'CloseRequested'),
      'requested',
    );
    harness.integrations.isRevoked = true;
    harness.ledger.broker.closes = 'executes';
    await harness.ledger.report(...harness.ledger.broker.factsAbout(close));
    expect(await answer).toMatchObject({ status: 401, type: 'InvalidCredentials' });
    expect([harness.count('PositionClosed'), harness.count('OrderRequested')]).toEqual([1, 1]);
    expect((await harness.signal('OPEN', { proquantPositionId: 'p3' })).status).toBe(401);
  });

  it('to reopen opens where nothing is open', async () => {
    expect((await harness.signal('REOPEN')).status).toBe(200);
    expect([harness.count('CloseRequested'), harness.count('PositionOpened')]).toEqual([0, 1]);
  });

  it('that was already carried out is answered the same, and nothing happens again', async () => {
    const timestamp = Date.now();
    for (let n = 0; n < 3; n += 1) expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
    // The same position named again at another time is the same wish, too.
    expect((await harness.signal('OPEN', {}, timestamp + 1)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it('told a hundred times at once is one trade and a hundred equal answers', async () => {
    const body = Buffer.from(JSON.stringify(exampleDelivery({ timestamp: Date.now() })));
    const request = { hookId: INTEGRATION, token: TOKEN, address: 'here', encoding: '', body };
    const reception = harness.part(Reception);
    const answers = await Promise.all(Array.from({ length: 100 }, () => reception.receive(request)));
    expect(new Set(answers.map(({ status, body: said }) => `${status}${said}`))).toEqual(new Set(['200']));
    expect([harness.count('SignalReceived'), harness.count('OrderRequested')]).toEqual([1, 1]);
  });

  it('waits for the one that another instance took', async () => {
    harness.ledger.broker.opens = 'keeps silent';
    const { signal } = anEvent('SignalReceived').data;
    const wish = {
      type: 'ReceiveSignal',
      data: { signal, order: { instrument: 'GOLD', volumeLots: '0.1' }, maxAgeMs: 1e12 },
    } as const;
    await harness.part(CommandClient).ask(exampleAccount, wish, { id: exampleId(1), timeoutMs: 5_000 });
    const close = harness.signal('CLOSE');
    const order = present(
      harness.ledger.events.find(({ type }) => type === 'OrderRequested'),
      'requested',
    );
    harness.ledger.broker.opens = 'executes';
    await until(() => harness.ledger.refusals > 1);
    await harness.ledger.record(...harness.ledger.broker.factsAbout(order));
    expect((await close).status).toBe(200);
    expect(harness.count('PositionClosed')).toBe(1);
  });

  it('of one strategy waits for the one before; another strategy does not', async () => {
    harness.ledger.broker.opens = 'keeps silent';
    const first = harness.signal('OPEN', { strategy: { id: 'slow', name: '' } });
    await harness.happens('OrderRequested');
    const second = harness.signal('CLOSE', { strategy: { id: 'slow', name: '' } });
    harness.ledger.broker.opens = 'executes';
    expect((await harness.signal('OPEN', { strategy: { id: 'quick', name: '' } })).status).toBe(200);
    const order = present(
      harness.ledger.events.find(({ type }) => type === 'OrderRequested'),
      'requested',
    );
    await harness.ledger.record(...harness.ledger.broker.factsAbout(order));
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    expect(harness.count('PositionClosed')).toBe(1);
  });

  it('takes effect in the order of its arrival, though it took longer to be known by its token', async () => {
    let goOn = (): void => undefined;
    harness.integrations.pause = new Promise<void>((resolve) => (goOn = resolve));
    const [sent, reception] = [Date.now(), harness.part(Reception)];
    const receive = (type: string, timestamp: number) =>
      reception.receive({
        hookId: INTEGRATION,
        token: TOKEN,
        address: 'here',
        encoding: '',
        body: Buffer.from(JSON.stringify(exampleDelivery({ type, timestamp }))),
      });
    const answers = [receive('SIGNAL_OPEN', sent), receive('SIGNAL_CLOSE', sent + 1)];
    setImmediate(goOn);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect([harness.count('PositionOpened'), harness.count('PositionClosed')]).toEqual([1, 1]);
  });

  it('delivered after it was overtaken does nothing, and that is well', async () => {
    const opened = Date.now();
    await harness.signal('OPEN', {}, opened);
    await harness.signal('CLOSE', {}, opened + 2);
    expect((await harness.signal('OPEN', { proquantPositionId: 'older' }, opened + 1)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it('to close what was closed here, by a stop loss, is well too', async () => {
    await harness.signal('OPEN');
    const opened = harness.ledger.events.find((event) => event.type === 'PositionOpened');
    if (opened?.type !== 'PositionOpened') throw new Error('not opened');
    const { positionId } = opened.data;
    await harness.ledger.record(anEvent('PositionClosed', { positionId, reason: 'stop-loss' }));
    expect((await harness.signal('CLOSE')).status).toBe(200);
    expect(harness.count('CloseRequested')).toBe(0);
  });

  it('that its operator bounds meets no worse price than it comes at, and waits for one to be known', async () => {
    harness.integrations.known.slippagePercent = '1';
    const answer = harness.signal('OPEN');
    const quote = { instrument: 'GOLD', bid: '2400', ask: '2400.5', time: now(), bids: [], asks: [] } as const;
    harness.part(MarketView).applyQuotes({ venue: 'demo', quotes: [quote] });
    expect((await answer).status).toBe(200);
    const order = harness.ledger.events.find((event) => event.type === 'OrderRequested');
    expect(order?.data).toMatchObject({ worstPrice: '2424.51' });
    expect((await harness.signal('CLOSE')).status).toBe(200);
  });

  it('waits for its market to be known', async () => {
    await harness.close();
    harness = await WebhookHarness.openInTheDark({ MARKET_RETRY_MS: '100' });
    const answer = harness.signal('OPEN');
    harness.isLit = true;
    expect((await answer).status).toBe(200);
  });
});

describe('what the sender is told', () => {
  let harness: WebhookHarness;
  beforeEach(async () => (harness = await WebhookHarness.open()));
  afterEach(() => harness.close());

  const refusals: [number, string, (harness: WebhookHarness) => Promise<unknown>][] = [
    [422, 'UnsupportedInstrument', (at) => at.signal('OPEN', { ticker: 'DOGE' })],
    [422, 'UnsupportedInstrument', (at) => at.signal('OPEN', { ticker: 'XAGUSD' })],
    [422, 'InvalidQuantityPrecision', (at) => at.signal('OPEN', { quantity: 10.0001 })],
    [422, 'QuantityTooLow', (at) => at.signal('OPEN', { quantity: 0 })],
    [422, 'QuantityTooLow', (at) => at.signal('OPEN', { quantity: -1 })],
    [422, 'QuantityTooHigh', (at) => at.signal('OPEN', { quantity: 5001 })],
    [422, 'QuantityTooHigh', (at) => at.signal('OPEN', { quantity: 1e300 })],
    [422, 'InvalidQuantityPrecision', (at) => at.signal('OPEN', { quantity: 1e-300 })],
    [422, 'UnsupportedInstrument', (at) => at.signal('OPEN', { quantity: 0, ticker: 'DOGE' })],
    [
      409,
      'PositionAlreadyExists',
      async (at) => (await at.signal('OPEN'), at.signal('OPEN', { quantity: 0, proquantPositionId: 'another' })),
    ],
    [409, 'MarketClosed', (at) => ((at.ledger.broker.opens = { rejects: 'instrument-disabled' }), at.signal('OPEN'))],
    [
      422,
      'UnsupportedInstrument',
      (at) => ((at.ledger.broker.opens = { rejects: 'short-selling-not-allowed' }), at.signal('OPEN')),
    ],
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
    const answer = (await act(harness)) as Awaited<ReturnType<WebhookHarness['signal']>>;
    expect(answer).toMatchObject({ status, type });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-proquant-error')).toBe('1');
    expect(answer.body).toMatch(/^\{"type":"\w+","requestId":"[0-9a-f-]{36}"\}$/);
  });

  it('is none of the guide’s errors while trading is halted for everyone; the same delivery trades after it, once', async () => {
    await harness.ledger.send(aCommand('HaltTrading', {}, { subject: SYSTEM_ACCOUNT }));
    const timestamp = Date.now();
    expect(await harness.signal('OPEN', {}, timestamp)).toMatchObject({ status: 502, type: null });
    expect(harness.happened).not.toContain('OrderRequested');
    await harness.ledger.send(aCommand('ResumeTrading', {}, { subject: SYSTEM_ACCOUNT, commandid: exampleId(1) }));
    for (let n = 0; n < 2; n += 1) expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it('is the same when the same delivery is refused again, word for word', async () => {
    const timestamp = Date.now();
    harness.ledger.broker.opens = { rejects: 'insufficient-funds' };
    const first = await harness.signal('OPEN', {}, timestamp);
    harness.ledger.broker.opens = 'executes';
    expect((await harness.signal('OPEN', {}, timestamp)).body).toBe(first.body);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it('keeps a position that could not be closed, and does not open a second', async () => {
    await harness.signal('OPEN');
    harness.ledger.broker.closes = { rejects: 'market-closed' };
    await harness.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' });
    expect(harness.count('OrderRequested')).toBe(1);
    harness.ledger.broker.closes = 'executes';
    expect((await harness.signal('CLOSE')).status).toBe(200);
  });

  it.each([
    ['QuantityTooHigh', { quantity: 5001 }],
    ['InvalidQuantityPrecision', { quantity: 10.0001 }],
    ['QuantityTooLow', { quantity: 0 }],
    ['UnsupportedInstrument', { ticker: 'DOGE' }],
  ])('is %s before a reopen has closed anything, where that could be known', async (type, data) => {
    await harness.signal('OPEN');
    expect((await harness.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2', ...data })).type).toBe(type);
    expect(harness.count('CloseRequested')).toBe(0);
  });

  it('stays closed when the open leg of a reopen fails, and says why', async () => {
    await harness.signal('OPEN');
    harness.ledger.broker.opens = { rejects: 'insufficient-funds' };
    const answer = await harness.signal('REOPEN', { direction: 'SELL', proquantPositionId: 'p2' });
    expect(answer).toMatchObject({ status: 422, type: 'InsufficientFunds' });
    expect(harness.count('PositionClosed')).toBe(1);
    harness.ledger.broker.opens = 'executes';
    expect((await harness.signal('OPEN', { proquantPositionId: 'p3' })).status).toBe(200);
  });
});

describe('a reopen that closed and did not open', () => {
  let harness: WebhookHarness;
  afterEach(() => harness.close());

  const reopening = { direction: 'SELL', proquantPositionId: 'p2' };
  const halfDone = async (rejects: RejectionReason, settings: Record<string, string>, timestamp = Date.now()) => {
    harness = await WebhookHarness.open(settings);
    await harness.signal('OPEN', {}, timestamp - 1_000);
    harness.ledger.broker.opens = { rejects };
    const answer = await harness.signal('REOPEN', reopening, timestamp);
    harness.ledger.broker.opens = 'executes';
    return answer;
  };
  const resume = () =>
    harness.ledger.send(
      aCommand('ResumeSignal', harness.ledger.events.findLast((event) => event.type === 'SignalHalfDone')?.data, {
        commandid: newId(),
      }),
    );
  const duplicate = (timestamp: number) => harness.signal('REOPEN', reopening, timestamp);
  const counts = () => ['CloseRequested', 'PositionOpened', 'SignalExecuted'].map((type) => harness.count(type));
  const SELDOM = { LOOK_MS: '60000' };

  it('is tried again by us, where it failed by no doing of its sender’s, and closes nothing twice', async () => {
    const timestamp = Date.now();
    expect(await halfDone('broker-error', {}, timestamp)).toMatchObject({ status: 502, type: null });
    await harness.happens('SignalExecuted', 2);
    expect(counts()).toEqual([1, 2, 2]);
    expect((await duplicate(timestamp)).status).toBe(200);
    expect(counts()).toEqual([1, 2, 2]);
  });

  it('is tried again when it is delivered again, and answered by what that comes to', async () => {
    const timestamp = Date.now();
    await halfDone('broker-error', SELDOM, timestamp);
    harness.ledger.broker.opens = { rejects: 'broker-error' };
    expect((await duplicate(timestamp)).status).toBe(502);
    harness.ledger.broker.opens = 'executes';
    expect((await duplicate(timestamp)).status).toBe(200);
    await harness.happens('SignalExecuted', 2);
    expect(counts()).toEqual([1, 2, 2]);
  });

  it('is tried so often, and not once it is too old', async () => {
    const timestamp = Date.now();
    await halfDone('broker-error', { ...SELDOM, OPENINGS_MAX: '1' }, timestamp);
    expect((await duplicate(timestamp)).status).toBe(502);
    expect(counts()).toEqual([1, 1, 1]);
  });

  it('stays as it is where its sender is told why; an operator has it opened after all', async () => {
    const timestamp = Date.now();
    const answer = await halfDone('market-closed', {}, timestamp);
    expect(answer).toMatchObject({ status: 409, type: 'MarketClosed' });
    expect(await duplicate(timestamp)).toMatchObject({ status: 409, type: 'MarketClosed', body: answer.body });
    expect(counts()).toEqual([1, 1, 1]);
    expect(await resume()).toMatchObject({ ok: true });
    await harness.happens('SignalExecuted', 2);
    expect((await duplicate(timestamp)).status).toBe(200);
    expect(counts()).toEqual([1, 2, 2]);
  });

  it('is ended by a later signal of its strategy, and nothing opens it any more', async () => {
    const timestamp = Date.now();
    await halfDone('broker-error', SELDOM, timestamp);
    expect(await harness.signal('CLOSE', reopening, timestamp + 1)).toMatchObject({ type: 'PositionNotFound' });
    expect((await duplicate(timestamp)).status).toBe(502);
    expect(await resume()).toMatchObject({ ok: false, refusal: { reason: 'signal-not-waiting' } });
    expect(counts()).toEqual([1, 1, 1]);
  });

  it('is opened by the next process where the first one ended', async () => {
    const timestamp = Date.now();
    await halfDone('broker-error', SELDOM, timestamp);
    await harness.close();
    harness = await WebhookHarness.open({}, harness.ledger);
    await harness.happens('SignalExecuted', 2);
    expect((await duplicate(timestamp)).status).toBe(200);
    expect(counts()).toEqual([1, 2, 2]);
  });
});

describe('a signal without an outcome in time', () => {
  let harness: WebhookHarness;
  beforeEach(async () => (harness = await WebhookHarness.open({ DEADLINE_MS: '300' })));
  afterEach(() => harness.close());

  const openOrder = () =>
    present(
      harness.ledger.events.find(({ type }) => type === 'OrderRequested'),
      'nothing requested',
    );

  it.each(['keeps silent', 'doubts'] as const)('is 504 when the broker %s, and settled later', async (habit) => {
    harness.ledger.broker.opens = habit;
    const timestamp = Date.now();
    const answer = await harness.signal('OPEN', {}, timestamp);
    expect(answer).toMatchObject({ status: 504, type: null });
    expect(answer.headers.has('x-proquant-error')).toBe(false);

    harness.ledger.broker.opens = 'executes';
    await harness.ledger.record(...harness.ledger.broker.factsAbout(openOrder()));
    await harness.happens('SignalExecuted');
    expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it('is settled as refused when it turns out that nothing was done', async () => {
    harness.ledger.broker.opens = 'keeps silent';
    const timestamp = Date.now();
    await harness.signal('OPEN', {}, timestamp);
    harness.ledger.broker.opens = { rejects: 'insufficient-funds' };
    await harness.ledger.record(...harness.ledger.broker.factsAbout(openOrder()));
    await harness.happens('SignalRefused');
    expect(await harness.signal('OPEN', {}, timestamp)).toMatchObject({ status: 422, type: 'InsufficientFunds' });
  });

  it('is recorded as unknown once, so that the strategy can go on', async () => {
    harness.ledger.broker.opens = 'doubts';
    await harness.signal('OPEN');
    await harness.happens('SignalOutcomeUnknown');
    await harness.signal('CLOSE', { proquantPositionId: 'never' });
    expect(harness.count('SignalOutcomeUnknown')).toBe(1);
  });

  it.each(['silent', 'gone'] as const)('is 504 when the ledger is %s, and one trade at most', async (mood) => {
    harness.ledger.mood = mood;
    const timestamp = Date.now();
    expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(504);
    harness.ledger.mood = 'well';
    expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it('is 503 while nobody says what the venue trades; a close does not need to know', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ DEADLINE_MS: '300' });
    await harness.signal('OPEN');
    const { ledger } = harness;
    await harness.close();
    harness = await WebhookHarness.openInTheDark({ DEADLINE_MS: '300' }, ledger);
    expect(await harness.signal('OPEN', { strategy: { id: 'other', name: '' } })).toMatchObject({
      status: 503,
      type: null,
    });
    expect((await harness.signal('CLOSE')).status).toBe(200);
  });

  it('goes on where another process stopped', async () => {
    await harness.signal('OPEN');
    harness.ledger.broker.closes = 'keeps silent';
    const timestamp = Date.now();
    const reopen = { direction: 'SELL', proquantPositionId: 'p2' };
    expect((await harness.signal('REOPEN', reopen, timestamp)).status).toBe(504);
    const { ledger } = harness;
    await harness.close();

    ledger.broker.closes = 'executes';
    const close = present(
      ledger.events.find(({ type }) => type === 'CloseRequested'),
      'no close requested',
    );
    await ledger.record(...ledger.broker.factsAbout(close));
    harness = await WebhookHarness.open({}, ledger);
    await harness.happens('SignalExecuted', 2);
    expect((await harness.signal('REOPEN', reopen, timestamp)).status).toBe(200);
    expect([harness.count('CloseRequested'), harness.count('OrderRequested')]).toEqual([1, 2]);
  });

  it('is answered from the log when the projection has forgotten it', async () => {
    const timestamp = Date.now();
    await harness.signal('OPEN', {}, timestamp);
    const { signal } = anEvent('SignalReceived').data;
    const others = Array.from({ length: ENDED_MAX + 1 }, (_, n) => {
      const whose = { signalId: exampleId(0xf000 + n), strategyId: `busy-${n % 10}` };
      return [anEvent('SignalReceived', { signal: { ...signal, ...whose } }), anEvent('SignalRefused', whose)];
    });
    await harness.ledger.record(...others.flat());
    expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect(harness.count('OrderRequested')).toBe(1);
  });

  it.each(['keeps silent', 'doubts'] as const)(
    'to open does not lose the close behind it, when the broker %s: late is told, and it is carried out all the same',
    async (habit) => {
      harness.ledger.broker.opens = habit;
      const sent = Date.now();
      expect((await harness.signal('OPEN', {}, sent)).status).toBe(504);
      const closing = { quantity: 1 };
      expect(await harness.signal('CLOSE', closing, sent + 1)).toMatchObject({ status: 504, type: null });
      expect((await harness.signal('OPEN', { proquantPositionId: 'p2' }, sent + 2)).status).toBe(503);
      harness.ledger.broker.opens = 'executes';
      await harness.ledger.record(...harness.ledger.broker.factsAbout(openOrder()));
      await harness.happens('PositionClosed');
      await harness.happens('SignalExecuted', 2);
      expect((await harness.signal('CLOSE', closing, sent + 1)).status).toBe(200);
      expect([harness.count('OrderRequested'), harness.count('CloseRequested')]).toEqual([1, 1]);
    },
  );

  it.each(['silent', 'gone'] as const)('to close is carried out once a %s ledger is back', async (mood) => {
    await harness.signal('OPEN');
    harness.ledger.mood = mood;
    expect((await harness.signal('CLOSE')).status).toBe(504);
    harness.ledger.mood = 'well';
    await harness.happens('PositionClosed');
    expect(harness.count('CloseRequested')).toBe(1);
  });

  it('to close waits for the end of a halt', async () => {
    await harness.signal('OPEN');
    await harness.ledger.send(aCommand('HaltTrading', {}, { subject: SYSTEM_ACCOUNT }));
    expect((await harness.signal('CLOSE')).status).toBe(504);
    await harness.ledger.send(aCommand('ResumeTrading', {}, { subject: SYSTEM_ACCOUNT, commandid: exampleId(1) }));
    await harness.happens('PositionClosed');
  });

  it('holds up only so many others, and they never happen after their sender was turned away', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ STRATEGY_QUEUE_MAX: '1', DEADLINE_MS: '300' });
    harness.ledger.broker.opens = 'keeps silent';
    const first = harness.signal('OPEN');
    await harness.happens('OrderRequested');
    const others = ['p2', 'p3', 'p4'].map((proquantPositionId) => harness.signal('OPEN', { proquantPositionId }));
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([503, 503, 503]);
    expect((await first).status).toBe(504);
    expect(harness.count('SignalReceived')).toBe(1);
  });
});
