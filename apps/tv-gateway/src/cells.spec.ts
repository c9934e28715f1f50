import { cellIn, withCell, withoutCell } from '@core/contracts/cell';
import { Failure } from '@core/tradingview/wire/envelope';
import { GatewayHarness } from './gateway-harness.fixture.ts';
import { ada, bob, PASSWORD } from './memory-ports.fixture.ts';
import {
  aClient,
  authorization,
  Browser,
  exchange,
  OAUTH_SETTINGS,
  refreshing,
  tokens,
} from './oauth-client.fixture.ts';

let gateway: GatewayHarness;
beforeAll(async () => {
  gateway = await GatewayHarness.start({ ...OAUTH_SETTINGS, CELL: 'a' });
  gateway.ports.oauthClients.registered.push(aClient());
  gateway.ports.traders.homes.set(ada, 'a').set(bob, 'b');
});
afterAll(() => gateway.stop());

const withToken = (token: string) => gateway.call('GET /accounts', { token });

describe('a gateway of the cell a', () => {
  it.each([
    ['ada', 'a'],
    ['bob', 'b'],
  ])('lets %s in with a token of the cell %s', async (login, cell) => {
    expect(cellIn(await gateway.login(login))).toBe(cell);
  });

  it('knows its own tokens, and none without its name or under another', async () => {
    const token = await gateway.login('ada');
    expect((await withToken(token)).statusCode).toBe(200);
    const bare = withoutCell(token);
    for (const other of [bare, withCell('b', bare), `a.${token}`])
      expect((await withToken(other)).statusCode).toBe(401);
  });

  it('says of another cell’s token that it is another’s, whoever made it up', async () => {
    const token = await gateway.login('bob');
    for (const theirs of [token, 'b.made-up']) {
      const answer = await withToken(theirs);
      expect(answer.statusCode).toBe(401);
      expect(Failure.parse(answer.json()).errmsg).toBe(
        'You are logged in at another server of this broker. Please log in again.',
      );
    }
    const data = await gateway.raw({ url: '/symbol_info?group=all', headers: { authorization: `Bearer ${token}` } });
    expect(data.statusCode).toBe(401);
  });

  it('knows nobody any more who has moved, by whatever token and for whatever they ask', async () => {
    const token = await gateway.login('ada');
    const { d: accounts } = await gateway.success('GET /accounts', { token });
    const accountId = accounts[0]?.id ?? '';
    gateway.ports.traders.moved.add(ada);
    gateway.registryChanged();
    const asked = [
      withToken(token),
      gateway.call('GET /accounts/{accountId}/orders', { token, params: { accountId } }),
    ];
    for (const answer of await Promise.all(asked)) {
      expect(answer.statusCode).toBe(401);
      expect(Failure.parse(answer.json()).errmsg).toContain('Please log in again.');
    }
    gateway.ports.traders.moved.clear();
  });

  it('tells of nobody where they live: what is wrong is answered the same', async () => {
    const wrong = await Promise.all(
      ['ada', 'bob', 'nobody'].map((login) =>
        gateway.failure('POST /authorize', { form: { login, password: 'wrong', locale: 'en' } }),
      ),
    );
    expect(new Set(wrong).size).toBe(1);
  });

  it('lets in by its page, and renews, with tokens of the right cell', async () => {
    const back = await new Browser(gateway).logIn(authorization(), 'bob');
    const { body } = await tokens(gateway, exchange(back.searchParams.get('code')));
    expect(cellIn(String(body['access_token']))).toBe('b');
    const renewed = await tokens(gateway, refreshing(String(body['refresh_token'])));
    expect(cellIn(String(renewed.body['access_token']))).toBe('b');
  });
});

it('a login by page at its own cell is known there', async () => {
  const back = await new Browser(gateway).logIn(authorization(), 'ada');
  const { body } = await tokens(gateway, exchange(back.searchParams.get('code')));
  expect((await withToken(String(body['access_token']))).statusCode).toBe(200);
  expect((await gateway.call('POST /authorize', { form: { login: 'ada', password: PASSWORD } })).statusCode).toBe(200);
});
