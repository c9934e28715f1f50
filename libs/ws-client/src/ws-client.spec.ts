import fc from 'fast-check';
import { AccountBook } from './account-book.ts';
import { NoAnswerError, ProtocolError, RefusedError, UnauthorizedError } from './errors.ts';
import { ScriptedServer, type Fate } from './scripted-server.fixture.ts';
import type { SessionEvent } from './session-event.ts';
import { WsClient, type WsClientOptions } from './ws-client.ts';

/** Longer than the longest wait between two attempts. */
const LONG_MS = 40_000;

const ACCOUNTS = ['a', 'b', 'c'];

/** A client whose events are read as they come. */
function read(server: ScriptedServer, options: Partial<WsClientOptions> = {}) {
  const client = new WsClient({
    url: 'ws://there/ws',
    secretKey: 's',
    openWebSocket: server.openWebSocket,
    ...options,
  });
  const events: SessionEvent[] = [];
  const ended = (async () => {
    for await (const event of client) events.push(event);
  })().then(
    () => null,
    (error: unknown) => error,
  );
  const types = (): readonly string[] => events.map(({ type }) => type);
  return { client, events, types, ended };
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ['queueMicrotask'] }));
afterEach(() => jest.useRealTimers());
/** Time passes, and whoever waited for it has done what follows. */
async function passes(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
}

