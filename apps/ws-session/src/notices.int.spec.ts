import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { Decimal } from '@core/contracts/primitives';
import { Health } from '@core/service/health';
import { until } from '@core/testing/until';
import { WsSessionHarness, type Client, type Frame } from './ws-session-harness.fixture.ts';

const registered = [anEvent('AccountRegistered'), anEvent('AccountUpdated')];
const features = ['sequence', 'responses', 'subscribe', 'notice'];
const at = '2026-01-05T10:00:00.000001Z';

let harness: WsSessionHarness;
const open = async (settings: Record<string, string> = {}): Promise<void> => {
  harness = await WsSessionHarness.open({ FIGURES_MS: '20', UPSTREAM_LOOK_MS: '50', ...settings });
  harness.keys.add('everything', { prices: true });
};
afterEach(() => harness.close());

const priced = (bid: Decimal, ask: Decimal): void =>
  harness.hearMarket({
    ...{ venue: 'demo', instruments: [anInstrument()] },
    quotes: [{ instrument: 'EURUSD', bid, ask, time: at, bids: [], asks: [] }],
  });

const kinds = (client: Client): unknown[] =>
  client.all('notice').map(({ message_type: type }) => {
    const { notice } = (typeof type === 'string' ? {} : type.server_message) as { notice: { kind: string } };
    return notice.kind;
  });

const figures = (client: Client, of: 'account_event' | 'position') =>
  client.all(`${of}.calculate_updates`).map(({ message_type: type }: Frame) => {
    const message = (typeof type === 'string' ? {} : type.server_message) as Record<string, Record<string, object[]>>;
    return message[of]?.calculate_updates?.[0];
  });

describe('figures', () => {
  const subscribed = async (secret = 'everything'): Promise<Client> => {
    const client = await harness.enter(secret, { features });
    client.ask('s', { subscribe: { topics: ['calculate_updates'] } });
    expect(await client.heard('subscribe_result')).toEqual({ success: true });
    return client;
  };

  it('come whole first, and then whatever changes of an account and its positions', async () => {
    await open();
    const [account_id, position_id] = [exampleAccount, exampleId(0x905)];
    await harness.happen(...registered, anEvent('BalanceChanged', { balance: '10000', credit: '0' }));
    await harness.happen(anEvent('PositionOpened', { price: '1.1' }));
    priced('1.101', '1.1011');
    const client = await subscribed();
    await client.heard('position.calculate_updates');
    expect(figures(client, 'account_event')).toEqual([
      { account_id, margin: null, equity: 10_010, free_margin: null, margin_level: null },
    ]);
    expect(figures(client, 'position')).toEqual([{ account_id, position_id, gross_pl: 10 }]);

    priced('1.102', '1.1021');
    await client.heard('position.calculate_updates', 2);
    expect(figures(client, 'position')[1]).toEqual({ account_id, position_id, gross_pl: 20 });
    expect(figures(client, 'account_event')[1]).toMatchObject({ equity: 10_020 });

    await harness.happen(anEvent('EquityMarked', { margin: '110', marginFree: '9890', equity: '10020' }));
    await client.heard('account_event.calculate_updates', 3);
    expect(figures(client, 'account_event')[2]).toMatchObject({ margin: 110, margin_level: 9109.09 });
    expect(figures(client, 'position')).toHaveLength(2);

    const late = await subscribed();
    await late.heard('position.calculate_updates');
    expect(figures(late, 'position')).toEqual([{ account_id, position_id, gross_pl: 20 }]);
  });

  it('are of what a key may see, and of nothing that was not chosen', async () => {
    await open();
    harness.keys.add('elsewhere', { accountIds: [exampleId(0xacc2)] });
    await harness.happen(...registered, anEvent('BalanceChanged'));
    const elsewhere = await subscribed('elsewhere');
    const other = await harness.enter('everything', { features });
    await (await subscribed()).heard('account_event.calculate_updates');
    for (const client of [elsewhere, other]) {
      await client.understood();
      expect(client.all('account_event')).toEqual([]);
    }
  });

  it('are all told anew to who did not keep up, with the notice that some were left out', async () => {
    await open({ SOFT_WATERMARK_BYTES: '16384', HARD_WATERMARK_BYTES: '67108864', PONG_TIMEOUT_MS: '600000' });
    await harness.happen(...registered, anEvent('BalanceChanged'), anEvent('PositionOpened'));
    priced('1.101', '1.1011');
    const [slow, quick] = [await subscribed(), await subscribed()];
    await slow.heard('position.calculate_updates');
    slow.ask('s2', { subscribe: { topics: ['positions', 'prices'] } });
    await slow.heard('subscribe_result', 2);
    slow.socket.pause();
    // More than the network takes in: the rest waits in the process.
    const positions = Array.from({ length: 6_000 }, () => anEvent('PositionAmended'));
    await harness.happen(...positions);
    const prices = [
      ['1.102', '1.103'],
      ['1.104', '1.105'],
      ['1.106', '1.107'],
    ] as const;
    for (const [round, [bid, ask]] of prices.entries()) {
      priced(bid, ask);
      await until(() => figures(quick, 'position').length === round + 2);
    }
    slow.socket.resume();
    await until(() => kinds(slow).includes('conflated'));
    await until(
      () => JSON.stringify(figures(slow, 'position').at(-1)) === JSON.stringify(figures(quick, 'position').at(-1)),
    );
    expect(slow.all('position.updated')).toHaveLength(positions.length);
    expect(figures(slow, 'position').length).toBeLessThan(figures(quick, 'position').length);
  });
});

