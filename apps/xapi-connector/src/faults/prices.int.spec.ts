import { MarketClient } from '@core/bus/market-client';
import { present } from '@core/kernel/present';
import { PATIENCE_MS, until } from '@core/testing/until';
import { ConnectorHarness, VENUE } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('prices that are not what they seem', () => {
  let harness: ConnectorHarness;
  let market: MarketClient;
  let trading: TradingAccount;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({ connector: { ASK_PRICES_MS: '500', PRICES_STALE_MS: '3000' } });
    market = new MarketClient(harness.connection);
    trading = await harness.account();
  });
  afterAll(() => harness?.close());
  afterEach(() => harness.calm());

  async function eurusd() {
    const { quotes, states } = present(await market.snapshot(VENUE, PATIENCE_MS), 'no market');
    const of = ({ instrument }: { readonly instrument: string }): boolean => instrument === 'EURUSD';
    return { quote: quotes.find(of), state: states?.find(of)?.state };
  }
  const live = async (): Promise<number> => {
    const told = /^xapi_prices\{.*state="live".*\} (\d+)$/m.exec(await harness.connector.metrics());
    return Number(told?.[1]);
  };

  it('of a stream that hangs are asked for, so that they are known, and the stream is asked again', async () => {
    await harness.fault({ kind: 'mute', stream: 'tickPrices' });
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.2222', hold: true });
    await until(async () => (await eurusd()).quote?.bid === '1.2222');
    expect((await eurusd()).state).toBe('live');
    await until(() => harness.connector.lines.some((line) => line.includes('prices hang')));
    await until(() => harness.connector.lines.some((line) => line.includes('prices lost')));
  });

  it('are stale while the broker does not answer for them either, and that is said', async () => {
    await harness.fault({ kind: 'mute', stream: 'tickPrices' });
    await harness.fault({ kind: 'reply-error', command: 'getTickPrices', code: 'BE099' });
    await until(async () => (await eurusd()).state === 'stale');
    await until(async () => (await live()) === 0);
    await until(async () => !(await harness.connector.isReady()));
    await harness.calm();
    await until(async () => (await eurusd()).state === 'live');
    await until(() => harness.connector.isReady());
  });

  it('of an instrument that the broker has switched off say so, until it takes a request again', async () => {
    await harness.broker('PATCH', 'knobs', { market: { disabled: ['EURUSD'] } });
    const refused = await trading.buy();
    await trading.sees('RequestRejected', ({ data }) => data.requestId === refused);
    await until(async () => (await eurusd()).state === 'off');
    await harness.broker('PATCH', 'knobs', { market: { disabled: [] } });
    const taken = await trading.buy();
    await trading.sees('RequestAccepted', ({ data }) => data.requestId === taken);
    await until(async () => (await eurusd()).state === 'live');
  });
});
