// Instances that are stopped from trading, and one that dies, at the pace of the configuration as it is delivered.
import type { AppProcess } from '@core/machine/app-process';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { SessionSettings } from '@core/connector/accounts/session-settings';
import { LeaseSettings } from '@core/connector/leases/lease-settings';
import { XapiSettings } from '../config.ts';
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

const PROMISED_MS = 10_000;

const delivered = { ...new LeaseSettings(), ...new SessionSettings(), ...new XapiSettings() };
const PACE = {
  LEASE_TTL_MS: String(delivered.leaseTtlMs),
  LEASE_RENEW_MS: String(delivered.leaseRenewMs),
  LOGIN_INTERVAL_MS: String(delivered.loginIntervalMs),
  COMMAND_INTERVAL_MS: String(delivered.commandIntervalMs),
  BACKOFF_MIN_MS: String(delivered.backoffMinMs),
  BACKOFF_MAX_MS: String(delivered.backoffMaxMs),
  REGISTRY_MS: String(delivered.registryMs),
};

describe('two instances', () => {
  let harness: ConnectorHarness;
  let two: AppProcess;
  let accounts: TradingAccount[];

  beforeAll(async () => {
    harness = await ConnectorHarness.open({ connector: { ...PACE, CONNECTOR_ID: 'one' } });
    await harness.broker('PATCH', 'knobs', { keepAliveMs: 3_000 });
    two = await harness.anotherConnector({ CONNECTOR_ID: 'two' });
    accounts = [];
    while (accounts.length < 4) accounts.push(await harness.account());
    await two.start();
    await until(async () => (await heldBy('two')).length === 2);
  });
  afterAll(async () => {
    await two?.stop();
    await harness?.close();
  });

  const holderOf = async (trading: TradingAccount): Promise<string> =>
    (await trading.all('AccountSessionOpened')).at(-1)?.data.connector.split('#')[0] ?? '';

  const heldBy = async (name: string): Promise<TradingAccount[]> => {
    const holders = await Promise.all(accounts.map(holderOf));
    return accounts.filter((_, index) => holders[index] === name);
  };

  it('clear every account when the kill switch is pulled, and no edge trades until trading is resumed', async () => {
    const decision = { operator: 'ada', note: 'fire drill' };
    for (const trading of accounts) {
      await trading.humanOpens();
      await trading.humanPlaces();
      await trading.sees('PositionOpened');
      await trading.sees('OrderWorking');
    }
    const port = await freePort();
    const gateway = await harness.gateway(port);
    await gateway.start();
    try {
      const halt = { type: 'HaltTrading', data: { ...decision, clearing: 'orders-and-positions' } } as const;
      expect((await harness.command(SYSTEM_ACCOUNT, halt)).answer).toMatchObject({ ok: true });
      for (const trading of accounts) {
        await trading.sees('OrderCancelled');
        await trading.sees('PositionClosed');
        expect(await buyAt(port, trading)).toMatchObject({ s: 'error', errmsg: expect.stringMatching(/halted/) });
      }
      await harness.command(SYSTEM_ACCOUNT, { type: 'ResumeTrading', data: decision });
      for (const trading of accounts) await trading.buy();
    } finally {
      await gateway.stop();
    }
  });

  it('one dies: it is followed once its leases have run out, its accounts have sessions, and trade', async () => {
    const { leaseTtlMs, leaseRenewMs, loginIntervalMs } = delivered;
    const orphans = await heldBy('two');
    // What is waited for on purpose leaves room for the rest, which takes as long as the machine makes it.
    expect(leaseTtlMs + leaseRenewMs + orphans.length * loginIntervalMs).toBeLessThan(PROMISED_MS);
    await two.crash();
    await until(async () => (await heldBy('one')).length === accounts.length);
    for (const trading of orphans) {
      const orderId = await trading.buy();
      await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
      expect(await trading.sent(orderId)).toBe(1);
    }
  });
});

/** A market order by TradingView's own way, as its user would send it. */
async function buyAt(port: number, { id }: TradingAccount): Promise<unknown> {
  const call = async (path: string, form: Record<string, string>, token = ''): Promise<unknown> => {
    const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
    const url = `http://127.0.0.1:${port}${path}?locale=en`;
    return (await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })).json();
  };
  const login = (await call('/authorize', { login: 'ada', password: 'irrelevant', locale: 'en' })) as {
    readonly d: { readonly access_token: string };
  };
  const order = { instrument: 'EURUSD', side: 'buy', type: 'market', qty: '10000' };
  const seen = { currentAsk: '1.1002', currentBid: '1.1' };
  return call(`/accounts/${id}/orders`, { ...order, ...seen }, login.d.access_token);
}