describe('a client', () => {
  it('begins with what stands, goes on with what happens, and answers pings', async () => {
    const server = new ScriptedServer();
    server.happens('a', 'created');
    const { client, types } = read(server);
    await passes(0);
    server.happens('a', 'created');
    server.socket.says(JSON.stringify({ message_id: 'h1', message_type: 'Ping' }));
    await passes(0);
    expect(types()).toEqual(['connected', 'snapshot', 'position.created']);
    expect(server.socket.heard.at(-1)).toEqual({ message_id: 'h1', message_type: 'Pong' });
    client.close();
  });

  it('goes on after the cursor that it is given', async () => {
    const server = new ScriptedServer();
    for (const _ of [1, 2, 3]) server.happens('a', 'created');
    const { client, events } = read(server, { cursor: 'c2' });
    await passes(0);
    expect(events).toMatchObject([
      { type: 'connected' },
      { type: 'position.created', id: 'e2', sequence: 3, cursor: 'c3' },
      { type: 'replayed', cursor: 'c3' },
    ]);
    client.close();
  });

  it('tells every event of an account once and in order, and ends with what stands, whatever the network does', async () => {
    const fate = fc.oneof(
      { weight: 6, arbitrary: fc.constant<Fate>('arrives') },
      fc.constantFrom<Fate>('arrives twice', 'is lost', 'dies with the socket'),
    );
    const happening = fc.tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom('created', 'created', 'closed'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 40 }),
        fc.array(happening, { maxLength: 40 }),
        async (fates, days) => {
          const server = new ScriptedServer([...fates]);
          const { client, events } = read(server);
          await passes(0);
          for (const [index, [account, what]] of days.entries()) {
            server.happens(account, what as 'created' | 'closed');
            if (index % 5 === 4) await passes(LONG_MS);
          }
          server.heals();
          // What was lost before the event of another account shows when its own account is heard of again.
          for (let round = 0; round < 4; round += 1) {
            for (const account of ACCOUNTS) server.happens(account, 'created');
            server.heartbeat();
            await passes(LONG_MS);
          }
          client.close();

          const book = new AccountBook();
          const told = new Map<string, number>();
          for (const event of events) {
            book.apply(event);
            if (!('sequence' in event)) continue;
            expect(event.sequence).toBeGreaterThan(told.get(event.accountId) ?? 0);
            told.set(event.accountId, event.sequence);
          }
          const standing = ACCOUNTS.flatMap((id) => book.positions(id).map((position) => position.id));
          expect(standing.sort()).toEqual(server.openPositions);
          // Where no snapshot had to make up for what was lost again, nothing is missing.
          if (events.filter(({ type }) => type === 'snapshot').length === 1)
            expect(events.flatMap((event) => ('sequence' in event ? [event.id] : []))).toEqual(server.ids);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('asks for a snapshot where coming back does not fill the hole', async () => {
    const server = new ScriptedServer(['arrives', 'is lost', 'arrives', 'is lost']);
    const { client, types } = read(server);
    await passes(0);
    for (const _ of [1, 2, 3]) server.happens('a', 'created');
    await passes(5_000);
    expect(types()).toEqual([
      ...['connected', 'snapshot', 'position.created', 'disconnected'],
      ...['connected', 'disconnected', 'connected', 'snapshot'],
    ]);
    client.close();
  });

  it('hears by the heartbeat that the last event was lost', async () => {
    const server = new ScriptedServer(['is lost']);
    const { client, types } = read(server);
    await passes(0);
    server.happens('a', 'created');
    await passes(5_000);
    expect(types()).toEqual(['connected', 'snapshot']);
    server.heartbeat();
    await passes(5_000);
    expect(types().slice(2)).toEqual(['disconnected', 'connected', 'position.created', 'replayed']);
    client.close();
  });

  it('takes a server that is silent for dead', async () => {
    const server = new ScriptedServer();
    const { client, events } = read(server);
    await passes(25_001);
    expect(events).toContainEqual(expect.objectContaining({ type: 'disconnected', reason: 'the server went silent' }));
    client.close();
  });

  it.each([
    'nothing',
    '{}',
    '[]',
    'null',
    '{"message_id":"a","message_type":{"server_message":{"position":{"created":null}}},"sequence":1,"cursor":"c"}',
    new ArrayBuffer(3),
  ])('outlives a frame that is none: %j', async (frame) => {
    const server = new ScriptedServer();
    const { client, types } = read(server);
    await passes(0);
    server.socket.says(frame);
    await passes(1_000);
    expect(types()).toEqual(['connected', 'snapshot', 'disconnected', 'connected', 'replayed']);
    client.close();
  });

  it('passes over what a later server may say', async () => {
    const server = new ScriptedServer();
    const { client, types } = read(server);
    await passes(0);
    server.socket.message({ horoscope: { sign: 'bull' } });
    server.socket.message({ position: { split: {} } });
    server.happens('a', 'created');
    await passes(0);
    expect(types()).toEqual(['connected', 'snapshot', 'position.created']);
    client.close();
  });

  it('goes to the cell that its key has moved to, where its address says which cell is meant', async () => {
    const server = new ScriptedServer();
    const { client } = read(server, { url: 'wss://x.example/ws?cell=a' });
    await passes(0);
    server.socket.message({ auth_result: { result: 'unauthorized', session_id: null, cell: 'b' } });
    await passes(LONG_MS);
    expect(server.urls.slice(0, 2)).toEqual(['wss://x.example/ws?cell=a', 'wss://x.example/ws?cell=b']);
    client.close();
  });

  it('gives up where coming back is useless, and says why', async () => {
    const refused = new ScriptedServer();
    const first = read(refused);
    await passes(0);
    refused.socket.dies(4401, 'unauthorized');
    expect(await first.ended).toBeInstanceOf(UnauthorizedError);

    const elsewhere = new ScriptedServer();
    const lost = read(elsewhere);
    await passes(0);
    elsewhere.socket.message({ auth_result: { result: 'unauthorized', session_id: null, cell: 'b' } });
    expect(await lost.ended).toMatchObject({ message: 'the server does not accept this key: it is of the cell b' });

    const misunderstood = new ScriptedServer();
    const second = read(misunderstood);
    await passes(0);
    misunderstood.socket.dies(4400, 'invalid_message_format');
    const error = await second.ended;
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'protocol', closeCode: 4400 });
    await passes(LONG_MS);
    expect([refused.sockets.length, misunderstood.sockets.length]).toEqual([1, 1]);
    await expect(second.client.getAccounts()).rejects.toBe(error);
  });

  it('leaves alone a server that asks for it, and comes back when it was told to', async () => {
    const server = new ScriptedServer();
    const { client, events } = read(server);
    await passes(0);
    server.socket.dies(4429, 'too_many');
    await passes(29_999);
    expect(server.sockets).toHaveLength(1);
    await passes(1_000);
    expect(server.sockets).toHaveLength(2);

    server.socket.message({
      notice: { kind: 'going_away', reconnect_after_ms: 7_000, deadline_date: 1, cursor: 'c0' },
    });
    server.socket.dies(1001, 'going_away');
    await passes(0);
    expect(events.at(-1)).toMatchObject({ type: 'disconnected', code: 1001, retryInMs: 7_000 });
    client.close();
  });

  it('hangs up when nobody reads, and loses nothing by it', async () => {
    const server = new ScriptedServer();
    const client = new WsClient({
      ...{ url: 'ws://there/ws', secretKey: 's', openWebSocket: server.openWebSocket, queueMax: 5 },
    });
    await passes(0);
    for (let n = 0; n < 20; n += 1) server.happens('a', 'created');
    expect(server.socket.isClosed).toBe(true);
    await passes(LONG_MS);
    expect(server.sockets).toHaveLength(1);

    const ids: string[] = [];
    for await (const event of client) {
      if ('sequence' in event) ids.push(event.id);
      if (ids.length === 20) break;
    }
    expect(ids).toEqual(server.ids);
  });

  it('keeps the last quote of each instrument for a reader that is late, and every event', async () => {
    const server = new ScriptedServer();
    const client = new WsClient({ url: 'ws://there/ws', secretKey: 's', openWebSocket: server.openWebSocket });
    await passes(0);
    for (const bid of [1, 2, 3]) {
      for (const id of ['EURUSD', 'GOLD']) server.socket.message({ bid_ask: { id, bid } });
      server.happens('a', 'created');
    }
    client.close();
    const events: SessionEvent[] = [];
    for await (const event of client) events.push(event);
    const quotes = events.flatMap((event) => (event.type === 'bid_ask' ? [[event.quote.id, event.quote.bid]] : []));
    expect(quotes).toEqual([
      ['EURUSD', 3],
      ['GOLD', 3],
    ]);
    expect(events.filter(({ type }) => type === 'position.created')).toHaveLength(3);
  });
});

