import { until } from '@core/testing/until';
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('a ledger and a connector as processes', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;
  beforeAll(async () => {
    harness = await ConnectorHarness.open();
    trading = await harness.account();
  });
  afterAll(() => harness?.close());

  const ready = async (): Promise<readonly boolean[]> =>
    Promise.all([harness.ledger, harness.connector].map((app) => app.isReady()));
  const all = (expected: boolean) => async (): Promise<boolean> => (await ready()).every((is) => is === expected);

  it('are not ready while NATS is frozen, and are again once it goes on', async () => {
    await until(all(true));
    harness.nats.freeze();
    await until(all(false));
    harness.nats.thaw();
    await until(all(true));
  });

  it('are not ready while Postgres is frozen, and are again once it goes on, with what the broker did meanwhile', async () => {
    harness.postgres.hush();
    await until(all(false));
    await trading.humanOpens();
    harness.postgres.speak();
    await until(all(true));
    await trading.sees('PositionOpened');
    expect(harness.connector.starts).toBe(1);
  });

  it('are not ready while NATS is gone, and are again once it is back', async () => {
    await harness.nats.kill();
    await until(all(false));
    await harness.nats.boot();
    await until(all(true));
  });
});
