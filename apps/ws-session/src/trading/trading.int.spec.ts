import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { hashOf } from '@core/registry/tokens';
import { until } from '@core/testing/until';
import { WsSessionHarness, type Client, type Frame } from '../ws-session-harness.fixture.ts';

const [otherAccount, otherTrader] = [exampleId(0xacc2), exampleId(0x7adf)];
const features = ['responses', 'error', 'sequence'];
const connected = anEvent('AccountSessionOpened', { connector: 'c-1' });
const order = {
  ...{ account_id: exampleAccount, asset_pair: 'EURUSD', side: 'Buy', order_type: 'Market', lots_amount: 0.1 },
  ...{ sl_in_instrument_price: 1.09, tp_in_instrument_price: null },
};
const position = { account_id: exampleAccount, position_id: exampleId(0x905) };

let harness: WsSessionHarness;
let asked = 0;

beforeEach(async () => {
  harness = await WsSessionHarness.open({ COMMAND_TIMEOUT_MS: '200', ORDERS_BURST: '20' });
  harness.keys.add('trades', { trade: true });
  harness.keys.add('one-account', { trade: true, accountIds: [exampleAccount] });
  await harness.happen(anEvent('AccountRegistered'), anEvent('AccountUpdated'));
  await harness.happen(anEvent('AccountRegistered', { traderId: otherTrader }, { subject: otherAccount }));
});
afterEach(() => harness.close());

const bodyOf = ({ message_type: type }: Frame, name: string) =>
  (typeof type === 'string' ? {} : type.server_message)[name] as Record<string, Record<string, unknown>>;

/** The answer to one request. */
async function answer(client: Client, name: string, body: object): Promise<Record<string, Record<string, unknown>>> {
  const id = `t${(asked += 1)}`;
  const mine = () => client.frames.find(({ message_response_id }) => message_response_id === id);
  client.ask(id, { [name]: body });
  await until(() => mine() !== undefined);
  return bodyOf(mine() as Frame, `${name}_response`);
}

const requested = async (): Promise<number> => {
  let count = 0;
  for await (const page of harness.log.read(0)) count += page.filter(({ type }) => type === 'OrderRequested').length;
  return count;
};

describe('an order', () => {
  it('is answered once it is recorded, and its session hears what becomes of it, by the name it was answered with', async () => {
    await harness.happen(connected);
    const client = await harness.enter('trades', { features });
    const { success } = await answer(client, 'place_order', { ...order, process_id: 'p-1' });
    expect(success).toMatchObject({
      ...{ request: 'place_order', process_id: 'p-1', account_id: exampleAccount, state: 'requested' },
      ...{ waits_for: null, error: null, message: null },
    });
    const id = String(success?.request_id);
    const about = { kind: 'order', requestId: id } as const;
    const chain = { correlationid: id };
    await harness.happen(
      anEvent('RequestDispatched', about, chain),
      anEvent('RequestAccepted', about, chain),
      anEvent('PositionOpened', { orderId: id }, chain),
    );
    expect(await client.heard('position.created')).toMatchObject({ create_process_id: id, open_process_id: id });
    expect(client.all('request_update').map((frame) => bodyOf(frame, 'request_update'))).toMatchObject([
      { request_id: id, process_id: 'p-1', state: 'sent' },
      { request_id: id, process_id: 'p-1', state: 'accepted', error: null },
    ]);
  });

  it('says that it waits for a broker that is away, and why it came to nothing', async () => {
    const client = await harness.enter('trades', { features });
    const { success } = await answer(client, 'place_order', { ...order, process_id: 'p-1' });
    expect(success).toMatchObject({ state: 'requested', waits_for: 'broker' });
    const about = { kind: 'order', requestId: String(success?.request_id) } as const;
    await harness.happen(anEvent('RequestExpired', { ...about, reason: 'not-sent', cause: 'too-old' }));
    const told = { state: 'expired', error: 'too_old', message: 'too old', waits_for: null };
    expect(await client.heard('request_update')).toMatchObject(told);
    expect((await answer(client, 'place_order', { ...order, process_id: 'p-1' })).success).toMatchObject(told);
  });

  it('that the broker rejects is told with its words, to a session that came back too', async () => {
    const client = await harness.enter('trades', { features });
    const { success } = await answer(client, 'place_order', { ...order, process_id: 'p-1' });
    client.leave();
    const about = { kind: 'order', requestId: String(success?.request_id) } as const;
    await harness.happen(anEvent('RequestRejected', { ...about, text: 'Not enough money' }));
    const again = await harness.enter('trades', { features });
    expect(await answer(again, 'place_order', { ...order, process_id: 'p-1' })).toMatchObject({
      success: { state: 'rejected', error: 'not_enough_balance', message: 'insufficient funds: Not enough money' },
    });
  });
});