describe('a request', () => {
  it('is answered, or refused with the server’s own word', async () => {
    const server = new ScriptedServer();
    const { client } = read(server);
    await passes(0);
    const answered = client.getAccounts();
    const [id] = server.socket.lastRequest;
    server.socket.message({ get_accounts_response: { success: [] } }, { message_response_id: id });
    expect(await answered).toEqual([]);

    const refused = client.getAccounts({ account_id: 'x' });
    const [other, body] = server.socket.lastRequest;
    expect(body).toEqual({ get_accounts: { account_id: 'x' } });
    server.socket.message({ get_accounts_response: { error: 'account_not_found' } }, { message_response_id: other });
    await expect(refused).rejects.toMatchObject({ code: 'account_not_found' });
    await expect(refused).rejects.toBeInstanceOf(RefusedError);
    client.close();
  });

  it('that was asked before the session, or lost with it, is asked on the next, under one id', async () => {
    const server = new ScriptedServer();
    const { client } = read(server);
    const asked = client.getServerTime();
    await passes(0);
    const [first] = server.socket.lastRequest;
    server.socket.dies();
    await passes(1_000);
    const [again] = server.socket.lastRequest;
    expect([server.sockets.length, again]).toEqual([2, first]);
    server.socket.message({ server_time_response: { success: { server_date: 7 } } }, { message_response_id: again });
    expect(await asked).toBe(7);
    client.close();
  });

  it('without an answer is not refused: nobody knows', async () => {
    const server = new ScriptedServer();
    const { client } = read(server);
    await passes(0);
    const asked = client.getAccounts().catch((error: unknown) => error);
    await passes(10_000);
    expect(await asked).toBeInstanceOf(NoAnswerError);
    client.close();
  });

  it('to trade bears one process id, also when it is asked again, and tells it where nobody knows', async () => {
    const server = new ScriptedServer();
    const { client, events } = read(server);
    await passes(0);
    const trade = { account_id: 'a', position_id: 'p' };
    const asked = client.closePosition(trade);
    const [, first] = server.socket.lastRequest;
    server.socket.dies();
    await passes(1_000);
    const [id, again] = server.socket.lastRequest;
    expect(again).toEqual(first);
    const { process_id: processId } = again['close_position'] as { process_id: string };
    expect(processId).toMatch(/^\w{32}$/);
    server.socket.message(
      { close_position_response: { error: 'network_error', final: false } },
      { message_response_id: id },
    );
    await expect(asked).rejects.toMatchObject({ code: 'no_answer', processId });

    const refused = client.closePosition({ ...trade, process_id: 'mine' });
    const [other] = server.socket.lastRequest;
    const answer = { error: 'day_off', message: 'the market is closed', final: false };
    server.socket.message({ close_position_response: answer }, { message_response_id: other });
    await expect(refused).rejects.toMatchObject({ code: 'day_off', isFinal: false });

    const state = { request: 'close_position', request_id: 'r', process_id: 'mine', state: 'accepted' };
    server.socket.message({ request_update: state });
    await passes(0);
    expect(events.at(-1)).toEqual({ type: 'request_update', request: state });
    client.close();
  });
});
