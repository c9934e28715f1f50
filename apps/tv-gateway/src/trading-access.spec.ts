import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { Registry } from 'prom-client';
import { GatewayHarness } from './gateway-harness.fixture.ts';
import { ada, adasAccount } from './memory-ports.fixture.ts';

const marketOrder = {
  ...{ instrument: 'EURUSD', currentAsk: '1.1002', currentBid: '1.1', side: 'buy', type: 'market', qty: '10000' },
};

let gateway: GatewayHarness;
let token: string;

beforeEach(async () => {
  gateway = await GatewayHarness.start({ COMMAND_TIMEOUT_MS: '100' });
  const an = { subject: adasAccount.id };
  await gateway.ports.ledger.record(
    anEvent('AccountRegistered', { traderId: ada, venue: 'demo' }, an),
    anEvent('AccountUpdated', {}, an),
    anEvent('BalanceChanged', { balance: '10000', operation: null }, an),
  );
  token = await gateway.login('ada');
});
afterEach(() => gateway.stop());

const order = (form: Record<string, string> = {}) => ({
  ...{ token, params: { accountId: adasAccount.id }, form: { ...marketOrder, ...form } },
});

/** The lines of trading requests. */
const lines = (): unknown[] =>
  gateway.logged.lines
    .map((line): unknown[] => JSON.parse(line))
    .filter(([, context]) => context === 'Access')
    .map(([line]) => line);

const figures = (): Promise<string> => gateway.app.get(Registry).metrics();

describe('a trading request', () => {
  it('that was taken is one line with the id under which the log tells its whole story', async () => {
    const { d } = await gateway.success('POST /accounts/{accountId}/orders', order());
    const asked = gateway.ports.ledger.events.find(({ type }) => type === 'OrderRequested');
    expect(lines()).toEqual([
      {
        ...{ request: 'place', accountId: adasAccount.id, outcome: 'taken', reason: null },
        ...{ requestId: d.orderId, correlationId: asked?.correlationid },
        ...{ ms: expect.any(Number), msg: 'a trading request was answered' },
      },
    ]);
  });

  it('that is refused is one line with the reason, and counts as refused whatever its status', async () => {
    await gateway.failure('POST /accounts/{accountId}/orders', order({ qty: '1' }));
    await gateway.failure('POST /accounts/{accountId}/orders', order({ instrument: 'NOPE' }));
    expect(lines()).toEqual([
      expect.objectContaining({ outcome: 'refused', reason: 'volume-not-multiple-of-step' }),
      expect.objectContaining({ outcome: 'refused', reason: 'refusal.unknown-instrument' }),
    ]);
    const text = await figures();
    expect(text).toMatch(
      /tv_http_request_seconds_count\{method="POST",route="[^"]*orders",status="200",outcome="refused"\} 2/,
    );
    expect(text).toContain('trading_request_seconds_count{request="place",outcome="refused"} 2');
  });

  it('that the ledger does not answer is called neither taken nor refused', async () => {
    gateway.ports.ledger.mood = 'silent';
    await gateway.failure('POST /accounts/{accountId}/orders', order());
    expect(lines()).toEqual([
      expect.objectContaining({ outcome: 'unanswered', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }),
    ]);
    expect(await figures()).toContain('status="200",outcome="failed"} 1');
  });
});

it.each([
  ['who is not logged in', () => ({ ...order(), token: 'none' }), 'unauthenticated'],
  [
    'an account of somebody else',
    () => ({ ...order(), params: { accountId: exampleId(0xb0b) } }),
    'refusal.unknown-account',
  ],
  ['terms where nobody reads them', () => ({ ...order(), query: { qty: '1' } }), 'form.inBody'],
])('that is turned away before it is read is one line too: %s', async (_, turnedAway, reason) => {
  await gateway.call('POST /accounts/{accountId}/orders', turnedAway());
  const line = { request: 'place', outcome: 'refused', reason, accountId: null, requestId: null };
  expect(lines()).toEqual([expect.objectContaining(line)]);
  await gateway.call('POST /accounts/{accountId}/previewOrder', turnedAway());
  expect(lines()).toHaveLength(1);
});

it('what only asks is no trading request', async () => {
  await gateway.success('POST /accounts/{accountId}/previewOrder', order());
  expect(lines()).toEqual([]);
});
