// Faults 1, 2, 4 to 9, 37 to 42, 44, 45, 53, 56 and 58 of the table in docs/xapi-faults.md: connections and sessions.
import { subjects } from '@core/contracts/subjects';
import { until } from '@core/testing/until';
import { anAccountForEach, type ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('connections and sessions', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  const connector = { KEEP_ALIVE_MS: '3000', FIRST_KEEP_ALIVE_MS: '3500', PING_MS: '500', REPLY_TIMEOUT_MS: '2000' };
  anAccountForEach(
    { connector: { ...connector, FULL_PAUSE_MS: '500', REDIRECT_HOSTS: '127.0.0.1' } },
    (...given) => ([harness, trading] = given),
  );

  const knobs = (change: object): Promise<unknown> => harness.broker('PATCH', 'knobs', change);
  const reconciled = async (): Promise<number> => (await trading.all('AccountReconciled')).length;

  /** The session ends, a new one begins, and an order goes through it. */
  async function recovers(cause: () => Promise<unknown>, reason: RegExp): Promise<void> {
    const before = await reconciled();
    await cause();
    const lost = await trading.sees('AccountSessionLost', ({ data }) => reason.test(data.reason));
    await harness.broker('DELETE', 'faults');
    await trading.reconciledSince(before);
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(lost.data.connector).toMatch(/#\d+$/);
  }

  const metric = async (name: string): Promise<number> => {
    const line = (await harness.connector.metrics())
      .split('\n')
      .find((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  };

  it('1: the main connection is there and nobody answers', () =>
    recovers(() => harness.fault({ kind: 'freeze', socket: 'main', user: trading.userId }), /ping/));

  it('2: the stream is there and nothing comes', () =>
    recovers(() => harness.fault({ kind: 'freeze', socket: 'stream', user: trading.userId }), /no keep-alive/));

  it('4: no keep-alives, though data comes', () =>
    recovers(() => harness.fault({ kind: 'mute', stream: 'keepAlive', user: trading.userId }), /no keep-alive/));

  it('5: a burst of requests keeps the pace that brokers demand', async () => {
    const orders = await Promise.all(Array.from({ length: 10 }, () => trading.buy()));
    await until(async () => (await trading.all('PositionOpened')).length === orders.length);
    expect(await trading.all('AccountSessionLost')).toEqual([]);
    for (const orderId of orders) expect(await trading.sent(orderId)).toBe(1);
  });

  it('5: a broker that drops for pace all the same costs sessions, not orders', async () => {
    // A pace that nobody keeps, however slow the machine: the sixth command in a row is too many.
    await knobs({ pacing: { minMs: 60_000, strikes: 6 } });
    const orders = await Promise.all(Array.from({ length: 8 }, () => trading.buy()));
    await trading.sees('AccountSessionLost');
    await knobs({ pacing: { minMs: 150 } });
    const ends = ['RequestAccepted', 'RequestExpired', 'RequestRejected'];
    await until(
      async () => (await trading.events()).filter(({ type }) => ends.includes(type)).length === orders.length,
    );
    for (const orderId of orders) expect(await trading.sent(orderId)).toBeLessThanOrEqual(1);
  });

  it('6: a command longer than the broker takes is lost with its connection: not executed', async () => {
    await knobs({ maxCommandBytes: 200 });
    await trading.interrupted();
    const orderId = await trading.buy();
    await trading.sees(
      'RequestOutcomeUnknown',
      ({ data }) => data.requestId === orderId && data.cause === 'connection-lost',
    );
    await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId && data.reason === 'not-executed');
  });

  it('7: dropped at a command that the broker cannot read', async () => {
    const drop = { kind: 'drop-on', command: 'tradeTransaction', when: 'before', user: trading.userId, times: 1 };
    await harness.fault(drop);
    const orderId = await trading.buy();
    await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId && data.reason === 'not-executed');
  });

  it('7: dropped after it was executed, before the answer', async () => {
    const drop = { kind: 'drop-on', command: 'tradeTransaction', when: 'executed', user: trading.userId, times: 1 };
    await harness.fault(drop);
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await trading.sent(orderId)).toBe(1);
  });

  it.each(['close', 'hang', 'refuse'])('8, 58: maintenance, connections %s', (mode) =>
    recovers(async () => {
      await harness.fault({ kind: 'maintenance', mode });
      await harness.broker('POST', 'disconnect', { userId: trading.userId });
    }, /closed|lost|reset/),
  );

  it('9: the end right behind the reply to a login', async () => {
    const before = await reconciled();
    await harness.fault({ kind: 'drop-on', command: 'login', when: 'replied', user: trading.userId, times: 2 });
    await harness.broker('POST', 'disconnect', { userId: trading.userId });
    await trading.reconciledSince(before);
  });

  it.each([
    ['37', 'BE200', 'expire'],
    ['38', 'BE103', 'forget'],
  ])('%s: a session that ended with %s is opened anew', (_, code, how) =>
    recovers(
      () => harness.broker('POST', `accounts/${trading.userId}/session`, { how }),
      // Whichever connection asks first: one that was being opened just then hears it as a stale token.
      new RegExp(`${code}|BE117|keep-alive`),
    ),
  );

  it('39: a stale stream token is refused, and the whole session is opened anew', () =>
    recovers(() => harness.broker('POST', 'raw', rawStatus('BE117', 'stream')), /refused the session: BE117/));

  it('40, 53: bare status frames on either connection are borne', async () => {
    await harness.broker('POST', 'raw', rawStatus('BE118', 'main'));
    await harness.broker('POST', 'raw', { userId: trading.userId, socket: 'stream', text: '{"status":true}' });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await trading.all('AccountSessionLost')).toEqual([]);
  });

  it('41: a wrong password is tried once, and again when it was changed', async () => {
    const userId = String(10_000 + Math.floor(Math.random() * 80_000));
    await harness.broker('POST', 'accounts', { userId, password: 'the right one' });
    const before = await metric('xapi_logins_refused_total');
    const locked = await harness.register(userId, 'a wrong one');
    await until(async () => (await metric('xapi_accounts_refused')) === 1);
    await harness.connector.ready();
    const { traderId, venue, mode } = (await locked.sees('AccountRegistered')).data;
    const account = { traderId, venue, mode, brokerLogin: userId, name: userId, password: 'the right one' };
    expect(await metric('xapi_logins_refused_total')).toBe(before + 1);
    await harness.registry.putAccount(account);
    harness.connection.publish(subjects.registryChanged, Buffer.from('{}'));
    await locked.sees('AccountReconciled');
    expect(await metric('xapi_logins_refused_total')).toBe(before + 1);
  });

  it('42: no connection to be had: waits, and takes the next', async () => {
    const open = await harness.broker<object[]>('GET', 'connections');
    await knobs({ maxConnectionsPerAddress: open.length });
    const userId = String(10_000 + Math.floor(Math.random() * 80_000));
    await harness.broker('POST', 'accounts', { userId, password: 'secret' });
    const crowded = await harness.register(userId, 'secret');
    await until(() => harness.connector.lines.some((line) => line.includes('EX008')));
    await knobs({ maxConnectionsPerAddress: 50 });
    await crowded.sees('AccountReconciled');
  });

  it.each([
    ['ZZ999', undefined],
    ['BE009', null],
  ])('44: the unknown or wordless error %s at a trade', async (code, description) => {
    const error = { kind: 'reply-error', command: 'tradeTransaction', code, user: trading.userId, times: 1 };
    await harness.fault(description === undefined ? error : { ...error, description });
    const orderId = await trading.buy();
    if (code === 'BE009') {
      const rejected = await trading.sees('RequestRejected', ({ data }) => data.requestId === orderId);
      expect(rejected.data).toMatchObject({ reason: 'insufficient-funds', brokerCode: 'BE009', text: null });
    } else {
      await trading.sees(
        'RequestOutcomeUnknown',
        ({ data }) => data.requestId === orderId && data.cause === 'broker-error',
      );
      await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId && data.reason === 'not-executed');
    }
  });

  it('45: a redirect is followed to an allowed host, and not for ever', async () => {
    const { tcp } = await harness.broker<{ tcp: { main: string; stream: string } }>('GET', 'addresses');
    const port = (address: string): number => Number(address.split(':').at(-1));
    const target = { address: '127.0.0.1', mainPort: port(tcp.main), streamingPort: port(tcp.stream) };
    await recovers(async () => {
      await harness.fault({ kind: 'redirect', ...target, user: trading.userId, times: 2 });
      await harness.broker('POST', 'disconnect', { userId: trading.userId });
      const before = (await trading.all('AccountSessionOpened')).length;
      await until(async () => (await trading.all('AccountSessionOpened')).length > before);
    }, /./);
    await recovers(async () => {
      await harness.fault({ kind: 'redirect', ...target, user: trading.userId });
      await harness.broker('POST', 'disconnect', { userId: trading.userId });
      await until(() => harness.connector.lines.some((line) => line.includes('too many redirects')));
    }, /./);
  });

  it('45: a redirect elsewhere is not followed', async () => {
    const elsewhere = {
      kind: 'redirect',
      address: 'evil.example',
      mainPort: 1,
      streamingPort: 2,
      user: trading.userId,
    };
    await harness.fault(elsewhere);
    await harness.broker('POST', 'disconnect', { userId: trading.userId });
    await until(() => harness.connector.lines.some((line) => line.includes('not allowed')));
  });

  it.each([300_000, -300_000])('56: the broker’s clock is %s ms off: times are the broker’s', async (clockSkewMs) => {
    await knobs({ clockSkewMs });
    await trading.interrupted();
    const orderId = await trading.buy();
    const opened = await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    const offMs = Date.parse(opened.data.openedAt) - Date.now();
    expect(Math.abs(offMs - clockSkewMs)).toBeLessThan(30_000);
    await trading.closePosition(opened.data.positionId);
    await trading.sees('PositionClosed', ({ data }) => data.positionId === opened.data.positionId);
    await trading.interrupted();
    expect((await trading.story()).filter((type) => type === 'PositionClosed')).toHaveLength(1);
  });

  const rawStatus = (errorCode: string, socket: 'main' | 'stream') => ({
    userId: trading.userId,
    socket,
    text: JSON.stringify({ status: false, errorCode, errorDescr: 'said the broker' }),
  });
});