describe('a process id', () => {
  it('makes one request of one key and account, whoever repeats it and however', async () => {
    const key = harness.keys.add('rotating', { trade: true });
    const clients = [await harness.enter('rotating', { features }), await harness.enter('rotating', { features })];
    harness.keys.change(key, {
      ...{ secretHash: hashOf('rotated'), previousHash: hashOf('rotating') },
      previousUntil: new Date(Date.now() + 60_000),
    });
    clients.push(await harness.enter('rotated', { features }));
    const answers = await Promise.all(
      clients.flatMap((client) => [1, 2].map(() => answer(client, 'place_order', { ...order, process_id: 'same' }))),
    );
    expect(new Set(answers.map(({ success }) => success?.request_id)).size).toBe(1);
    expect(await requested()).toBe(1);

    const [client] = clients as [Client];
    const other = await answer(client, 'place_order', { ...order, lots_amount: 0.2, process_id: 'same' });
    expect(other).toMatchObject({
      ...{ error: 'process_id_duplicate', final: true },
      message: 'another request was made under this process_id',
    });
    const stranger = await harness.enter('trades', { features });
    const theirs = await answer(stranger, 'place_order', { ...order, process_id: 'same' });
    expect(theirs.success?.request_id).not.toBe(answers[0]?.success?.request_id);
    expect(await requested()).toBe(2);
  });

  it('tells what became of a request that nobody answered: a timeout is no rejection', async () => {
    const client = await harness.enter('trades', { features });
    for (const [mood, processId] of [
      ['silent', 'p-1'],
      ['gone', 'p-2'],
    ] as const) {
      harness.ledger.mood = mood;
      const body = { ...order, process_id: processId };
      expect(await answer(client, 'place_order', body)).toMatchObject({ error: 'network_error', final: false });
      harness.ledger.mood = 'well';
      expect((await answer(client, 'place_order', body)).success).toMatchObject({ state: 'requested' });
    }
    expect(await requested()).toBe(2);
  });

  it('is known of requests that no memory holds any more', async () => {
    const client = await harness.enter('trades', { features });
    const { success } = await answer(client, 'place_order', { ...order, process_id: 'old' });
    const id = String(success?.request_id);
    const about = { kind: 'order', requestId: id } as const;
    await harness.happen(anEvent('RequestRejected', { ...about, reason: 'market-closed' }, { correlationid: id }));
    const { log } = harness;
    await harness.close();
    harness = await WsSessionHarness.open({}, log);
    harness.keys.add('trades', { trade: true });
    const again = await harness.enter('trades', { features });
    expect(await answer(again, 'place_order', { ...order, process_id: 'old' })).toMatchObject({
      success: { request_id: id, state: 'rejected', error: 'day_off' },
    });
  });
});

