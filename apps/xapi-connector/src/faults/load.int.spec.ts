// Faults 60 and 61 of the table in docs/xapi-faults.md: more than can be taken away at once, and nobody to take it.
import { subjects } from '@core/contracts/subjects';
import type { Quotes } from '@core/contracts/market/quote';
import { until } from '@core/testing/until';
import { anAccountForEach, type ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('floods and silence', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  anAccountForEach({}, (...given) => ([harness, trading] = given));

  /** Opens and closes at the broker, as people do. */
  async function peopleTrade(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await trading.humanCloses(await trading.humanOpens());
  }

  async function allIsTold(count: number): Promise<void> {
    await until(async () => (await trading.all('PositionClosed')).length === count);
    expect(await trading.all('PositionOpened')).toHaveLength(count);
    const events = await trading.events();
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  }

  it('60: NATS is away while records come: they are kept, in order, and told once', async () => {
    await peopleTrade(2);
    await harness.nats.kill();
    await peopleTrade(4);
    await harness.nats.boot();
    await allIsTold(6);
  });

  it('60: NATS comes back empty', async () => {
    await harness.nats.kill();
    harness.nats.wipe();
    await peopleTrade(3);
    await harness.nats.boot();
    await allIsTold(3);
    await until(async () => (await trading.buy().catch(() => null)) !== null);
    await trading.sees('PositionOpened', ({ data }) => data.orderId !== null);
  });

  it('60: the ledger dies while records come', async () => {
    await peopleTrade(2);
    await harness.ledger.crash();
    await peopleTrade(4);
    await harness.ledger.start();
    await allIsTold(6);
  });

  it('60: a request made while nothing is claimed is sent when the ledger is back', async () => {
    const orderId = await trading.buy('0.1', { kind: 'stop', price: '1.9' });
    await trading.sees('OrderWorking', ({ data }) => data.orderId === orderId);
    await harness.ledger.crash();
    await harness.ledger.start();
    const next = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === next);
    expect(await trading.sent(next)).toBe(1);
  });

  it('61: a flood of ticks is told as the last value of each moment, and delays no trade', async () => {
    await harness.broker('PATCH', 'knobs', { duplicateTicks: 5 });
    let told = 0;
    const quotes = harness.connection.subscribe(subjects.quotes('sim'), {
      callback: (_, message) => (told += message.json<Quotes>().quotes.length),
    });
    const before = await ticks();
    for (const symbol of ['EURUSD', 'GOLD', 'US500'])
      await harness.broker('POST', `prices/${symbol}/burst`, { count: 10_000 });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    await until(async () => (await ticks()) - before > 10);
    quotes.unsubscribe();
    expect(told).toBeLessThan((await ticks()) - before);
  });

  const ticks = async (): Promise<number> => {
    const line = (await harness.connector.metrics()).split('\n').find((each) => each.startsWith('xapi_ticks_total{'));
    return Number(line?.split(' ').at(-1) ?? 0);
  };
});
