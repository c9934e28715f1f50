import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { exampleDelivery } from '@core/proquant/example';
import { hashOf } from '@core/registry/tokens';
import { until } from '@core/testing/until';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { gzipSync } from 'node:zlib';
import { Leftovers } from './deliveries/leftovers.ts';
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

  it('of whoever sent before is let in as they are registered now, though nobody said that this has changed', async () => {
    const { integrations, ledger } = harness;
    ledger.inbox.isCurrent = (version) => version === 'now';
    integrations.rememberedHash = hashOf(TOKEN);
    integrations.mood = 'down';
    expect((await harness.signal('OPEN')).status).toBe(200);
    integrations.rememberedVersion = 'before';
    expect((await harness.signal('CLOSE')).status).toBe(503);
    integrations.mood = 'well';
    expect((await harness.signal('CLOSE')).status).toBe(200);
    integrations.isRevoked = true;
    expect(await harness.signal('OPEN', { proquantPositionId: 'p2' })).toMatchObject({ type: 'InvalidCredentials' });
  });

  it('of whoever sent before is not refused while nobody keeps that: what led to nothing is on disk with its verdict alone', async () => {
    const { integrations, ledger } = harness;
    ledger.inbox.conclude = () => Promise.reject(new Error('the inbox is away'));
    const enter = (proquantPositionId: string, ticker = 'XAUUSD') =>
      harness.signal('OPEN', { proquantPositionId, ticker }).then(({ status }) => status);
    expect(await enter('p1', 'NOTHING')).toBe(422);
    integrations.rememberedHash = hashOf(TOKEN);
    expect(await enter('p2', 'NOTHING')).toBe(503);
    expect(await enter('p3')).toBe(200);
    integrations.mood = 'down';
    expect((await harness.post(lifecycle('INTEGRATION_APPROVED'))).status).toBe(503);
  });

  it('of a type nobody documented is irrelevant, and well', async () => {
    expect(await harness.post(lifecycle('STRATEGY_RENAMED', 7))).toMatchObject({ status: 200, body: '' });
  });

  it('that was sent before what its user decided last changes nothing', async () => {
    const sent = Date.now();
    await harness.post(lifecycle('INTEGRATION_DELETED', null, sent + 1));
    expect((await harness.post(lifecycle('INTEGRATION_APPROVED', null, sent))).status).toBe(200);
    expect(harness.happened.at(-1)).toBe('IntegrationDeleted');
    expect((await harness.signal('OPEN', {}, sent + 2)).status).toBe(401);
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

  it('that is too large is found by its requestId, of some a minute, and nothing of it is kept', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ INBOX_STRANGERS_PER_MINUTE: '2' });
    const text = JSON.stringify({ pad: `${TOKEN}${'x'.repeat(70_000)}` });
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await harness.postText(text));
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413]);
    const ids = answers.map(({ body }) => (JSON.parse(body) as { requestId: string }).requestId);
    const { kept } = harness.ledger.inbox;
    await until(() => (kept.get(ids[1] ?? '')?.verdict ?? null) !== null);
    expect(ids.map((id) => kept.get(id)?.verdict?.verdict)).toEqual(['413', '413', undefined]);
    expect(kept.get(ids[0] ?? '')).toMatchObject({
      received: { integrationId: INTEGRATION, accountId: null, body: null, bytes: text.length },
      verdict: { state: 'dead', status: 413, detail: expect.stringContaining(`${text.length} bytes`) as string },
    });
    expect(JSON.stringify([...kept.values()])).not.toContain(TOKEN);
  });

  it('to an address that is none is found by its requestId, of some a minute, and hides none that is too large', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ INBOX_STRANGERS_PER_MINUTE: '2' });
    const { kept } = harness.ledger.inbox;
    const misdirected = (path: string): Promise<Response> =>
      fetch(`${harness.url}${path}`, { method: 'POST', body: JSON.stringify(exampleDelivery()) });
    const idOf = async (answer: Response): Promise<string> =>
      ((await answer.json()) as { requestId: string }).requestId;
    const ids: string[] = [];
    for (const path of [`/proquant/v1/hook/${INTEGRATION}`, `/${TOKEN}?token=${TOKEN}`, '/'])
      ids.push(await idOf(await misdirected(path)));
    await until(() => (kept.get(ids[1] ?? '')?.verdict ?? null) !== null);
    expect(ids.map((id) => kept.get(id)?.verdict?.verdict)).toEqual(['404', '404', undefined]);
    expect(ids.slice(0, 2).map((id) => kept.get(id)?.received.integrationId)).toEqual([INTEGRATION, 'no id']);
    expect(kept.get(ids[0] ?? '')).toMatchObject({
      received: { accountId: null, body: null },
      verdict: { state: 'done', status: 404, detail: expect.stringContaining('127.0.0.1') as string },
    });
    const large = (await harness.postText('x'.repeat(70_000))).body;
    const { requestId } = JSON.parse(large) as { requestId: string };
    await until(() => kept.get(requestId)?.verdict?.verdict === '413');
    expect((await fetch(`${harness.url}/`)).status).toBe(404);
    expect(kept.size).toBe(3);
    expect(JSON.stringify([...kept.values()])).not.toContain(TOKEN);
  });

  it.each(['text/plain', 'application/xml', 'application/json; charset=utf-8', '@@@', ''])(
    'is read whatever it claims to be: %s',
    async (type) => {
      const answer = await harness.post(lifecycle('INTEGRATION_APPROVED'), {
        'x-proquant-token': TOKEN,
        'content-type': type,
      });
      expect(answer.status).toBe(200);
    },
  );

  it('is read as it is compressed, and refused in words where we do not know how', async () => {
    const said = gzipSync(`\ufeff${JSON.stringify(lifecycle('INTEGRATION_APPROVED'))}`);
    const post = async (encoding: string) => {
      const headers = { 'x-proquant-token': TOKEN, 'content-encoding': encoding };
      const url = `${harness.url}/proquant/v1/hooks/${INTEGRATION}`;
      return fetch(url, { method: 'POST', body: new Uint8Array(said), headers });
    };
    expect((await post('compress')).status).toBe(415);
    expect((await post('gzip')).status).toBe(200);
    expect(harness.happened.at(-1)).toBe('IntegrationApproved');
  });

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
    const ends = async () => /^proquant_version_ends_seconds (\d+)$/m.exec(await harness.part(Registry).metrics())?.[1];
    expect(await ends()).toBe('1893456000');
    await harness.post(lifecycle('INTEGRATION_DELETED'));
    expect(await ends()).toBe('0');
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

  it('at once are none where they close, or where they are one: forty exits and a hundred copies, as delivered', async () => {
    const harness = await WebhookHarness.open();
    const sent = Date.now();
    const many = <Value>(count: number, make: (n: number) => Value) => Array.from({ length: count }, (_, n) => make(n));
    const copies = await Promise.all(many(100, () => harness.signal('OPEN', {}, sent)));
    expect(new Set(copies.map(({ status, body }) => `${status}${body}`))).toEqual(new Set(['200']));
    expect(harness.count('OrderRequested')).toBe(1);

    const strategy = (n: number) => ({ strategy: { id: `s${n}`, name: '' }, proquantPositionId: `p${n}` });
    await harness.close();
    const roomy = await WebhookHarness.open({ REQUESTS_BURST: '100', ORDERS_BURST: '100' }, harness.ledger);
    await Promise.all(many(40, (n) => roomy.signal('OPEN', strategy(n), sent)));
    await roomy.close();
    const strict = await WebhookHarness.open({}, harness.ledger);
    const exits = await Promise.all(many(40, (n) => strict.signal('CLOSE', strategy(n), sent + 1)));
    expect(new Set(exits.map(({ status }) => status))).toEqual(new Set([200]));
    await strict.close();
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

describe('what was received', () => {
  const REFUSING = { REQUESTS_PER_SECOND: '1', REQUESTS_BURST: '1', DEADLINE_MS: '300' };

  it('is kept before anything is done, whatever becomes of it, under the id that its sender was given', async () => {
    const harness = await WebhookHarness.open(REFUSING);
    const { kept } = harness.ledger.inbox;
    const ask = async (answer: Promise<{ status: number; body: string }>) => {
      const { status, body } = await answer;
      const given = body === '' ? undefined : kept.get((JSON.parse(body) as { requestId: string }).requestId);
      return [status, given?.verdict?.state, given?.verdict?.verdict, typeof given?.received.body];
    };
    expect(await ask(harness.signal('OPEN', { ticker: 'DOGE' }))).toEqual([
      ...[422, 'done', 'UnsupportedInstrument', 'string'],
    ]);
    expect(await ask(harness.signal('OPEN'))).toEqual([429, 'done', '429', 'string']);
    expect(await ask(harness.postText('{"v1": '))).toEqual([429, 'done', '429', 'object']);
    expect(await ask(harness.post({}, { 'x-proquant-token': 'wrong' }))).toEqual([
      ...[401, 'done', 'InvalidCredentials', 'object'],
    ]);
    harness.integrations.mood = 'down';
    expect(await ask(harness.signal('OPEN'))).toEqual([503, undefined, undefined, 'string']);
    harness.integrations.mood = 'well';
    harness.ledger.mood = 'gone';
    expect(await ask(harness.signal('CLOSE'))).toEqual([504, 'pending', '504', 'string']);
    await harness.close();

    const roomy = await WebhookHarness.open({}, harness.ledger);
    expect(await ask(roomy.postText('{"v1": '))).toEqual([400, 'dead', '400', 'object']);
    expect(await ask(roomy.post({ v2: {} }))).toEqual([422, 'dead', '422', 'string']);
    await roomy.close();
  });

  it('is carried out once by the next process where the first one died, and once the registry is back', async () => {
    const harness = await WebhookHarness.open();
    await harness.signal('OPEN');
    harness.integrations.mood = 'down';
    expect((await harness.signal('CLOSE')).status).toBe(503);
    await harness.close();
    const next = await WebhookHarness.open({}, harness.ledger);
    await next.happens('PositionClosed');
    await next.close();
    expect(next.count('CloseRequested')).toBe(1);
  });

  it('is not carried out where its token turns out to be none', async () => {
    const harness = await WebhookHarness.open();
    await harness.signal('OPEN');
    harness.integrations.mood = 'down';
    await harness.post(exampleDelivery({ type: 'SIGNAL_CLOSE' }), { 'x-proquant-token': 'a-token-that-is-wrong' });
    await harness.close();
    const next = await WebhookHarness.open({}, harness.ledger);
    const verdicts = () => [...harness.ledger.inbox.kept.values()].map(({ verdict }) => verdict?.verdict);
    await until(() => verdicts().includes('InvalidCredentials'));
    expect(next.count('CloseRequested')).toBe(0);
    await next.close();
  });

  it('is refused, and nothing traded, while it cannot be kept', async () => {
    const harness = await WebhookHarness.open();
    harness.ledger.inbox.mood = 'down';
    expect(await harness.signal('OPEN')).toMatchObject({ status: 503, type: null });
    expect(harness.happened).toHaveLength(2);
    await harness.close();
  });

  it('can be carried out again: what was turned away then trades, what was traded does not trade twice', async () => {
    const harness = await WebhookHarness.open({ REQUESTS_PER_SECOND: '1', REQUESTS_BURST: '1' });
    const idOf = (body: string): string => (JSON.parse(body) as { requestId: string }).requestId;
    await harness.post(lifecycle('INTEGRATION_APPROVED'));
    const { body } = await harness.signal('OPEN');
    for (let n = 0; n < 2; n += 1) await harness.part(Leftovers).replay(idOf(body));
    await harness.happens('SignalExecuted');
    await until(() => harness.ledger.inbox.kept.get(idOf(body))?.verdict?.verdict === 'handled');
    await harness.part(Leftovers).replay(idOf(body));
    await until(() => harness.ledger.inbox.kept.get(idOf(body))?.verdict?.verdict === 'handled');
    expect(harness.count('OrderRequested')).toBe(1);
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
      await harness.post(exampleDelivery({ timestamp: Date.now(), integration: registration, name: TOKEN })),
      await harness.signal('CLOSE', { strategy: { id: TOKEN, name: `of ${TOKEN}` }, proquantPositionId: TOKEN }),
      await harness.post({ v1: { deprecation: TOKEN, event: { type: TOKEN, note: JSON.stringify({ a: TOKEN }) } } }),
      await harness.post(exampleDelivery({ type: 'SIGNAL_OPEN', data: 7, integration: registration })),
      await harness.post({ v2: { event: { integration: registration } } }),
      await harness.postText(`{"broken": "${TOKEN}`),
      await harness.post({}, { 'x-proquant-token': `${TOKEN}x` }),
    ];
    harness.integrations.mood = 'down';
    answers.push(await harness.post({}));
    await harness.ledger.record(anEvent('BalanceChanged'));
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 200, 400, 422, 400, 401, 503]);
    expect(JSON.stringify(harness.ledger.events)).toContain('SignalReceived');
    const everything = [
      JSON.stringify(harness.ledger.events),
      ...harness.logged.lines,
      ...answers.map(({ body }) => body),
      JSON.stringify([...harness.ledger.inbox.kept.values()]),
    ];
    expect(everything.join()).not.toContain(TOKEN);
    expect(harness.logged.lines.join()).toContain('could not be read');
    await harness.close();
  });
});
