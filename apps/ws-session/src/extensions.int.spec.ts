import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { until } from '@core/testing/until';
import { LogCursors } from './log/log-cursors.ts';
import { WsSessionHarness, type Client } from './ws-session-harness.fixture.ts';

const [otherAccount, otherTrader] = [exampleId(0xacc2), exampleId(0x7adf)];
const other = { subject: otherAccount };
const registered: Event[] = [anEvent('AccountRegistered'), anEvent('AccountUpdated')];
const registeredOther: Event[] = [
  anEvent('AccountRegistered', { traderId: otherTrader }, other),
  anEvent('AccountUpdated', {}, other),
];

let opened = 0;
const aPosition = (subject = exampleAccount): Event =>
  anEvent(
    'PositionOpened',
    { positionId: exampleId(0x9000 + (opened += 1)), brokerPosition: String(opened) },
    { subject },
  );

const events = (client: Client) => client.frames.filter(({ sequence }) => sequence !== undefined);
const lastCursor = (client: Client): string => events(client).at(-1)?.cursor ?? '';

describe('a session that asked for more', () => {
  let harness: WsSessionHarness;
  const all = ['sequence', 'snapshot', 'responses', 'error', 'heartbeat', 'notice'];

  beforeEach(async () => {
    harness = await WsSessionHarness.open();
    harness.keys.add('everything', { prices: true });
    harness.keys.add('one-account', { accountIds: [otherAccount] });
  });
  afterEach(() => harness.close());

  it('is told what it was granted, and the limits', async () => {
    const client = await harness.enter('everything', { features: [...all, 'telepathy'] });
    expect(await client.heard('auth_result')).toMatchObject({
      result: 'success',
      features: ['sequence', 'snapshot', 'responses', 'error', 'heartbeat', 'notice'],
      resume: null,
      limits: {
        max_message_bytes: 16384,
        client_messages_per_second: 10,
        ping_interval_ms: 10000,
        pong_timeout_ms: 25000,
      },
    });
    expect(client.frames[0]?.message_response_id).toBe('auth');
  });

  it('counts the events of each account, and knows its place in all of them', async () => {
    const [first, second] = [
      await harness.enter('everything', { features: ['sequence'] }),
      await harness.enter('everything', { features: ['sequence'] }),
    ];
    await harness.happen(
      ...registered,
      ...registeredOther,
      anEvent('OrderRequested'),
      aPosition(),
      aPosition(otherAccount),
    );
    await first.heard('position.created', 2);
    await second.heard('position.created', 2);
    expect(events(first).map(({ sequence }) => sequence)).toEqual([1, 2, 1, 2, 3, 3]);
    expect(new Set(events(first).map(({ cursor }) => cursor)).size).toBe(6);
    expect(events(first)).toEqual(events(second));
  });

  it('gets what stands, then what happens, and nothing twice', async () => {
    await harness.happen(...registered, ...registeredOther, aPosition(), anEvent('OrderWorking'));
    const client = await harness.enter('everything', { features: ['sequence', 'snapshot'] });
    await harness.happen(aPosition());
    await client.heard('position.created');
    expect(client.variants).toEqual([
      'auth_result',
      'account_event.snapshot',
      'position.snapshot',
      'pending_position.snapshot',
      'sync_completed',
      'position.created',
    ]);
    const snapshot = await client.heard('position.snapshot');
    expect(snapshot).toMatchObject({ account_ids: [exampleAccount, otherAccount], part: 1, parts: 1 });
    expect((snapshot['items'] as unknown[]).length).toBe(1);
    expect(await client.heard('sync_completed')).toMatchObject({
      mode: 'snapshot',
      sequences: { [exampleAccount]: 4, [otherAccount]: 2 },
    });
    expect(events(client).map(({ sequence }) => sequence)).toEqual([5]);
  });

  it('gets a snapshot in frames of bounded size, however much happens meanwhile', async () => {
    await harness.close();
    harness = await WsSessionHarness.open({ OUTBOUND_FRAME_MAX_BYTES: '16384', SOFT_WATERMARK_BYTES: '16384' });
    harness.keys.add('everything');
    await harness.happen(...registered, ...Array.from({ length: 300 }, () => aPosition()));
    const [client] = await Promise.all([
      harness.enter('everything', { features: ['sequence', 'snapshot'] }),
      ...Array.from({ length: 50 }, () => harness.happen(aPosition())),
    ]);
    await client.heard('sync_completed');
    await harness.happen(anEvent('BalanceChanged'));
    await client.heard('account_event.account_update');
    const items = client
      .all('position.snapshot')
      .flatMap((frame) => bodyOf(frame, 'position', 'snapshot')['items'] as { id: string }[]);
    const created = client.all('position.created').map((frame) => bodyOf(frame, 'position', 'created')['id'] as string);
    const ids = [...items.map(({ id }) => id), ...created];
    expect(ids.length).toBe(350);
    expect(new Set(ids).size).toBe(350);
    for (const text of client.texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16_384);
  });

  it('chooses what to hear of, and gets what stands of it', async () => {
    await harness.happen(...registered, ...registeredOther, aPosition(), anEvent('OrderWorking'));
    const client = await harness.enter('everything', { features: ['sequence', 'subscribe', 'snapshot', 'responses'] });
    await harness.happen(aPosition());
    client.ask('s1', { subscribe: { topics: ['positions'], account_ids: [exampleAccount] } });
    expect(await client.heard('subscribe_result')).toEqual({ success: true });
    await client.heard('sync_completed');
    await harness.happen(anEvent('BalanceChanged'), aPosition(otherAccount), aPosition());
    await client.heard('position.created');
    expect(client.variants).toEqual([
      'auth_result',
      'subscribe_result',
      'position.snapshot',
      'sync_completed',
      'position.created',
    ]);
    expect(client.all('subscribe_result')[0]?.message_response_id).toBe('s1');

    client.ask('s2', { unsubscribe: { topics: ['positions'] } });
    await client.heard('unsubscribe_result');
    await harness.happen(aPosition());
    await client.understood();
    expect(client.all('position.created')).toHaveLength(1);
  });

  it.each([
    ['unknown_topic', { topics: ['positions', 'gossip'] }],
    ['unknown_topic', { topics: ['prices'] }],
    ['account_not_found', { topics: ['positions'], account_ids: [exampleAccount] }],
    ['account_not_found', { topics: ['positions'], account_ids: ['nonsense'] }],
  ])('is refused with %s what it may not choose, and none of it is chosen', async (error, subscription) => {
    await harness.happen(...registered, ...registeredOther);
    const client = await harness.enter('one-account', { features: ['subscribe'] });
    client.ask('s1', { subscribe: subscription });
    expect(await client.heard('subscribe_result')).toEqual({ error });
    await harness.happen(aPosition(otherAccount));
    await client.understood();
    expect(client.variants).toEqual(['auth_result', 'subscribe_result']);
  });

  it('chooses a thousand single things at most', async () => {
    const client = await harness.enter('everything', { features: ['subscribe'] });
    const pairs = (from: number) => Array.from({ length: 600 }, (_, n) => `I${from + n}`);
    for (const from of [0, 100, 1_000])
      client.ask(String(from), { subscribe: { topics: ['prices'], asset_pairs: pairs(from) } });
    await client.heard('subscribe_result', 3);
    expect(client.all('subscribe_result').map((frame) => bodyOf(frame, 'subscribe_result'))).toEqual([
      { success: true },
      { success: true },
      { error: 'too_many_subscriptions' },
    ]);
  });

  it('chooses instruments for prices', async () => {
    await harness.happen(...registered);
    const client = await harness.enter('everything', { features: ['subscribe'] });
    client.ask('s1', { subscribe: { topics: ['prices'], asset_pairs: ['EURUSD'] } });
    await client.heard('subscribe_result');
    const quote = { bid: '1.1', ask: '1.2', time: '2026-01-05T10:00:00.000001Z', bids: [], asks: [] };
    const quotes = ['GBPUSD', 'EURUSD'].map((instrument) => ({ instrument, ...quote }));
    harness.hearQuotes({ venue: 'demo', quotes });
    expect(await client.heard('bid_ask')).toMatchObject({ id: 'EURUSD' });
  });

  it('is given no last price that nobody stands by', async () => {
    await harness.happen(...registered);
    const client = await harness.enter('everything', { features: ['responses'] });
    const quote = { bid: '1.1', ask: '1.2', time: '2026-01-05T10:00:00.000001Z', bids: [], asks: [] } as const;
    const stands = (state: 'live' | 'stale' | 'closed') => [
      { instrument: 'EURUSD', state, since: '2026-01-05T10:00:00.000000Z' },
    ];
    const given: unknown[] = [];
    for (const [times, state] of [
      [1, 'live'],
      [2, 'stale'],
      [3, 'closed'],
    ] as const) {
      const quotes = [{ instrument: 'EURUSD', ...quote, bids: [], asks: [] }];
      harness.hearMarket({ venue: 'demo', instruments: [anInstrument()], quotes, states: stands(state) });
      client.ask(state, { get_last_prices: {} });
      await client.heard('get_last_prices_response', times);
      const answer = client.all('get_last_prices_response').at(-1);
      given.push(answer && bodyOf(answer, 'get_last_prices_response')['success']);
    }
    expect(given).toMatchObject([[{ id: 'EURUSD' }], [], [{ id: 'EURUSD' }]]);
  });

  it('asks, and hears only of what its key may see', async () => {
    await harness.happen(
      ...registered,
      ...registeredOther,
      aPosition(),
      aPosition(otherAccount),
      anEvent('OrderWorking'),
    );
    const client = await harness.enter('one-account', { features: ['responses'] });
    const questions = [
      'get_server_time',
      'get_accounts',
      'get_positions',
      'get_pending_positions',
      'get_last_prices',
    ] as const;
    for (const question of questions) client.ask(question, { [question]: {} });
    await client.heard('get_last_prices_response');
    expect(client.frames.slice(1).map((frame) => frame.message_response_id)).toEqual(questions);
    expect(await client.heard('get_accounts_response')).toMatchObject({ success: [{ id: otherAccount }] });
    expect(await client.heard('get_positions_response')).toMatchObject({ success: [{ account_id: otherAccount }] });
    expect(await client.heard('get_pending_positions_response')).toEqual({ success: [] });

    client.ask('q', { get_positions: { account_id: exampleAccount } });
    client.ask('q', { get_positions: { trader_id: exampleId(0x7ade) } });
    client.ask('q', { get_positions: { account_id: otherAccount, asset_pair: 'GOLD' } });
    await client.heard('get_positions_response', 4);
    const answers = client
      .all('get_positions_response')
      .slice(1)
      .map((frame) => bodyOf(frame, 'get_positions_response'));
    expect(answers).toEqual([{ error: 'account_not_found' }, { error: 'account_not_found' }, { success: [] }]);
    expect(client.texts.join()).not.toContain(exampleAccount);
  });

  it('is told what was wrong with its frames, and is closed for the third within a minute', async () => {
    const client = await harness.enter('everything', { features: ['error', 'responses'] });
    client.ask('e1', { subscribe: { topics: [] } });
    client.ask('e2', { auth_request: { secret_key: 'everything' } });
    client.ask('e3', { teleport: {} });
    await client.heard('error', 3);
    expect(client.all('error').map((frame) => bodyOf(frame, 'error')['code'])).toEqual([
      'unsupported_feature',
      'already_authenticated',
      'invalid_message_format',
    ]);
    for (let n = 0; n < 3; n += 1) client.socket.send('{"message_id":');
    expect(await client.ended()).toEqual({ code: 4400, reason: 'invalid_message_format' });
    expect(
      client
        .all('error')
        .map((frame) => bodyOf(frame, 'error')['fatal'])
        .slice(3),
    ).toEqual([false, false, true]);
  });

  it('is told where it stands with every Ping, and that the end is near', async () => {
    await harness.happen(...registered);
    const client = await harness.enter('everything', { features: ['sequence', 'heartbeat', 'notice'] });
    await harness.happen(aPosition());
    await client.heard('position.created');
    harness.passes(10_000);
    expect(await client.heard('heartbeat')).toMatchObject({ cursor: lastCursor(client) });
    await harness.stop();
    expect(await client.ended()).toMatchObject({ code: 1001 });
    expect(await client.heard('notice')).toMatchObject({ kind: 'going_away', cursor: lastCursor(client) });
  });
});

