// Faults 46 to 52, 54 and 55 of the table in docs/xapi-faults.md: bytes, on raw sockets and on WebSockets.
import { until } from '@core/testing/until';
import { anAccountForEach, ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe.each(['tcp', 'ws'] as const)('bytes over %s', (transport) => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  anAccountForEach({ transport }, (...given) => ([harness, trading] = given));

  /** A whole round: a new session with its snapshot, an order, its end. */
  async function trades(): Promise<void> {
    await trading.interrupted();
    const orderId = await trading.buy();
    const { positionId } = (await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId)).data;
    await trading.closePosition(positionId);
    await trading.sees('PositionClosed', ({ data }) => data.positionId === positionId);
  }

  const wire = (change: object): Promise<unknown> => harness.broker('PATCH', 'knobs', { wire: change });

  it.each([
    ['46: one byte at a time', { fragmentBytes: 1 }],
    ['48: characters split between reads', { fragmentBytes: 3 }],
    ['49: one newline between messages', { separator: '\n' }],
    ['49: carriage returns', { separator: '\r\n' }],
    ['47, 49: nothing between messages', { separator: '' }],
    ['49: any white space', { separator: ' \r\n\r\n\t' }],
    ['54: fields that nobody knows', { unknownFields: true }],
    ['55: whole numbers where floats are documented', { numbers: 'integers' }],
    ['55: floats where whole numbers are documented', { numbers: 'floats' }],
    ['55: numbers padded with zeros', { numbers: 'padded' }],
  ])('%s', async (_, change) => {
    await wire(change);
    await trades();
  });

  it('50: a message that breaks off in its middle', async () => {
    const before = (await trading.all('AccountReconciled')).length;
    await harness.fault({ kind: 'truncate', socket: 'stream', user: trading.userId, times: 1 });
    await harness.fault({ kind: 'truncate', socket: 'main', user: trading.userId, times: 1 });
    await trading.humanOpens();
    await trading.reconciledSince(before);
    await trading.sees('PositionOpened');
  });

  it('52, 48: braces, quotes, escapes and any script in comments', async () => {
    const comment = '{"a":"}]\\\\\\"{ złoty 黄金 🪙';
    await trading.humanOpens({ customComment: comment });
    const opened = await trading.sees('PositionOpened');
    expect(opened.data.comment).toBe(comment);
  });

  it('54: records of streams that nobody knows, and ones that make no sense', async () => {
    const raw = (text: string): Promise<unknown> =>
      harness.broker('POST', 'raw', { userId: trading.userId, socket: 'stream', text });
    await raw('{"command":"horoscope","data":{"mood":"good"}}');
    await raw('{"command":"trade","data":{"cmd":"buy"}}');
    await until(() => harness.connector.lines.some((line) => line.includes('a record cannot be read')));
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await trading.all('AccountSessionLost')).toEqual([]);
  });

  it('47: more than one read holds: a burst in one piece', async () => {
    await Promise.all(Array.from({ length: 12 }, () => trading.humanOpens()));
    await until(async () => (await trading.all('PositionOpened')).length === 12);
    await harness.broker('POST', `accounts/${trading.userId}/resync`);
    await trading.interrupted();
    expect(await trading.all('PositionOpened')).toHaveLength(12);
  });
});

describe('instruments', () => {
  let harness: ConnectorHarness;

  beforeAll(async () => {
    harness = await ConnectorHarness.open({ connector: { INSTRUMENTS_MS: '1000', REPLY_TIMEOUT_MS: '20000' } });
    await harness.broker('PATCH', 'knobs', { fillerSymbols: 15_000 });
  });
  afterAll(() => harness?.close());

  it('51: an answer of 20 MB, of which one message carries the first', async () => {
    const trading = await harness.account();
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(harness.connector.lines.some((line) => line.includes('too many for a message'))).toBe(true);
  });
});
