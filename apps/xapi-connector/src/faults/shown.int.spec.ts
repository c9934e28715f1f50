// What the user of an edge reads while the broker is away or does not answer, over the real gateway.
import type { AppProcess } from '@core/machine/app-process';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

interface Envelope {
  readonly s: string;
  readonly d: { readonly access_token: string; readonly orderId: string };
  readonly errmsg?: string;
}

interface ShownOrder {
  readonly id: string;
  readonly status: string;
  readonly message?: { readonly text: string };
}

describe('an order in TradingView', () => {
  let harness: ConnectorHarness;
  let gateway: AppProcess;
  let url: string;
  let trading: TradingAccount;
  let token: string;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({});
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    gateway = await harness.gateway(port);
    await gateway.start();
    trading = await harness.account();
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1', hold: true });
    const form = { login: 'ada', password: 'irrelevant', locale: 'en' };
    token = ((await call('POST', '/authorize', form)) as Envelope).d.access_token;
    await until(async () => ((await call('GET', '/accounts')) as Envelope).s === 'ok');
    await until(async () => ((await call('GET', `/accounts/${trading.id}/instruments`)) as Envelope).s === 'ok');
  });

  afterAll(async () => {
    await gateway?.stop();
    await harness?.close();
  });

  afterEach(async () => {
    await harness.calm();
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1', hold: true });
    await until(async () => (await sessions('AccountSessionOpened')) > (await sessions('AccountSessionLost')));
  });

  async function call(method: string, path: string, form?: Record<string, string>): Promise<unknown> {
    const address = new URL(path, url);
    address.searchParams.set('locale', 'en');
    const response = await fetch(address, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }) },
      ...(form && { body: new URLSearchParams(form) }),
    });
    return response.json();
  }

  async function place(): Promise<string> {
    const terms = { instrument: 'EURUSD', side: 'buy', type: 'market', qty: '10000' };
    const form = { ...terms, currentAsk: '1.1002', currentBid: '1.1' };
    const answer = (await call('POST', `/accounts/${trading.id}/orders`, form)) as Envelope;
    expect(answer).toMatchObject({ s: 'ok' });
    return answer.d.orderId;
  }

  /** What the gateway knows of the price. */
  async function bid(): Promise<number | undefined> {
    const quotes = await call('GET', `/quotes?accountId=${trading.id}&symbols=EURUSD`);
    return (quotes as { readonly d?: readonly { readonly v: { readonly bid: number } }[] }).d?.[0]?.v.bid;
  }

  const shown = async (id: string): Promise<ShownOrder | undefined> =>
    ((await call('GET', `/accounts/${trading.id}/orders`)) as { readonly d: ShownOrder[] }).d.find(
      (order) => order.id === id,
    );

  const ends = async (id: string): Promise<ShownOrder | undefined> => {
    await until(async () => !['placing', 'working'].includes((await shown(id))?.status ?? 'placing'));
    return shown(id);
  };

  const sessions = async (type: 'AccountSessionOpened' | 'AccountSessionLost'): Promise<number> =>
    (await trading.all(type)).length;

  /** The broker hangs up and takes nobody until its faults are taken away. */
  async function goAway(): Promise<void> {
    const before = await sessions('AccountSessionLost');
    await harness.fault({ kind: 'maintenance', mode: 'close' });
    await harness.broker('POST', 'disconnect', { userId: trading.userId });
    await until(async () => (await sessions('AccountSessionLost')) > before);
  }

  it.each([
    [true, { status: 'filled' }],
    [false, { status: 'rejected', message: { text: 'The broker did not execute the order.' } }],
  ])(
    'whose answer is lost (executed: %s) is said to be unknown while it is, and resolves itself',
    async (executed, end) => {
      for (const stream of ['trade', 'tradeStatus'])
        await harness.fault({ kind: 'mute', stream, user: trading.userId });
      await harness.fault({
        kind: 'lose-reply',
        command: 'tradeTransaction',
        executed,
        user: trading.userId,
        times: 1,
      });
      const id = await place();
      await until(async () => (await shown(id))?.message?.text.includes('has not confirmed') === true);
      expect((await shown(id))?.status).toBe('placing');
      expect(await ends(id)).toMatchObject(end);
      expect(await trading.sent(id)).toBe(1);
    },
  );

  it('that waits for a broker who is away says so at once, is not sent when it has grown old, and says that', async () => {
    await goAway();
    const id = await place();
    expect((await shown(id))?.message?.text).toContain('The broker is not connected');
    expect(await ends(id)).toMatchObject({
      status: 'rejected',
      message: { text: expect.stringContaining('did not reach the broker in time') },
    });
    expect(await trading.sent(id)).toBe(0);
  });

  it('that waits for a broker who comes back with another market is not sent at it', async () => {
    await goAway();
    const id = await place();
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.2', hold: true });
    await harness.broker('DELETE', 'faults');
    expect(await ends(id)).toMatchObject({
      status: 'rejected',
      message: { text: expect.stringContaining('The order was not sent') },
    });
    expect(await trading.sent(id)).toBe(0);
  });

  it('that waits for a connector which was killed says that the broker is not connected', async () => {
    await until(async () => (await bid()) === 1.1);
    await harness.connector.crash();
    const id = await place();
    await until(async () => (await shown(id))?.message?.text.includes('The broker is not connected') === true);
    // Nobody has told the log: whoever was killed cannot, and its lease has not ended.
    expect(await sessions('AccountSessionOpened')).toBeGreaterThan(await sessions('AccountSessionLost'));
    expect(await ends(id)).toMatchObject({ status: 'rejected' });
    await harness.connector.start();
  });
});
