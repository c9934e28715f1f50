import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { exampleDelivery } from '@core/proquant/example';
import { connect } from 'node:net';
import { WebhookHarness, INTEGRATION, TOKEN } from './webhook-harness.fixture.ts';

const strategy = { id: '6bbc583bf6d70605bbbc892f66367ab7', name: 'Gold High-Risk' };
const lifecycle = (type: string, data: unknown = null, timestamp = Date.now()) =>
  exampleDelivery({ type, data, timestamp });

describe('a request', () => {
  let harness: WebhookHarness;
  beforeEach(async () => (harness = await WebhookHarness.open()));
  afterEach(() => harness.close());

  it.each([
    ['INTEGRATION_APPROVED', null, 'IntegrationApproved'],
    ['INTEGRATION_REJECTED', null, 'IntegrationRejected'],
    ['INTEGRATION_DELETED', null, 'IntegrationDeleted'],
    ['STRATEGY_ENABLED', strategy, 'StrategyEnabled'],
    ['STRATEGY_DISABLED', strategy, 'StrategyDisabled'],
  ])('%s is recorded, and nothing is answered but that it was', async (type, data, recorded) => {
    const answer = await harness.post(lifecycle(type, data));
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers.get('content-length')).toBe('0');
    expect(answer.headers.get('content-type')).toBeNull();
    expect(harness.happened.at(-1)).toBe(recorded);
  });

  it('of a type nobody documented is irrelevant, and well', async () => {
    expect(await harness.post(lifecycle('STRATEGY_RENAMED', 7))).toMatchObject({ status: 200, body: '' });
  });

  it('cannot be told whether its integration or its token was wrong', async () => {
    const wrong = [
      await harness.post(exampleDelivery(), { 'x-proquant-token': 'wrong' }),
      await harness.post(exampleDelivery(), { 'x-proquant-token': TOKEN }, exampleId(0x999)),
      await harness.post(exampleDelivery(), { 'x-proquant-token': TOKEN }, 'no-uuid'),
      await harness.post(exampleDelivery(), {}),
      await harness.postText('{"not": json', { 'x-proquant-token': 'wrong' }),
    ];
    for (const { status, type, body, headers } of wrong) {
      expect({ status, type }).toEqual({ status: 401, type: 'InvalidCredentials' });
      expect(body).toMatch(/^\{"type":"InvalidCredentials","requestId":"[0-9a-f-]{36}"\}$/);
      expect([...headers.keys()].toSorted()).toEqual([...(wrong[0]?.headers.keys() ?? [])].toSorted());
    }
    expect(harness.happened).toHaveLength(2);
  });

  it.each([
    ['is not JSON', '{"v1": ', 400],
    ['is empty', '', 400],
    ['is a number', '1', 400],
    ['lacks version 1', '{"v2":{"deprecation":null,"event":{}}}', 422],
    ['is a signal without data', JSON.stringify(lifecycle('SIGNAL_OPEN')), 400],
    [
      'asks for more than a number holds',
      JSON.stringify(exampleDelivery()).replace('"quantity":10', '"quantity":1e400'),
      400,
    ],
    ['is too deep', `{"v1":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, 400],
    ['is too large', JSON.stringify({ pad: 'x'.repeat(70_000) }), 413],
  ])('that %s is answered without a name', async (_what, body, status) => {
    const answer = await harness.postText(body);
    expect(answer).toMatchObject({ status, type: null });
    expect(answer.headers.has('x-proquant-error')).toBe(false);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(harness.happened).toHaveLength(2);
  });

  it.each(['text/plain', 'application/xml', 'application/json; charset=utf-8'])(
    'is read whatever it claims to be: %s',
    async (type) => {
      const answer = await harness.post(lifecycle('INTEGRATION_APPROVED'), {
        'x-proquant-token': TOKEN,
        'content-type': type,
      });
      expect(answer.status).toBe(200);
    },
  );

  it('to another address, or of another kind, is none', async () => {
    const hook = `${harness.url}/proquant/v1/hooks/${INTEGRATION}`;
    for (const answer of [
      await fetch(harness.url),
      await fetch(hook),
      await fetch(hook, { method: 'DELETE' }),
      await fetch(`${harness.url}/%`),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.has('x-proquant-error')).toBe(false);
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
  });

  it('that is not HTTP harms nobody', async () => {
    const socket = connect(Number(new URL(harness.url).port), '127.0.0.1').on('error', () => undefined);
    socket.end('POST /proquant HTTP/1.1\r\ncontent-length: -1\r\n\r\n\u0000');
    await new Promise((resolve) => socket.resume().on('close', resolve));
    expect((await harness.post(lifecycle('INTEGRATION_APPROVED'))).status).toBe(200);
  });

  it('is taken with version 2 beside it, and with a date on which version 1 ends', async () => {
    const { v1 } = lifecycle('INTEGRATION_APPROVED');
    expect((await harness.post({ v2: {}, v1: { ...v1, deprecation: '2030-01-01T00:00:00.000Z' } })).status).toBe(200);
    expect(harness.logged.lines.join()).toContain('2030-01-01');
  });

  it('is 503 while nobody knows who may send it, and while nobody records it', async () => {
    harness.integrations.mood = 'down';
    expect(await harness.signal('OPEN')).toMatchObject({ status: 503, type: null });
    harness.integrations.mood = 'well';
    harness.ledger.mood = 'gone';
    expect(await harness.post(lifecycle('INTEGRATION_APPROVED'))).toMatchObject({ status: 503, type: null });
    expect(harness.happened).toHaveLength(2);
  });

  it('is 503 by its deadline when the registry says nothing at all', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ DEADLINE_MS: '200' });
    harness.integrations.mood = 'silent';
    expect(await harness.signal('OPEN')).toMatchObject({ status: 503, type: null });
  });

  it('of a strategy that is switched off says which position is left open', async () => {
    await harness.signal('OPEN');
    await harness.post(lifecycle('STRATEGY_DISABLED', strategy));
    expect(harness.logged.lines.join()).toContain('a position is left open');
    expect((await harness.signal('CLOSE')).status).toBe(200);
    await harness.post(lifecycle('INTEGRATION_DELETED'));
    expect(harness.logged.lines.filter((line) => line.includes('left open'))).toHaveLength(1);
  });
});

describe('too many requests', () => {
  it('of one integration are 429 without a name, and recover', async () => {
    const harness = await WebhookHarness.open({ REQUESTS_PER_SECOND: '1', REQUESTS_BURST: '2' });
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await harness.post(lifecycle('INTEGRATION_APPROVED')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(answers[3]?.headers.has('x-proquant-error')).toBe(false);
    await harness.close();
  });

  it('to close are never too many', async () => {
    const harness = await WebhookHarness.open({ REQUESTS_PER_SECOND: '1', REQUESTS_BURST: '1' });
    await harness.signal('OPEN');
    expect((await harness.signal('OPEN', { proquantPositionId: 'p2' })).status).toBe(429);
    expect((await harness.signal('REOPEN', { proquantPositionId: 'p3' })).status).toBe(200);
    expect((await harness.signal('CLOSE', { proquantPositionId: 'p3' })).status).toBe(200);
    await harness.close();
  });

  it('are none of what is repeated', async () => {
    const harness = await WebhookHarness.open({ REQUESTS_PER_SECOND: '1', REQUESTS_BURST: '1' });
    const timestamp = Date.now();
    for (let n = 0; n < 3; n += 1) expect((await harness.signal('OPEN', {}, timestamp)).status).toBe(200);
    expect((await harness.signal('OPEN', { proquantPositionId: 'p2' })).status).toBe(429);
    await harness.close();
  });

  it('to open are limited for an account, and none that is known already is one too many', async () => {
    const harness = await WebhookHarness.open({ ORDERS_PER_MINUTE: '1', ORDERS_BURST: '1' });
    const timestamp = Date.now();
    const strategy = (id: string) => ({ strategy: { id, name: id } });
    expect((await harness.signal('OPEN', strategy('a'), timestamp)).status).toBe(200);
    expect(await harness.signal('OPEN', strategy('b'))).toMatchObject({ status: 429, type: null });
    expect((await harness.signal('OPEN', strategy('a'), timestamp)).status).toBe(200);
    expect((await harness.signal('REOPEN', { ...strategy('a'), proquantPositionId: 'p2' })).status).toBe(200);
    await harness.close();
  });

  it('with wrong tokens are 429 for their address and integration; right tokens are heard there all the same', async () => {
    const harness = await WebhookHarness.open({ REFUSALS_PER_MINUTE: '2' });
    for (let n = 0; n < 2; n += 1)
      expect((await harness.post({}, { 'x-proquant-token': `guess-${n}` })).status).toBe(401);
    expect((await harness.post({}, { 'x-proquant-token': 'guess-3' })).status).toBe(429);
    expect((await harness.post({}, { 'x-proquant-token': 'guess' }, exampleId(2))).status).toBe(401);
    expect((await harness.post(lifecycle('INTEGRATION_APPROVED'))).status).toBe(200);
    await harness.close();
  });
});

describe('the token', () => {
  it('is nowhere: not in the log, not in a log line, not in an answer, though it comes back in every body', async () => {
    const harness = await WebhookHarness.open();
    const registration = {
      name: 'n',
      userEmail: `${TOKEN}@example.com`,
      webhook: { url: `https://x/?t=${TOKEN}`, headers: { 'x-proquant-token': TOKEN } },
    };
    const answers = [
      await harness.post(exampleDelivery({ timestamp: Date.now(), integration: registration })),
      await harness.post(exampleDelivery({ type: 'SIGNAL_OPEN', data: 7, integration: registration })),
      await harness.post({ v2: { event: { integration: registration } } }),
      await harness.postText(`{"broken": "${TOKEN}`),
      await harness.post({}, { 'x-proquant-token': `${TOKEN}x` }),
    ];
    harness.integrations.mood = 'down';
    answers.push(await harness.post({}));
    await harness.ledger.record(anEvent('BalanceChanged'));
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 422, 400, 401, 503]);
    expect(JSON.stringify(harness.ledger.events)).toContain('SignalReceived');
    const everything = [
      JSON.stringify(harness.ledger.events),
      ...harness.logged.lines,
      ...answers.map(({ body }) => body),
    ];
    expect(everything.join()).not.toContain(TOKEN);
    expect(harness.logged.lines.join()).toContain('could not be read');
    await harness.close();
  });
});
