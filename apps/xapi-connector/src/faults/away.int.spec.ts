// Time without a session: what is asked for meanwhile.
import { House } from './house.fixture.ts';

const WAIT_MS = 40_000;

describe('without a session', () => {
  let house: House;

  beforeAll(async () => {
    process.env['REQUEST_MAX_AGE_MS'] = '3000'; // of the ledger: processes are started with our environment
    house = await House.open({ connector: { ABANDON_MS: '4000' } });
  }, 120_000);
  afterAll(() => house?.close(), 60_000);

  it('a request ends as not sent', async () => {
    const trading = await house.account();
    await house.broker('POST', `accounts/${trading.userId}/login`, { disabled: true });
    await house.broker('POST', 'disconnect', { userId: trading.userId });
    await trading.sees('AccountSessionLost');
    const orderId = await trading.buy();
    const expired = await trading.sees('OrderExpired', ({ data }) => data.orderId === orderId, WAIT_MS);
    expect(expired.data.reason).toBe('not-sent');
    expect(await trading.sent(orderId)).toBe(0);
    await trading.retire();
  }, 120_000);
});