describe('a session whose instance hears no events', () => {
  it('is told from where on, also one that begins then, and when everything has been told', async () => {
    await open();
    await harness.happen(...registered);
    let isThere = true;
    harness.part(Health).register('ledger', () => {
      if (!isThere) throw new Error('gone');
    });
    const client = await harness.enter('everything', { features: ['sequence', 'notice', 'snapshot'] });
    const base = await harness.enter('everything');
    isThere = false;
    expect(await client.heard('notice')).toMatchObject({ kind: 'upstream_gap', account_ids: null });
    await harness.commit(anEvent('PositionOpened'));
    const late = await harness.enter('everything', { features: ['notice'] });
    await late.heard('notice');
    isThere = true;
    await client.heard('notice', 2);
    expect(kinds(client)).toEqual(['upstream_gap', 'upstream_restored']);
    expect(client.variants.slice(-3)).toEqual(['notice', 'position.created', 'notice']);
    await until(() => kinds(late).length === 2);
    expect(base.variants).toEqual(['auth_result', 'position.created']);
  });
});

describe('a session that resumes and chooses', () => {
  const cursorOf = (client: Client): string => client.frames.filter(({ sequence }) => sequence).at(-1)?.cursor ?? '';
  const comesBack = (cursor: string): Promise<Client> =>
    harness.enter('everything', { features: [...features, 'heartbeat'], resume: { cursor } });
  const seenUntil = async (): Promise<string> => {
    const client = await harness.enter('everything', { features: ['sequence'] });
    await harness.happen(...registered);
    await client.heard('account_event.account_update');
    return cursorOf(client);
  };

  it('starts with nothing, and hears what it missed of what it chooses first', async () => {
    await open();
    const cursor = await seenUntil();
    await harness.happen(anEvent('PositionOpened'), anEvent('BalanceChanged'));
    const client = await comesBack(cursor);
    expect(await client.heard('auth_result')).toMatchObject({ resume: 'replayed' });
    harness.passes(10_000);
    expect(await client.heard('heartbeat')).toMatchObject({ cursor });
    await harness.happen(anEvent('PositionAmended'));
    await client.understood();
    expect(client.variants).toEqual(['auth_result', 'heartbeat']);

    client.ask('s', { subscribe: { topics: ['positions'] } });
    await client.heard('sync_completed');
    await harness.happen(anEvent('PositionClosed'), anEvent('BalanceChanged'));
    await client.heard('position.closed');
    expect(client.variants.slice(2)).toEqual([
      ...['subscribe_result', 'position.created', 'position.updated', 'sync_completed', 'position.closed'],
    ]);
  });

  it('gets what stands where its cursor is too old, which its limits say', async () => {
    await open({ RESUME_MAX_AGE_MS: String(72 * 3_600_000) });
    const cursor = await seenUntil();
    const here = await comesBack(cursor);
    const limits = { resume_max_age_ms: 259_200_000, resume_max_events: 50_000 };
    expect(await here.heard('auth_result')).toMatchObject({ resume: 'replayed', limits });
    await harness.happen(anEvent('PositionOpened'));
    const client = await comesBack(cursor);
    expect(await client.heard('auth_result')).toMatchObject({ resume: 'outdated_cursor' });
    client.ask('s', { subscribe: { topics: ['positions'] } });
    expect(await client.heard('sync_completed')).toMatchObject({ mode: 'snapshot' });
    expect(client.all('position.snapshot')).toHaveLength(1);
  });
});
