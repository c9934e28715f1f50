import { anEvent } from '@core/contracts/examples.fixture';
import { until } from '@core/testing/until';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { WsSessionHarness, type Client } from './ws-session-harness.fixture.ts';

const CANARY = 'canary-secret-d41d8cd9';
const registered = [anEvent('AccountRegistered'), anEvent('AccountUpdated')];

/** What lies under a client's socket. */
const wireOf = ({ socket }: Client): Socket => Reflect.get(socket, '_socket') as Socket;

describe('a connection ends', () => {
  let harness: WsSessionHarness;
  const open = async (settings: Record<string, string> = {}): Promise<WsSessionHarness> => {
    harness = await WsSessionHarness.open(settings);
    harness.keys.add('good');
    return harness;
  };
  afterEach(() => harness.close());

  it('unauthorized, for a key nobody gave out', async () => {
    await open();
    const client = await harness.enter('bad');
    expect(await client.heard('auth_result')).toEqual({ result: 'unauthorized', session_id: null });
    expect(client.frames[0]?.message_id).toBe('auth');
    expect(await client.ended()).toEqual({ code: 4401, reason: 'unauthorized' });
  });

  it('unauthorized, for a key of another cell, and names it to whoever negotiates', async () => {
    await open({ CELL: 'a' });
    harness.keys.add('b.theirs', { cell: 'b' });
    const plain = await harness.enter('b.theirs');
    expect(await plain.heard('auth_result')).toEqual({ result: 'unauthorized', session_id: null });
    expect(await plain.ended()).toEqual({ code: 4401, reason: 'unauthorized' });
    const told = await harness.enter('b.theirs', { features: [] });
    expect(await told.heard('auth_result')).toEqual({ result: 'unauthorized', session_id: null, cell: 'b' });
  });

  it('try_again_later, for a key that opens another cell by now, which is named to whoever comes back', async () => {
    await open({ CELL: 'a' });
    const key = harness.keys.add('a.moved');
    const client = await harness.enter('a.moved', { features: [] });
    expect(await client.heard('auth_result')).toMatchObject({ result: 'success' });
    harness.keys.change(key, { cell: 'c' });
    harness.registryChanged();
    expect(await client.ended()).toMatchObject({ code: 1013 });
    const back = await harness.enter('a.moved', { features: [] });
    expect(await back.heard('auth_result')).toEqual({ result: 'unauthorized', session_id: null, cell: 'c' });
  });

  it('lets in whoever came here with a key that names another cell', async () => {
    await open({ CELL: 'a' });
    harness.keys.add('b.came');
    const client = await harness.enter('b.came', { features: [] });
    expect(await client.heard('auth_result')).toMatchObject({ result: 'success' });
  });

  it.each([
    ['a Ping', { message_id: 'p', message_type: 'Ping' }],
    ['a request', { message_id: 'p', message_type: { client_message: { get_accounts: {} } } }],
  ])('unauthorized, for %s before it was let in', async (_what, frame) => {
    await open();
    const client = harness.connect();
    await client.opened();
    client.send(frame);
    expect(await client.heard('auth_result')).toEqual({ result: 'unauthorized', session_id: null });
    expect((await client.ended()).code).toBe(4401);
  });

  it.each(['down', 'silent'] as const)('to be tried again, while the key store is %s', async (mood) => {
    await open({ KEY_CHECK_TIMEOUT_MS: '100' });
    harness.keys.mood = mood;
    const client = await harness.enter('good');
    expect(await client.heard('auth_result')).toEqual({ result: 'auth_failed', session_id: null });
    expect(await client.ended()).toEqual({ code: 1013, reason: 'try_again_later' });
  });

  it('when nobody authenticates in time', async () => {
    await open();
    const client = harness.connect();
    await client.opened();
    harness.passes(10_001);
    expect(await client.ended()).toEqual({ code: 4408, reason: 'auth_timeout' });
  });

  it('when Pings stay unanswered, and not while anything at all is said', async () => {
    await open();
    const [silent, talking] = [await harness.enter('good'), await harness.enter('good')];
    silent.answersPings = talking.answersPings = false;
    harness.passes(10_000);
    for (const client of [silent, talking]) await until(() => client.pings === 1);
    await talking.understood();
    harness.passes(15_001);
    expect(await silent.ended()).toEqual({ code: 4461, reason: 'heartbeat_timeout' });
    await until(() => talking.pings === 2);
    expect(talking.closed).toBeNull();
  });

  it('when it is too old', async () => {
    await open({ PONG_TIMEOUT_MS: '600000', SESSION_MAX_AGE_MS: '500000' });
    const client = await harness.enter('good');
    harness.passes(500_001);
    expect(await client.ended()).toEqual({ code: 4440, reason: 'session_max_age' });
  });

  it.each([
    ['4400 invalid_message_format', '{"message_id":'],
    ['4400 invalid_message_format', 'null'],
    ['4400 invalid_message_format', '{"message_id":"a","message_type":{"client_message":{"place_order":{}}}}'],
    ['4400 invalid_message_format', '{"message_id":"a","message_type":{"client_message":{"subscribe":{"topics":[]}}}}'],
    ['1009 message_too_big', `"${'x'.repeat(16_384)}"`],
  ])('with %s, when a live client sends what the base profile does not know', async (ending, text) => {
    await open();
    const client = await harness.enter('good');
    client.socket.send(text);
    const { code, reason } = await client.ended();
    expect(`${code} ${reason}`).toBe(ending);
    expect(client.variants).toEqual(['auth_result']);
  });

  it('when it sends bytes, or text that is none', async () => {
    await open();
    const [bytes, nonsense] = [await harness.enter('good'), await harness.enter('good')];
    bytes.socket.send(randomBytes(16));
    expect(await bytes.ended()).toEqual({ code: 1003, reason: 'binary_frame' });
    nonsense.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect((await nonsense.ended()).code).toBe(1007);
  });

  it.each([
    ['message_too_big', 1009, [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4]],
    ['invalid_message_format', 1002, [0xf1, 0x80, 1, 2, 3, 4]],
    ['invalid_message_format', 1007, [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]],
  ])('as %s for operators, with %i, when its bytes are no frame: there and then', async (reason, code, bytes) => {
    await open();
    const client = await harness.enter('good');
    wireOf(client).write(Buffer.from(bytes));
    expect(await client.ended()).toEqual({ code, reason });
    await until(() => harness.logged.lines.some((line) => line.includes(`"reason":"${reason}"`)));
  });

  it('when it does not stop talking', async () => {
    await open({ INBOUND_PER_SECOND: '1', INBOUND_BURST: '5' });
    const client = await harness.enter('good');
    for (let n = 0; n < 20; n += 1) client.send({ message_id: String(n), message_type: 'Ping' });
    expect(await client.ended()).toEqual({ code: 4429, reason: 'too_many' });
  });

  it('when it does not read, without harm to those who do', async () => {
    await open({ HARD_WATERMARK_BYTES: '65536', SOFT_WATERMARK_BYTES: '16384' });
    const [slow, quick] = [await harness.enter('good'), await harness.enter('good')];
    slow.socket.pause();
    await harness.happen(...registered);
    const ended = (): boolean => harness.logged.lines.some((line) => line.includes('slow_consumer'));
    let told = 1;
    for (; !ended(); told += 100) {
      await harness.happen(...Array.from({ length: 100 }, () => anEvent('BalanceChanged')));
      await quick.heard('account_event.account_update', told + 100);
    }
    expect(quick.all('account_event.account_update')).toHaveLength(told);
    expect(quick.closed).toBeNull();
  });

  it('at once, beyond the sessions of a key and the connections of an address', async () => {
    await open({ SESSIONS_PER_KEY: '1', CONNECTIONS_PER_ADDRESS: '3' });
    harness.keys.add('second');
    const first = await harness.enter('good');
    const over = harness.connect();
    await over.opened();
    over.ask('auth', { auth_request: { secret_key: 'good' } });
    expect(await over.ended()).toEqual({ code: 4429, reason: 'too_many' });
    expect(over.variants).toEqual([]);

    const [second, third] = [await harness.enter('second'), harness.connect()];
    await third.opened();
    expect((await harness.connect().ended()).code).toBe(4429);
    expect([first, second, third].map(({ closed }) => closed)).toEqual([null, null, null]);
  });

  it('at once, beyond the connects of an address in a minute', async () => {
    await open({ CONNECTS_PER_MINUTE: '5', CONNECTIONS_PER_ADDRESS: '100' });
    const all = Array.from({ length: 12 }, () => harness.connect());
    const refused = await Promise.race(all.map((each) => each.ended()));
    expect(refused).toEqual({ code: 4429, reason: 'too_many' });
    for (const each of all) each.leave();
  });

  it.each([
    ['0', [1, 0, 0]],
    ['1', [1, 0, 1]],
  ])('at once, beyond the connects of an address, as %s proxies saw it', async (trusted, welcome) => {
    await open({ TRUSTED_PROXIES: trusted, CONNECTS_PER_MINUTE: '1' });
    for (const [index, forwarded] of ['203.0.113.9', 'made-up, 203.0.113.9', '198.51.100.7'].entries()) {
      const client = harness.connect({ 'x-forwarded-for': forwarded });
      if (welcome[index] === 0) {
        expect((await client.ended()).code).toBe(4429);
        continue;
      }
      await client.opened();
      client.ask('auth', { auth_request: { secret_key: 'good' } });
      await client.heard('auth_result');
    }
  });

  it('at once, for an address that guesses keys; whoever has one is let in there all the same', async () => {
    await open({ REFUSALS_PER_MINUTE: '2' });
    for (let n = 0; n < 2; n += 1) expect((await (await harness.enter(`guess-${n}`)).ended()).code).toBe(4401);
    const client = harness.connect();
    await client.opened();
    client.ask('auth', { auth_request: { secret_key: 'guess-3' } });
    expect((await client.ended()).code).toBe(4429);
    expect((await harness.enter('good')).variants).toEqual(['auth_result']);
  });
});