describe('a session that comes back', () => {
  let harness: WsSessionHarness;
  const request = (cursor: string) => ({ features: ['sequence', 'snapshot'], resume: { cursor } });

  beforeEach(async () => {
    harness = await WsSessionHarness.open();
    harness.keys.add('everything');
    harness.keys.add('one-account', { accountIds: [otherAccount] });
    await harness.happen(...registered, ...registeredOther);
  });
  afterEach(() => harness.close());

  it('hears what it missed exactly as it was told then, and goes on', async () => {
    const witness = await harness.enter('everything', { features: ['sequence'] });
    const client = await harness.enter('everything', { features: ['sequence'] });
    await harness.happen(aPosition(), anEvent('OrderWorking'));
    await client.heard('pending_position.created');
    client.leave();
    await harness.happen(anEvent('OrderFilled'), aPosition(), aPosition(otherAccount), anEvent('BalanceChanged'));

    const again = await harness.enter('everything', request(lastCursor(client)));
    await harness.happen(aPosition());
    await again.heard('position.created', 3);
    await witness.heard('position.created', 4);
    expect(await again.heard('auth_result')).toMatchObject({ resume: 'replayed' });
    expect(again.variants.at(-2)).toBe('sync_completed');
    expect(await again.heard('sync_completed')).toMatchObject({ mode: 'replay' });
    expect([...events(client), ...events(again)]).toEqual(events(witness));
  });

  it('misses nothing and hears nothing twice, though it is cut off a hundred times and its server killed now and then', async () => {
    const { log } = harness;
    const reopen = async (): Promise<void> => {
      await harness.close();
      harness = await WsSessionHarness.open({ CONNECTS_PER_MINUTE: '10000' }, log);
      harness.keys.add('everything');
    };
    let { cursor } = await snapshotOf(harness);
    await reopen();
    const heard: Client['frames'] = [];
    const isCut = (round: number): boolean => round < 100;
    for (let round = 0; round <= 100; round += 1) {
      const client = await harness.enter('everything', request(cursor));
      const happened = Array.from({ length: 1 + (round % 4) }, () =>
        aPosition(round % 3 === 0 ? otherAccount : exampleAccount),
      );
      // Told or not, heard or not: at each of these moments the connection may go.
      const happening = round % 5 === 0 ? harness.commit(...happened) : harness.happen(...happened);
      if (round % 2 === 0) await happening;
      if (round % 3 === 0 || !isCut(round)) await client.heard('sync_completed');
      client.leave();
      await happening;
      if (round % 20 === 19) await reopen();
      await client.ended();
      heard.push(...events(client));
      cursor = lastCursor(client) || cursor;
    }
    const last = await harness.enter('everything', request(cursor));
    await harness.happen(anEvent('BalanceChanged'));
    await last.heard('account_event.account_update');
    heard.push(...events(last));

    const told: string[] = [];
    for await (const page of log.read(4)) told.push(...page.map(({ id }) => id));
    expect(heard.map(({ message_id }) => message_id)).toEqual(told);
    for (const account of [exampleAccount, otherAccount]) {
      const numbers = heard.filter((frame) => JSON.stringify(frame).includes(account)).map(({ sequence }) => sequence);
      expect(numbers).toEqual(numbers.map((_, n) => 3 + n));
    }
  });

  it.each([
    ['future_cursor', 'nonsense'],
    ['future_cursor', 'ffffffff.1'],
    ['future_cursor', ''],
  ])('gets a snapshot for a cursor of another log: %s %p', async (resume, cursor) => {
    const client = await harness.enter('everything', request(cursor));
    expect(await client.heard('auth_result')).toMatchObject({ result: 'success', resume });
    expect(await client.heard('sync_completed')).toMatchObject({ mode: 'snapshot' });
  });

  it('goes on where another instance told more than this one has heard of', async () => {
    const client = await harness.enter('everything', { features: ['snapshot'] });
    await client.heard('sync_completed');
    const [, seen] = await harness.commit(aPosition(), aPosition(), aPosition());
    const cursor = harness.part(LogCursors).of(seen?.position ?? 0);
    const back = await harness.enter('everything', request(cursor));
    expect(await back.heard('auth_result')).toMatchObject({ resume: 'replayed' });
    await back.heard('sync_completed');
    expect(back.all('position.created')).toHaveLength(1);
    expect(client.all('position.created')).toHaveLength(3);
  });

  it('is sent away, without its slot, where the log cannot say whether it goes on', async () => {
    harness.keys.add('one at a time', { sessionsMax: 1 });
    const [seen] = await harness.commit(aPosition());
    const cursor = harness.part(LogCursors).of(seen?.position ?? 0);
    const asked = jest.spyOn(harness.part(ProjectionRunner), 'check').mockRejectedValueOnce(new Error('no log'));
    const client = harness.connect();
    await client.opened();
    client.ask('auth', { auth_request: { secret_key: 'one at a time', ...request(cursor) } });
    expect(await client.ended()).toMatchObject({ reason: 'try_again_later' });
    asked.mockRestore();
    const back = await harness.enter('one at a time', request(cursor));
    expect(await back.heard('auth_result')).toMatchObject({ result: 'success', resume: 'replayed' });
  });

  it('gets a snapshot where too much happened', async () => {
    const { log } = harness;
    const { cursor } = await snapshotOf(harness);
    await harness.close();
    harness = await WsSessionHarness.open({ REPLAY_MAX_EVENTS: '2' }, log);
    harness.keys.add('everything');
    await harness.happen(aPosition(), aPosition(), aPosition());
    const client = await harness.enter('everything', request(cursor));
    expect(await client.heard('auth_result')).toMatchObject({ resume: 'outdated_cursor' });
    expect(await client.heard('sync_completed')).toMatchObject({ mode: 'snapshot' });
  });

  it('learns nothing from its cursors of what happens to others', async () => {
    harness.keys.add('other', { accountIds: [otherAccount] });
    const cursors: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const client = await harness.enter('other', { features: ['sequence', 'snapshot', 'heartbeat'] });
      cursors.push(String((await client.heard('sync_completed')).cursor));
      if (round === 1) await harness.happen(aPosition(), aPosition());
      client.leave();
    }
    expect(new Set(cursors).size).toBe(3);
    for (const cursor of cursors) expect(cursor).toMatch(/^[\w-]{22}$/);
    const client = await harness.enter('other', request(cursors[0] ?? ''));
    expect(await client.heard('auth_result')).toMatchObject({ resume: 'replayed' });
    expect(await client.heard('sync_completed')).toMatchObject({ mode: 'replay' });
    expect(client.all('position.created')).toHaveLength(0);
  });

  it('is granted nothing by somebody else’s cursor', async () => {
    const { cursor } = await snapshotOf(harness);
    await harness.happen(aPosition(), aPosition(otherAccount));
    const client = await harness.enter('one-account', request(cursor));
    await client.heard('sync_completed');
    expect(client.all('position.created')).toHaveLength(1);
    expect(client.texts.join()).not.toContain(exampleAccount);
  });

  it('is let in as any other when it is a client of the base profile, whatever it asks for', async () => {
    const client = await harness.enter('everything', { resume: { cursor: 'nonsense' }, client: { name: 'x' } });
    await harness.happen(aPosition());
    await client.heard('position.created');
    expect(client.variants).toEqual(['auth_result', 'position.created']);
    expect(Object.keys(await client.heard('auth_result'))).toEqual(['result', 'session_id']);
    expect(client.frames.every((frame) => frame.cursor === undefined && frame.message_response_id === undefined)).toBe(
      true,
    );
  });
});

/** Where a client stands that has seen everything so far. */
async function snapshotOf(harness: WsSessionHarness): Promise<{ readonly cursor: string }> {
  const client = await harness.enter('everything', { features: ['sequence', 'snapshot'] });
  const { cursor } = await client.heard('sync_completed');
  client.leave();
  await until(() => client.closed !== null);
  return { cursor: String(cursor) };
}

function bodyOf({ message_type: type }: Client['frames'][number], ...path: readonly string[]): Record<string, unknown> {
  let body: unknown = typeof type === 'string' ? {} : type.server_message;
  for (const key of path) body = (body as Record<string, unknown>)[key];
  return body as Record<string, unknown>;
}
