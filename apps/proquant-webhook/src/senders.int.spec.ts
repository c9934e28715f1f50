import { exampleDelivery } from '@core/proquant/example';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import { INTEGRATION, TOKEN, WebhookHarness } from './webhook-harness.fixture.ts';

const HOOK = `/proquant/v1/hooks/${INTEGRATION}`;

let harness: WebhookHarness;
beforeEach(async () => (harness = await WebhookHarness.open()));
afterEach(() => harness.close());

/** A request of exactly these headers and pieces, which no library rounds off. Without a length it is chunked. */
const send = (pieces: readonly Uint8Array[], headers: OutgoingHttpHeaders, path = HOOK): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(harness.url + path, { method: 'POST', headers }, (response) =>
      response.resume().on('end', () => resolve(response.statusCode ?? 0)),
    );
    sent.on('error', reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });

const token = { 'x-proquant-token': TOKEN };
const approval = () => JSON.stringify(exampleDelivery({ type: 'INTEGRATION_APPROVED', timestamp: Date.now() }));
const inPieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

describe('a sender', () => {
  it.each<[string, (text: string) => Uint8Array, OutgoingHttpHeaders]>([
    ['in chunks, without a type', (text) => Buffer.from(text), {}],
    ['in chunks, with a mark of its bytes', (text) => Buffer.from(`\ufeff${text}`), { 'content-type': 'text/json' }],
    ['in chunks, compressed', (text) => gzipSync(text), { 'content-encoding': 'GZIP' }],
    ['compressed, with a mark', (text) => deflateSync(`\ufeff${text}`), { 'content-encoding': 'deflate' }],
    ['of two types', (text) => Buffer.from(text), { 'content-type': ['text/html', 'application/json'] }],
    ['of a type that is none', (text) => Buffer.from(text), { 'content-type': ';;;' }],
    ['that asks whether to go on', (text) => Buffer.from(text), { expect: '100-continue' }],
    ['that says it is not compressed', (text) => Buffer.from(text), { 'content-encoding': 'identity' }],
  ])('%s is heard', async (_how, encode, headers) => {
    expect(await send(inPieces(encode(approval()), 7), { ...token, ...headers })).toBe(200);
    expect(harness.happened.at(-1)).toBe('IntegrationApproved');
  });

  it.each<[string, Uint8Array[], OutgoingHttpHeaders, number]>([
    ['nothing, in chunks', [], {}, 400],
    ['half of what it compressed', [gzipSync(approval()).subarray(0, 40)], { 'content-encoding': 'gzip' }, 400],
    ['two ways of compressing', [gzipSync(approval())], { 'content-encoding': 'gzip, br' }, 415],
    ['too much in chunks', inPieces(Buffer.alloc(70_000, 0x20), 8_192), {}, 413],
    ['too much once it is unpacked', [gzipSync(Buffer.alloc(1_000_000))], { 'content-encoding': 'gzip' }, 413],
  ])('of %s is refused in one way', async (_what, pieces, headers, status) => {
    expect(await send(pieces, { ...token, ...headers })).toBe(status);
    expect(harness.happened).toHaveLength(2);
    expect(harness.logged.lines.join('\n')).toMatch(
      /"requestId":"[0-9a-f-]{36}","correlationId":null,"outcome":"refused"/,
    );
  });

  it('whom nobody knows leaves a line in the log, as whoever trades does', async () => {
    expect(await send([Buffer.from(approval())], { 'x-proquant-token': 'none of ours' })).toBe(401);
    expect(harness.logged.lines.join('\n')).toMatch(
      /"accountId":null,"requestId":"[0-9a-f-]{36}","correlationId":null,"outcome":"refused"/,
    );
  });

  it('of another cell is told so, and nothing is kept or looked up; one of this cell is heard', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ CELL: 'a', REFUSALS_PER_MINUTE: '3' });
    const hook = (id: string) => `/proquant/v1/hooks/${id}`;
    const [body, sent] = [[Buffer.from(approval())], { 'x-proquant-token': 'b.theirs' }];
    expect(await send(body, sent, hook(`b.${INTEGRATION}`))).toBe(421);
    expect(await send(body, sent, hook(`a.${INTEGRATION}`))).toBe(421);
    expect(await send(body, sent)).toBe(421);
    expect(await send(body, sent)).toBe(429);
    expect(harness.happened).toHaveLength(2);
    expect(await send(body, token, hook(`a.${INTEGRATION}`))).toBe(200);
  });

  it('whose trader has moved is told where to, by their right token alone, and is let in where they came to', async () => {
    await harness.close();
    harness = await WebhookHarness.open({ CELL: 'a' });
    harness.integrations.movedTo = 'b';
    const asked = (headers: Record<string, string>, path: string) =>
      fetch(harness.url + path, { method: 'POST', headers, body: approval() });
    const told = await asked(token, `/proquant/v1/hooks/a.${INTEGRATION}`);
    expect([told.status, told.headers.get('x-cell')]).toEqual([421, 'b']);
    const guessed = await asked({ 'x-proquant-token': 'a.guessed' }, `/proquant/v1/hooks/a.${INTEGRATION}`);
    expect([guessed.status, guessed.headers.get('x-cell')]).toEqual([401, null]);
    harness.integrations.movedTo = null;
    expect((await asked(token, `/proquant/v1/hooks/b.${INTEGRATION}`)).status).toBe(200);
  });

  it.each(['xauusd', 'XauUsd', ' XAUUSD '])('may write a ticker so: %j', async (ticker) => {
    expect((await harness.signal('OPEN', { ticker })).status).toBe(200);
    expect(harness.count('PositionOpened')).toBe(1);
  });

  it.each(['XAUUSD.x', 'XAU', 'XAU/USD', 'GOLD2'])('is not guessed at where it writes %j', async (ticker) => {
    expect(await harness.signal('OPEN', { ticker })).toMatchObject({ status: 422, type: 'UnsupportedInstrument' });
  });

  it('that has the token in the wrong place is not known, and leaves no trace of it', async () => {
    const body = [Buffer.from(approval())];
    const wrong: [headers: OutgoingHttpHeaders, path: string][] = [
      [token, `/proquant/v1/hooks/${TOKEN}`],
      [{}, `${HOOK}?token=${TOKEN}`],
      [{}, `/proquant/v1/hooks/${TOKEN}?${TOKEN}`],
      [{ authorization: `Bearer ${TOKEN}`, cookie: `t=${TOKEN}`, 'user-agent': TOKEN }, HOOK],
      [token, `/${TOKEN}/${TOKEN}`],
      [{}, `/proquant/v1/hooks/%${TOKEN}`],
    ];
    for (const [headers, path] of wrong) expect(await send(body, headers, path)).toBeGreaterThanOrEqual(400);
    harness.integrations.mood = 'down';
    for (const [headers, path] of wrong) expect(await send(body, headers, path)).toBeGreaterThanOrEqual(400);
    await harness.close();
    const kept = [...harness.ledger.inbox.kept.values()];
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify([kept, harness.logged.lines])).not.toContain(TOKEN);
  });
});