describe('nobody gets in', () => {
  let harness: WsSessionHarness;
  beforeEach(async () => (harness = await WsSessionHarness.open({ ALLOWED_ORIGINS: 'https://good.example' })));
  afterEach(() => harness.close());

  it('on another path, or from a page nobody allowed', async () => {
    harness.keys.add('good');
    const [path, origin, allowed] = [
      harness.connect({}, '/'),
      harness.connect({ origin: 'https://evil.example' }),
      harness.connect({ origin: 'https://good.example' }),
    ];
    await until(() => path.failed !== null && origin.failed !== null);
    expect(path.failed).toContain('404');
    expect(origin.failed).toContain('403');
    await allowed.opened();
  });

  it('before it begins, where the process is ending: it would be gone without a goodbye', async () => {
    harness.keys.add('good');
    const [slow, quick] = [await harness.enter('good'), await harness.enter('good')];
    wireOf(slow).pause();
    const ending = harness.stop();
    expect((await quick.ended()).code).toBe(1001);
    const late = harness.connect();
    await until(() => late.failed !== null);
    expect(late.failed).toContain('503');
    wireOf(slow).resume();
    await ending;
  });

  it('with HTTP that is none', async () => {
    const answers: string[] = [];
    for (const request of [
      'GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
      'nonsense\r\n\r\n',
    ]) {
      const socket = connect(harness.port, '127.0.0.1').setEncoding('utf8');
      socket.on('data', (text: string) => answers.push(text.slice(0, 12)));
      socket.on('error', () => undefined);
      socket.write(request);
    }
    await until(() => answers.length === 2);
    expect(answers).toEqual(['HTTP/1.1 400', 'HTTP/1.1 400']);
  });
});

describe('a key', () => {
  it('is never logged and never answered, whatever happens to it', async () => {
    const harness = await WsSessionHarness.open();
    harness.keys.add(CANARY);
    const clients = [await harness.enter(CANARY), await harness.enter(`${CANARY}-wrong`)];
    harness.keys.mood = 'down';
    clients.push(await harness.enter(CANARY));
    clients[0]?.ask(CANARY.slice(0, 3), { [CANARY]: CANARY });
    await clients[0]?.ended();
    await harness.close();
    const everything = [...harness.logged.lines, ...clients.flatMap(({ texts }) => texts)].join();
    expect(everything).toContain('auth_failed');
    expect(everything).not.toContain(CANARY);
  });
});
