// Instances that die, at the pace of the configuration as it is delivered.
import type { AppProcess } from '@core/machine/app-process';
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

describe('an instance that dies', () => {
  let harness: ConnectorHarness;
  let two: AppProcess;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({ connector: { ...PACE, CONNECTOR_ID: 'one' } });
    await harness.broker('PATCH', 'knobs', { keepAliveMs: 3_000 });
    two = await harness.anotherConnector({ CONNECTOR_ID: 'two' });
  });
  afterAll(async () => {
    await two?.stop();
    await harness?.close();
  });

  const holderOf = async (trading: TradingAccount): Promise<string> =>
    (await trading.all('AccountSessionOpened')).at(-1)?.data.connector.split('#')[0] ?? '';

  it('is followed within ten seconds: its accounts have sessions, and trade', async () => {
    const accounts = [
      await harness.account(),
      await harness.account(),
      await harness.account(),
      await harness.account(),
    ];
    const heldBy = async (name: string): Promise<TradingAccount[]> => {
      const holders = await Promise.all(accounts.map(holderOf));
      return accounts.filter((_, index) => holders[index] === name);
    };
    await two.start();
    await until(async () => (await heldBy('two')).length === 2);
    const orphans = await heldBy('two');

    await two.crash();
    const diedMs = Date.now();
    await until(async () => (await heldBy('one')).length === accounts.length);
    expect(Date.now() - diedMs).toBeLessThan(PROMISED_MS);
    for (const trading of orphans) {
      const orderId = await trading.buy();
      await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
      expect(await trading.sent(orderId)).toBe(1);
    }
  });
});
