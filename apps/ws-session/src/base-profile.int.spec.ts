import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { RegistryNews } from '@core/edge/registry-news';
import { until } from '@core/testing/until';
import { KeyWatch } from './connection/key-watch.ts';
import { WsSessionHarness, type Client } from './ws-session-harness.fixture.ts';

const trader = exampleId(0x7ade);
const [otherAccount, otherTrader] = [exampleId(0xacc2), exampleId(0x7adf)];

const of = (subject: string) => ({ subject });
const registered: Event[] = [anEvent('AccountRegistered'), anEvent('AccountUpdated')];
const registeredOther: Event[] = [
  anEvent('AccountRegistered', { traderId: otherTrader }, of(otherAccount)),
  anEvent('AccountUpdated', {}, of(otherAccount)),
];

describe('a session', () => {
  let harness: WsSessionHarness;

  beforeEach(async () => {
    harness = await WsSessionHarness.open();
    harness.keys.add('everything');
  });
  afterEach(() => harness.close());

  it('is let in with the seed’s own words and no others', async () => {
    const client = harness.connect();
    await client.opened();
    client.ask('test', { auth_request: { secret_key: 'everything' } });
    const { session_id } = await client.heard('auth_result');
    expect(session_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(client.texts).toEqual([
      `{"message_id":"test","message_type":{"server_message":{"auth_result":{"result":"success","session_id":"${String(session_id)}"}}}}`,
    ]);
  });

  it('is told what happens, in order, with the event’s id, and the same bytes as everyone', async () => {
    const [first, second] = [await harness.enter('everything'), await harness.enter('everything')];
    const events = [...registered, anEvent('PositionOpened'), anEvent('PositionClosed'), anEvent('BalanceChanged')];
    const recorded = await harness.happen(...events);

    await first.heard('account_event.account_update', 2);
    await second.heard('account_event.account_update', 2);
    expect(first.variants.slice(1)).toEqual([
      'account_event.account_added',
      'account_event.account_update',
      'position.created',
      'position.closed',
      'account_event.account_update',
    ]);
    expect(first.frames.slice(1).map((frame) => frame.message_id)).toEqual(recorded.map(({ id }) => id));
    expect(first.texts.slice(1)).toEqual(second.texts.slice(1));
    expect(Object.keys(first.frames[1] ?? {})).toEqual(['message_id', 'message_type']);
  });

  it('is told what the feed left out, from the log, and nothing twice', async () => {
    const client = await harness.enter('everything');
    await harness.happen(...registered);
    await harness.commit(anEvent('PositionOpened'));
    const closed = await harness.happen(anEvent('PositionClosed'));
    harness.hearFeed({ first: 4, last: 4, events: closed, known: [], refused: [] });
    await client.heard('position.closed');
    await harness.happen(anEvent('BalanceChanged'));
    await client.heard('account_event.account_update', 2);
    expect(client.variants.slice(3)).toEqual(['position.created', 'position.closed', 'account_event.account_update']);
  });

  it('hears nothing of what was before it', async () => {
    await harness.happen(...registered, anEvent('PositionOpened'));
    const client = await harness.enter('everything');
    await harness.happen(anEvent('PositionAmended'));
    await client.heard('position.updated');
    expect(client.variants).toEqual(['auth_result', 'position.updated']);
  });

  it('never hears of accounts outside its key', async () => {
    harness.keys.add('one-trader', { traderIds: [trader] });
    harness.keys.add('one-account', { accountIds: [otherAccount] });
    harness.keys.add('neither', { traderIds: [trader], accountIds: [otherAccount] });
    harness.keys.add('nobody', { traderIds: [], accountIds: [] });
    const clients = new Map<string, Client>();
    for (const secret of ['everything', 'one-trader', 'one-account', 'neither', 'nobody']) {
      clients.set(secret, await harness.enter(secret));
    }
    await harness.happen(...registered, ...registeredOther);
    await harness.happen(
      anEvent('PositionOpened', { positionId: exampleId(1) }),
      anEvent('PositionOpened', { positionId: exampleId(2) }, of(otherAccount)),
    );
    await clients.get('everything')?.heard('position.created', 2);
    await clients.get('one-trader')?.heard('position.created');
    await clients.get('one-account')?.heard('position.created');

    const text = (secret: string): string => clients.get(secret)?.texts.join() ?? '';
    expect(text('one-trader')).toContain(exampleAccount);
    expect(text('one-trader')).not.toContain(otherAccount);
    expect(text('one-account')).toContain(otherAccount);
    expect(text('one-account')).not.toContain(exampleAccount);
    expect(clients.get('neither')?.variants).toEqual(['auth_result']);
    expect(clients.get('nobody')?.variants).toEqual(['auth_result']);
  });

  it('answers a Ping with its id, and takes a Pong in either case', async () => {
    const client = await harness.enter('everything');
    client.send({ message_id: 'x1', message_type: 'pong' });
    client.send({ message_id: 'h1', message_type: 'Ping' });
    await until(() => client.texts.includes('{"message_id":"h1","message_type":"Pong"}'));
    expect(client.closed).toBeNull();
  });

  it('ignores a second authentication', async () => {
    const client = await harness.enter('everything');
    client.ask('again', { auth_request: { secret_key: 'wrong' } });
    await harness.happen(...registered);
    await client.heard('account_event.account_added');
    expect(client.all('auth_result')).toHaveLength(1);
  });

  it('does not begin with a key that was revoked while it was looked up', async () => {
    const key = harness.keys.add('leaving');
    jest.spyOn(harness.keys, 'find').mockImplementationOnce(async () => {
      harness.revoke(key);
      return key;
    });
    expect((await (await harness.enter('leaving')).ended()).code).toBe(4401);
  });

  it('goes on when its key was made, and used, while others were looked at', async () => {
    await harness.enter('everything');
    const late: Client[] = [];
    const known = await harness.keys.all();
    jest.spyOn(harness.keys, 'all').mockImplementationOnce(async () => {
      harness.keys.add('late');
      late.push(await harness.enter('late'));
      return known;
    });
    harness.part(RegistryNews).changed();
    await until(() => late.length > 0);
    await harness.part(KeyWatch).beforeApplicationShutdown();
    await late[0]?.understood();
    expect(late[0]?.closed).toBeNull();
  });

  it('ends when its key is revoked, and the key stays out', async () => {
    const key = harness.keys.add('leaked');
    const client = await harness.enter('leaked');
    const other = await harness.enter('everything');
    harness.revoke(key);
    expect(await client.ended()).toEqual({ code: 4401, reason: 'unauthorized' });
    expect(other.closed).toBeNull();
    const again = await harness.enter('leaked');
    expect(await again.heard('auth_result')).toEqual({ result: 'unauthorized', session_id: null });
  });

  it('says goodbye when the process ends', async () => {
    const client = await harness.enter('everything');
    await harness.stop();
    expect(await client.ended()).toEqual({ code: 1001, reason: 'going_away' });
  });
});

describe('prices', () => {
  const body = (bid: string) => ({
    venue: 'demo',
    quotes: [{ instrument: 'EURUSD', bid, ask: '1.2', time: '2026-01-05T10:00:00.000001Z', bids: [], asks: [] }],
  });

  it('come only to keys that have them, and only of venues they may see', async () => {
    const harness = await WsSessionHarness.open();
    harness.keys.add('plain');
    harness.keys.add('prices', { prices: true });
    harness.keys.add('elsewhere', { prices: true, accountIds: [otherAccount] });
    await harness.happen(...registered);
    const [plain, priced, elsewhere] = [
      await harness.enter('plain'),
      await harness.enter('prices'),
      await harness.enter('elsewhere'),
    ];
    harness.hearQuotes(body('1.1'));
    harness.hearQuotes({ venue: 'other', quotes: body('7').quotes });
    harness.hearQuotes('nonsense');
    await harness.happen(anEvent('BalanceChanged'));
    await priced.heard('account_event.account_update');
    await plain.heard('account_event.account_update');
    expect(await priced.heard('bid_ask')).toEqual({
      id: 'EURUSD',
      bid: 1.1,
      ask: 1.2,
      date: 1767607200000001,
      base: '',
      quote: '',
    });
    expect(priced.all('bid_ask')).toHaveLength(1);
    expect(plain.all('bid_ask')).toHaveLength(0);
    expect(elsewhere.all('bid_ask')).toHaveLength(0);
    await harness.close();
  });
});
