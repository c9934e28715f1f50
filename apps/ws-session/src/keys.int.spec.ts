import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { RegistryNews } from '@core/edge/registry-news';
import { hashOf } from '@core/registry/tokens';
import { until } from '@core/testing/until';
import { Registry } from 'prom-client';
import { MemoryLeases, MemoryOrderRates, WsSessionHarness, type Client } from './ws-session-harness.fixture.ts';

const SECOND_MS = 1_000;
const features = ['responses', 'subscribe', 'notice'];
const settings = { PONG_TIMEOUT_MS: '600000', KEY_NOTICE_MS: '60000' };
const fromNow = (ms: number) => new Date(Date.now() + ms);

describe('a key', () => {
  let harness: WsSessionHarness;

  beforeEach(async () => (harness = await WsSessionHarness.open(settings)));
  afterEach(() => harness.close());

  /** The registry has changed, and the process has looked. */
  const looked = async (client: Client): Promise<void> => {
    harness.part(RegistryNews).changed();
    await client.understood();
  };

  it('says what it may, and until when', async () => {
    const end = fromNow(500 * SECOND_MS);
    harness.keys.add('reads');
    harness.keys.add('trades', { prices: true, trade: true, expiresAt: end, messagesPerSecond: 3 });
    const [reads, trades] = [
      await harness.enter('reads', { features: [] }),
      await harness.enter('trades', { features: [] }),
    ];
    expect(await reads.heard('auth_result')).toMatchObject({ scopes: ['read'], expires_date: null });
    expect(await trades.heard('auth_result')).toMatchObject({
      scopes: ['read', 'prices', 'trade'],
      expires_date: end.getTime() * 1_000,
      limits: { client_messages_per_second: 3 },
    });
  });

  it('is counted with what it is refused, and by its name', async () => {
    await harness.close();
    harness = await WsSessionHarness.open({ ...settings, INBOUND_PER_SECOND: '1', INBOUND_BURST: '3' });
    const key = harness.keys.add('reads', { sessionsMax: 1 });
    const client = await harness.enter('reads', { features });
    const second = harness.connect();
    await second.opened();
    second.ask('auth', { auth_request: { secret_key: 'reads' } });
    await second.ended();
    client.ask('t', {
      cancel_order: { process_id: 'p', account_id: exampleAccount, order_id: exampleId(1) },
    });
    await client.heard('cancel_order_response');
    for (let n = 0; n < 10; n += 1) client.send({ message_id: String(n), message_type: 'Ping' });
    await client.ended();
    harness.keys.change(key, { revoked: true });
    await (await harness.enter('reads')).ended();
    await (await harness.enter('nobody’s')).ended();
    const counted = (await harness.part(Registry).metrics())
      .split('\n')
      .filter((line) => line.startsWith('ws_session_refusals_total'));
    expect(counted.toSorted()).toEqual([
      'ws_session_refusals_total{key="reads",code="former_secret"} 1',
      expect.stringMatching(/^ws_session_refusals_total\{key="reads",code="rate_limited"\} [1-9]$/),
      'ws_session_refusals_total{key="reads",code="too_many"} 1',
      'ws_session_refusals_total{key="reads",code="unauthorized"} 1',
    ]);
  });

  it('without prices gets none, on whichever path', async () => {
    await harness.happen(anEvent('AccountRegistered'), anEvent('AccountUpdated'));
    harness.keys.add('reads');
    const client = await harness.enter('reads', { features });
    client.ask('s', { subscribe: { topics: ['prices'] } });
    client.ask('q', { get_last_prices: {} });
    expect(await client.heard('get_last_prices_response')).toEqual({ error: 'unauthorized' });
    expect(await client.heard('subscribe_result')).toEqual({ error: 'unknown_topic' });
    const quote = { bid: '1.1', ask: '1.2', time: '2026-01-05T10:00:00.000001Z', bids: [], asks: [] };
    harness.hearQuotes({ venue: 'demo', quotes: [{ instrument: 'EURUSD', ...quote }] });
    await client.understood();
    expect(client.all('bid_ask')).toEqual([]);
  });

  it('ends on its date: who asked for notices is warned once, and everyone leaves', async () => {
    harness.keys.add('ends', { expiresAt: fromNow(100 * SECOND_MS) });
    const [warned, base] = [await harness.enter('ends', { features }), await harness.enter('ends')];
    harness.passes(50 * SECOND_MS);
    expect(await warned.heard('notice')).toMatchObject({ kind: 'key_expiring' });
    await warned.understood();
    expect(warned.all('notice')).toHaveLength(1);
    harness.passes(60 * SECOND_MS);
    for (const client of [warned, base]) expect(await client.ended()).toEqual({ code: 4401, reason: 'unauthorized' });
    expect(base.variants).toEqual(['auth_result']);
  });

  it('that is rotated opens by both secrets, and its old sessions hear when theirs ends', async () => {
    const key = harness.keys.add('old');
    const client = await harness.enter('old', { features });
    const end = fromNow(50 * SECOND_MS);
    harness.keys.change(key, { secretHash: hashOf('new'), previousHash: hashOf('old'), previousUntil: end });
    await looked(client);
    expect(await client.heard('notice')).toEqual({ kind: 'key_expiring', expires_date: end.getTime() * 1_000 });
    const [late, renewed] = [await harness.enter('old'), await harness.enter('new', { features })];
    for (const each of [late, renewed]) expect(await each.heard('auth_result')).toMatchObject({ result: 'success' });
    harness.passes(55 * SECOND_MS);
    for (const each of [client, late]) expect((await each.ended()).code).toBe(4401);
    await renewed.understood();
    expect([renewed.closed, renewed.all('notice')]).toEqual([null, []]);
  });

  it('has its own rate of frames', async () => {
    harness.keys.add('slow', { messagesPerSecond: 1 });
    harness.keys.add('usual');
    const [slow, usual] = [await harness.enter('slow'), await harness.enter('usual')];
    for (const client of [slow, usual])
      for (let n = 0; n < 8; n += 1) client.send({ message_id: String(n), message_type: 'Ping' });
    expect((await slow.ended()).code).toBe(4429);
    await usual.understood();
    expect(usual.closed).toBeNull();
  });
});

