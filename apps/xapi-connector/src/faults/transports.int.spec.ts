// Faults 44 and 59 of the table in docs/xapi-faults.md: names, certificates, upgrades and close codes.
import { subjects } from '@core/contracts/subjects';
import { until } from '@core/testing/until';
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('ways to a broker that are blocked', () => {
  let harness: ConnectorHarness;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({ transport: 'ws', simulator: { SIMULATOR_CERTIFICATE: 'expired' } });
  });
  afterAll(() => harness?.close());

  const says = (text: RegExp): Promise<void> => until(() => harness.connector.lines.some((line) => text.test(line)));

  /** An account at a server of its own; the broker knows it. */
  async function accountAt(venue: string, server: object): Promise<TradingAccount> {
    const endpoint = { transport: 'tls', ...harness.servers.tls, insecureTls: false, ...server };
    await harness.registry.putBroker({ venue, protocol: 'xapi', endpoint });
    const userId = String(10_000 + Math.floor(Math.random() * 80_000));
    await harness.broker('POST', 'accounts', { userId, password: 'secret' });
    return harness.register(userId, 'secret', venue);
  }

  /** Meanwhile another account, by another way, trades. */
  async function othersTrade(): Promise<void> {
    const trading = await harness.account();
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    await trading.retire();
  }

  it('59: a name that nobody knows', async () => {
    const main = 'no-such-host.invalid:5124';
    const trading = await accountAt('nowhere', { transport: 'tcp', main, stream: main });
    await says(/no-such-host\.invalid/);
    await othersTrade();
    await trading.retire();
  });

  it('59: a certificate that has expired and nobody signed, and a server that is trusted all the same', async () => {
    const trading = await accountAt('expired', {});
    await says(/certificate/);
    await othersTrade();
    const trusted = { transport: 'tls', ...harness.servers.tls, insecureTls: true };
    await harness.registry.putBroker({ venue: 'expired', protocol: 'xapi', endpoint: trusted });
    harness.connection.publish(subjects.registryChanged, Buffer.from('{}'));
    await trading.sees('AccountReconciled');
    await trading.retire();
  });

  it.each([502, 403])('44, 59: an upgrade answered with an error page, %s', async (status) => {
    const trading = await harness.account();
    await harness.fault({ kind: 'refuse-upgrade', status, times: 3 });
    await trading.interrupted();
    await says(new RegExp(`${status}`));
    await trading.retire();
  });

  it.each([
    ['close', 1001],
    ['close', 1011],
    ['reset', undefined],
    ['drop', undefined],
  ])('59: the WebSocket ends by %s %s', async (how, code) => {
    const trading = await harness.account();
    await trading.interrupted(code === undefined ? { how } : { how, code });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    await trading.retire();
  });

  it('59: a server that answers no pings of the WebSocket is watched by its keep-alives', async () => {
    await harness.broker('PATCH', 'knobs', { wire: { pong: false } });
    await othersTrade();
    await harness.calm();
  });
});
