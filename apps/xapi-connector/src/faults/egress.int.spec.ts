// Brokers count connections by address: more accounts than one address carries, and no broker that has to say no.
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const ALLOWED = 5;

describe('more accounts than an address carries', () => {
  let harness: ConnectorHarness;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({
      connector: { EGRESS_ADDRESSES: ADDRESSES.join(','), CONNECTIONS_MAX: String(ALLOWED) },
    });
    await harness.broker('PATCH', 'knobs', { maxConnectionsPerAddress: ALLOWED });
  });
  afterAll(() => harness?.close());

  it('leave from several, each within what a broker allows it', async () => {
    const accounts: TradingAccount[] = [];
    while (accounts.length < ADDRESSES.length * 2) accounts.push(await harness.account());
    for (const trading of accounts) {
      const orderId = await trading.buy();
      await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    }
    const metrics = await harness.connector.metrics();
    const told = [...metrics.matchAll(/^xapi_connections\{address="([^"]+)".*\} (\d+)$/gm)];
    expect(told.map(([, address]) => address)).toEqual(ADDRESSES);
    expect(told.map(([, , connections]) => Number(connections)).sort()).toEqual([4, 4, 5]);
    expect(metrics).not.toMatch(/xapi_logins_refused_total\{/);
  });
});