it('sessions of a key count over all instances, by its own number where it has one', async () => {
  const leases = new MemoryLeases();
  const instances = [
    await WsSessionHarness.open({}, undefined, leases),
    await WsSessionHarness.open({}, undefined, leases),
  ];
  for (const { keys } of instances) keys.add('two', { sessionsMax: 2 });
  const [first, second] = instances as [WsSessionHarness, WsSessionHarness];
  const entered = async (harness: WsSessionHarness): Promise<Client> => {
    const client = harness.connect();
    await client.opened();
    client.ask('auth', { auth_request: { secret_key: 'two' } });
    await until(() => client.closed !== null || client.variants.length > 0);
    return client;
  };
  const [here, there] = [await entered(first), await entered(second)];
  for (const harness of instances) expect((await entered(harness)).closed).toMatchObject({ code: 4429 });
  here.leave();
  await until(async () => (await entered(second)).closed === null);
  expect(there.closed).toBeNull();
  for (const harness of instances) await harness.close();
});

it('new orders of a key count over all its sessions and instances, and what takes risk away is never counted', async () => {
  const rates = new MemoryOrderRates({ perMinute: 1, burst: 3 });
  const open = () => WsSessionHarness.open({}, undefined, undefined, undefined, rates);
  const instances = [await open(), await open()];
  const order = {
    account_id: exampleAccount,
    asset_pair: 'EURUSD',
    side: 'Buy',
    order_type: 'Market',
    lots_amount: 0.1,
  };
  const placed = async (client: Client, processId: string) => {
    const before = client.all('place_order_response').length;
    client.ask(processId, { place_order: { ...order, process_id: processId } });
    return client.heard('place_order_response', before + 1);
  };
  const answers: unknown[] = [];
  for (const harness of instances) {
    await harness.happen(anEvent('AccountRegistered'), anEvent('AccountUpdated'), anEvent('PositionOpened'));
    harness.keys.add('trades', { trade: true });
    for (let session = 0; session < 2; session += 1) {
      const client = await harness.enter('trades', { features });
      const { error = null, final = null } = await placed(client, `p-${answers.length}`);
      answers.push([error, final]);
    }
  }
  expect(answers).toEqual([...[1, 2, 3].map(() => [null, null]), ['rate_limited', false]]);
  const exits = await (instances[1] as WsSessionHarness).enter('trades', { features });
  exits.ask('x', { close_position: { process_id: 'x', account_id: exampleAccount, position_id: exampleId(0x905) } });
  expect(await exits.heard('close_position_response')).toMatchObject({ success: { state: 'requested' } });
  for (const harness of instances) await harness.close();
});
