// Time without a session and streams that tell nothing: what is asked for meanwhile, and what differences lead to.
import { subjects } from '@core/contracts/subjects';
import { until } from '@core/testing/until';
import { anAccountForEach, type ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('differences and time away', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  anAccountForEach(
    {
      ledger: { REQUEST_MAX_AGE_MS: '3000' },
      connector: {
        ABANDON_MS: '4000',
        RECONCILE_MS: '2000',
        DRIFT_POSITION: 'observe',
        DRIFT_ORDER: 'halt',
        DRIFT_AWAY_ORDER: 'close-only',
      },
    },
    async (...given) => {
      [harness, trading] = given;
      await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1', hold: true });
    },
  );

  /** Does something while the account has no session; resolves to what the next one found at its beginning. */
  async function away(what: () => Promise<unknown>) {
    const before = (await trading.all('AccountReconciled')).length;
    await harness.fault({ kind: 'maintenance', mode: 'close' });
    await harness.broker('POST', 'disconnect', { userId: trading.userId });
    await trading.sees('AccountSessionLost');
    await what();
    await harness.broker('DELETE', 'faults');
    await trading.reconciledSince(before);
    return (await trading.all('AccountReconciled'))[before]?.data;
  }

  it('a request that finds no session ends as not sent', async () => {
    await harness.broker('POST', `accounts/${trading.userId}/login`, { disabled: true });
    await harness.broker('POST', 'disconnect', { userId: trading.userId });
    await trading.sees('AccountSessionLost');
    const orderId = await trading.buy();
    const expired = await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId);
    expect(expired.data.reason).toBe('not-sent');
    expect(await trading.sent(orderId)).toBe(0);
  });

  it('a request for an account that nobody may connect ends as not sent', async () => {
    await trading.retire();
    await trading.sees('AccountSessionLost');
    const orderId = await trading.buy();
    const expired = await trading.sees('RequestExpired', ({ data }) => data.requestId === orderId);
    expect(expired.data.reason).toBe('not-sent');
  });

  it('a position closed while nobody listened is told, listed, and leaves the account clean', async () => {
    const position = await trading.humanOpens();
    await trading.sees('PositionOpened');
    const found = await away(() => trading.humanCloses(position));
    expect(found).toMatchObject({ outcome: 'clean', drifts: [{ kind: 'position', theirs: 'closed' }] });
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionClosed']);
  });

  it('an order placed while nobody listened closes an account to new trades that asks for it', async () => {
    const found = await away(() => trading.humanPlaces());
    expect(found).toMatchObject({ outcome: 'drift', drifts: [{ kind: 'order', ours: null }] });
    await trading.sees('OrderWorking');
    const set = await trading.sees('CloseOnlySet');
    expect(set.data).toMatchObject({ closeOnly: true, operator: 'reconciliation' });
    await expect(trading.buy()).rejects.toThrow('close-only');
  });

  it('an order that a session did not tell halts an account that asks for it', async () => {
    await harness.fault({ kind: 'mute', stream: 'trade', user: trading.userId });
    await trading.humanPlaces();
    await trading.sees('TradingHalted');
    expect((await trading.sees('OrderWorking')).data.inferred).toBe(true);
  });

  it('a position that is only observed is listed at every look, and told when the stream tells it', async () => {
    await harness.fault({ kind: 'mute', stream: 'trade', user: trading.userId });
    const position = await trading.humanOpens();
    const drifted = async (): Promise<number> =>
      (await trading.all('AccountReconciled')).filter(({ data }) => data.outcome === 'drift').length;
    await until(async () => (await drifted()) >= 2);
    expect(await trading.story()).toEqual([]);
    expect(await harness.connector.metrics()).toMatch(/^xapi_accounts_drifted\{.*\} 1$/m);

    await harness.calm();
    await harness.broker('POST', `positions/${position}/modify`, { sl: '0.8' });
    expect((await trading.sees('PositionOpened')).data).toMatchObject({ inferred: false, stopLoss: '0.8' });
    const before = await drifted();
    await trading.sees('AccountReconciled', ({ data }) => data.outcome === 'clean' && data.positions === 1);
    expect(await drifted()).toBe(before);
  });

  it('a password that changes while the old one is being refused is tried at once', async () => {
    const userId = String(10_000 + Math.floor(Math.random() * 80_000));
    await harness.broker('POST', 'accounts', { userId, password: 'the right one' });
    await harness.fault({ kind: 'delay-reply', command: 'login', ms: 1_000, times: 1 });
    const locked = await harness.register(userId, 'the old one');
    await until(async () => (await harness.broker<object[]>('GET', 'faults')).length === 0);
    const known = (await locked.sees('AccountRegistered')).data;
    await harness.registry.putAccount({ ...known, brokerLogin: userId, name: userId, password: 'the right one' });
    harness.connection.publish(subjects.registryChanged, Buffer.from('{}'));
    await locked.sees('AccountReconciled');
    await locked.retire();
  });
});