describe('what is asked of a broker', () => {
  it('is changed, cancelled and closed by commands of its own', async () => {
    const client = await harness.enter('trades', { features });
    await harness.happen(connected, anEvent('OrderWorking', { kind: 'limit' }), anEvent('PositionOpened'));
    const orderId = exampleId(0x0d1);
    const prices = { sl_in_instrument_price: 1.05, tp_in_instrument_price: null };
    const changed = { account_id: exampleAccount, order_id: orderId, desire_price: 1.08, ...prices, expire_date: null };
    const requests = [
      ['update_order', changed],
      ['update_position', { ...position, ...prices }],
      ['cancel_order', { account_id: exampleAccount, order_id: orderId }],
      ['close_position', { ...position, lots_amount: 0.05 }],
    ] as const;
    for (const [name, body] of requests)
      expect(await answer(client, name, { ...body, process_id: name })).toMatchObject({ success: { request: name } });
    expect(harness.ledger.commands.slice(-4)).toMatchObject([
      {
        type: 'Amend',
        data: { terms: { target: 'order', orderId, price: '1.08', stopLoss: '1.05', takeProfit: null } },
      },
      { type: 'Amend', data: { terms: { target: 'position', stopLoss: '1.05', takeProfit: null } } },
      { type: 'CancelOrder', data: { orderId } },
      {
        type: 'ClosePosition',
        data: { volumeLots: '0.05', requester: { edge: 'ws-session', reference: 'close_position' } },
      },
    ]);
  });

  it.each([
    ['asset_pair_not_found', 'place_order', { ...order, asset_pair: 'NONE' }],
    ['lots_too_high', 'place_order', { ...order, lots_amount: 1e6 }],
    ['volume_not_multiple_of_step', 'place_order', { ...order, lots_amount: 0.015 }],
    ['invalid_desire_price', 'place_order', { ...order, order_type: 'Limit' }],
    ['invalid_sl', 'place_order', { ...order, order_type: 'Limit', desire_price: 1.08 }],
    ['invalid_sl', 'place_order', { ...order, sl_in_currency: -50 }],
    [
      'invalid_tp',
      'update_position',
      { ...position, sl_in_instrument_price: null, tp_in_instrument_price: null, tp_in_currency: 5 },
    ],
    ['order_not_found', 'cancel_order', { account_id: exampleAccount, order_id: exampleId(0xdead) }],
    ['position_not_found', 'close_position', { ...position, position_id: exampleId(0xdead) }],
    ['account_not_found', 'place_order', { ...order, account_id: exampleId(0xdead) }],
    ['account_not_found', 'place_order', { ...order, account_id: otherAccount }],
  ])('is refused with %s: %s %j', async (error, name, body) => {
    const client = await harness.enter('one-account', { features });
    const refused = await answer(client, name, { ...body, process_id: 'p-1' });
    expect(refused).toMatchObject({ error, final: true });
    expect(await requested()).toBe(0);
    expect(client.texts.join()).not.toContain(otherAccount);
  });

  it('is refused for now while trading is halted, and taken later under the same process id', async () => {
    const client = await harness.enter('trades', { features });
    await harness.happen(anEvent('TradingHalted'));
    const body = { ...order, process_id: 'p-1' };
    expect(await answer(client, 'place_order', body)).toMatchObject({ error: 'trading_halted', final: false });
    await harness.happen(anEvent('TradingResumed'));
    expect((await answer(client, 'place_order', body)).success).toMatchObject({ state: 'requested' });
  });

  it('is nothing that a key without the right may ask, nor a session that did not ask for answers', async () => {
    harness.keys.add('reads');
    const reads = await harness.enter('reads', { features });
    const body = { ...order, process_id: 'p-1' };
    expect(await answer(reads, 'place_order', body)).toMatchObject({ error: 'unauthorized', final: true });
    const base = await harness.enter('trades');
    base.ask('t', { place_order: body });
    expect((await base.ended()).code).toBe(4400);
    expect(harness.ledger.commands).toEqual([]);
  });

  it('is no frame that is not wholly said', async () => {
    const client = await harness.enter('trades', { features });
    const halves = [
      ['place_order', order],
      ['update_position', { ...position, process_id: 'p', sl_in_instrument_price: 1.1 }],
    ] as const;
    for (const [name, body] of halves) client.ask('half', { [name]: body });
    await client.heard('error', 2);
    expect(client.all('error').map((frame) => bodyOf(frame, 'error'))).toMatchObject([
      { code: 'invalid_message_format', message: 'place_order.process_id: invalid_type' },
      { code: 'invalid_message_format', message: 'update_position.tp_in_instrument_price: invalid_type' },
    ]);
    expect(harness.ledger.commands).toEqual([]);
  });

  it('is not more orders than an account may place, repeated ones aside', async () => {
    await harness.close();
    harness = await WsSessionHarness.open({ ORDERS_BURST: '1', ORDERS_PER_MINUTE: '1' }, harness.log);
    harness.keys.add('trades', { trade: true });
    const client = await harness.enter('trades', { features });
    const place = (processId: string) => answer(client, 'place_order', { ...order, process_id: processId });
    expect((await place('a')).success).toBeDefined();
    expect((await place('a')).success).toBeDefined();
    expect(await place('b')).toMatchObject({ error: 'rate_limited', final: false });
    const refused = () =>
      harness.ledger.events.flatMap((event) => (event.type === 'CommandRefused' ? [event.data] : []));
    await until(() => refused().length > 0);
    expect(refused()[0]).toMatchObject({
      ...{ command: 'PlaceOrder', reason: 'rate_limited', requester: { edge: 'ws-session', reference: 'b' } },
      text: expect.stringMatching(/more than 1 at once and 1 a minute; asked for: .*EURUSD/),
    });
  });
});
