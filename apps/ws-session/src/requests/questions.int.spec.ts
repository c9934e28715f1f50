import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { anInstrument, aPair } from '@core/contracts/market/example.fixture';
import { newId } from '@core/service/clock';
import { WsSessionHarness, type Client } from '../ws-session-harness.fixture.ts';

let harness: WsSessionHarness;
let client: Client;

beforeEach(async () => {
  harness = await WsSessionHarness.open();
  harness.keys.add('everything', { prices: true });
  await harness.happen(anEvent('AccountRegistered'), anEvent('AccountUpdated'), anEvent('OrderWorking'));
  harness.hearMarket({ venue: 'demo', instruments: [anInstrument()], quotes: [], states: [] });
  client = await harness.enter('everything', { features: ['responses', 'subscribe', 'error'] });
});
afterEach(() => harness.close());

describe('a name that nothing has', () => {
  /** What every object of the language has. */
  const inborn = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it.each([
    ['get_positions', 'position_id', 'position_not_found'],
    ['get_pending_positions', 'position_id', 'order_not_found'],
    ['get_positions', 'asset_pair', 'asset_pair_not_found'],
    ['get_last_prices', 'asset_pair', 'asset_pair_not_found'],
    ['get_accounts', 'account_id', 'account_not_found'],
    ['get_accounts', 'trader_id', 'account_not_found'],
  ])('is not found by %s as %s, whatever it is', async (question, key, error) => {
    for (const [index, name] of ['none', ...inborn].entries()) {
      client.ask(name, { [question]: { [key]: name } });
      expect([name, await client.heard(`${question}_response`, index + 1)]).toEqual([name, { error }]);
    }
  });
});

it('accounts are told in one order, however a process came to know them', async () => {
  const ids = [9, 3, 7].map(exampleId);
  for (const subject of ids)
    await harness.happen(
      anEvent('AccountRegistered', {}, { subject, id: newId() }),
      anEvent('AccountUpdated', {}, { subject, id: newId() }),
    );
  client.ask('q', { get_accounts: {} });
  const { success } = (await client.heard('get_accounts_response')) as { success: readonly { id: string }[] };
  expect(success.map(({ id }) => id)).toEqual([...ids, exampleAccount].toSorted());
});

describe('what is not understood', () => {
  it.each([
    [{ teleport: {} }, 'invalid_message_format', 'client_message: unknown variant'],
    [{ place_order: {} }, 'invalid_message_format', expect.stringContaining('place_order.process_id')],
    [{ auth_request: { secret_key: 'everything' } }, 'already_authenticated', 'already authenticated'],
  ])('is answered by what is wrong with it: %j', async (message, code, text) => {
    client.ask('q', message);
    expect(await client.heard('error')).toEqual({ code, message: text, fatal: false });
  });

  it.each([
    [{ get_accounts: {} }, 'it needs the feature responses'],
    [{ subscribe: { topics: [] } }, 'it needs the feature subscribe'],
  ])('is answered by the feature that it needs: %j', async (message, text) => {
    const plain = await harness.enter('everything', { features: ['error'] });
    plain.ask('q', message);
    expect(await plain.heard('error')).toEqual({ code: 'unsupported_feature', message: text, fatal: false });
  });
});

describe('prices of all instruments', () => {
  const choosing = async (instruments: number, subscription: object): Promise<unknown> => {
    const pairs = Array.from({ length: instruments }, (_, n) => aPair(`P${n}`));
    harness.hearMarket({ venue: 'demo', instruments: pairs, quotes: [], states: [] });
    client.ask('q', subscription as Record<string, unknown>);
    return client.heard(`${Object.keys(subscription).join()}_result`);
  };
  const all = { topics: ['prices'] };

  it('may be chosen without their names where they are two hundred', async () => {
    expect(await choosing(200, { subscribe: all })).toEqual({ success: true });
  });

  it('have to be named where they are more', async () => {
    expect(await choosing(201, { subscribe: all })).toEqual({ error: 'too_many_subscriptions' });
  });

  it.each([
    { subscribe: { ...all, asset_pairs: ['P1'] } },
    { subscribe: { topics: ['accounts'] } },
    { unsubscribe: all },
  ])('do not stand in the way of %j', async (subscription) => {
    expect(await choosing(201, subscription)).toEqual({ success: true });
  });
});
