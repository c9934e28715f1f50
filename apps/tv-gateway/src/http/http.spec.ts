import { GatewayUnderTest } from '../gateway.fixture.ts';
import { adasAccount, PASSWORD } from '../memory-ports.fixture.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

describe('text with a NUL in it', () => {
  it('is refused as a login, and costs no password check', async () => {
    for (const form of [
      { login: 'ada\0', password: PASSWORD },
      { login: 'ada', password: `${PASSWORD}\0` },
    ]) {
      expect(await gateway.failure('POST /authorize', { form })).toMatch(/ must be plain text\.$/);
    }
    expect(gateway.ports.traders.checks).toBe(0);
  });

  it('is refused as an instrument, before it is looked for', async () => {
    const request = { token: await gateway.login('ada'), params: { accountId: adasAccount.id } };
    const query = { instrument: 'EURUSD\0' };
    const text = await gateway.failure('GET /accounts/{accountId}/executions', { ...request, query });
    expect(text).toBe('Instrument must be plain text.');
  });
});
