import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import fc from 'fast-check';
import { WsSessionHarness, type Client } from './ws-session-harness.fixture.ts';

const ROUNDS = 60;
const FEATURES = ['sequence', 'snapshot', 'responses', 'error', 'heartbeat', 'notice'];
const BASE =
  /^(?:auth_result|account_event\.account_(?:added|update)|position\.(?:created|updated|closed)|pending_position\.(?:created|updated|canceled|failed|executed))$/;

/** Everything by which a tenant's things could be known. */
const tenantOf = (n: number) => ({
  ...{ account: exampleId(0xacc0 + n), trader: exampleId(0x7ad0 + n), login: `7000${n}1`, name: `canary name ${n}` },
  ...{
    order: exampleId(0x0d00 + n),
    position: exampleId(0x9050 + n),
    broker: `80000${n}1`,
    process: exampleId(0xc0 + n),
  },
});
type Tenant = ReturnType<typeof tenantOf>;
const [ours, theirs] = [tenantOf(1), tenantOf(2)];

const registered = ({ account: subject, trader: traderId, name }: Tenant): Event[] => [
  anEvent('AccountRegistered', { traderId }, { subject }),
  anEvent('AccountUpdated', { group: name }, { subject }),
  anEvent('AccountSessionOpened', {}, { subject }),
];

const happenings = ({ account: subject, order: orderId, position: positionId, broker, name, process }: Tenant) => {
  const envelope = () => ({ subject, correlationid: process });
  const opened = { positionId, brokerPosition: broker, orderId, comment: name };
  return [
    () => anEvent('OrderWorking', { orderId, kind: 'limit', brokerOrder: broker, comment: name }, envelope()),
    () => anEvent('PositionOpened', opened, envelope()),
    () => anEvent('PositionAmended', { positionId, comment: name }, envelope()),
    () => anEvent('PositionClosed', { positionId, deal: broker }, envelope()),
    () => anEvent('OrderCancelled', { orderId }, envelope()),
    () =>
      anEvent(
        'BalanceChanged',
        { operation: { type: 'deposit', delta: '5', reference: positionId, comment: name } },
        envelope(),
      ),
    () => anEvent('AccountSessionLost', { reason: name }, envelope()),
  ];
};

/** What a client may ask about somebody, as it would of its own. */
const questionsAbout = ({ account, trader, order, position }: Tenant): Record<string, object>[] => {
  const whose = { account_id: account, process_id: 'p-1' };
  const prices = { sl_in_instrument_price: 1.05, tp_in_instrument_price: null };
  return [
    { get_accounts: { account_id: account } },
    { get_accounts: { trader_id: trader } },
    { get_positions: { position_id: position } },
    { get_pending_positions: { position_id: order, account_id: account } },
    { subscribe: { topics: ['accounts', 'positions', 'orders', 'calculate_updates'], account_ids: [account] } },
    { unsubscribe: { topics: ['positions'], account_ids: [account] } },
    { place_order: { ...whose, asset_pair: 'EURUSD', side: 'Buy', order_type: 'Market', lots_amount: 0.1 } },
    { update_order: { ...whose, order_id: order, desire_price: 1.08, ...prices, expire_date: null } },
    { cancel_order: { ...whose, order_id: order } },
    { close_position: { ...whose, position_id: position } },
    { update_position: { ...whose, position_id: position, ...prices } },
  ];
};

/** Microseconds are far above any count of milliseconds, and a size is said twice. */
function expectSizesAndInstants(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  for (const [key, value] of Object.entries(part) as [string, unknown][]) {
    if (typeof value === 'number' && /^date|_date$/.test(key)) expect(value).toBeGreaterThan(1e15);
    if (key === 'lost_amount') expect(value).toBe((part as Record<string, unknown>).lots_amount);
    expectSizesAndInstants(value);
  }
}

it('nothing of another tenant reaches a client, whatever happens and whatever it asks', async () => {
  const settings = { CONNECTS_PER_MINUTE: '10000', SESSIONS_PER_KEY: '1000', CONNECTIONS_PER_ADDRESS: '1000' };
  const harness = await WsSessionHarness.open({
    ...settings,
    INBOUND_PER_SECOND: '1000',
    INBOUND_BURST: '10000',
    FIGURES_MS: '20',
  });
  const scope = { prices: false, trade: true };
  harness.keys.add('ours', { ...scope, traderIds: [ours.trader] });
  harness.keys.add('ours by account', { ...scope, accountIds: [ours.account] });
  harness.keys.add('theirs', { ...scope, accountIds: [theirs.account] });
  await harness.happen(...registered(ours), ...registered(theirs));

  const base = await harness.enter('ours');
  const witness = await harness.enter('theirs', { features: FEATURES });
  const clients = [base];
  const enter = async (secret: string, features: string[], cursor?: string): Promise<Client> => {
    const client = await harness.enter(secret, { features, ...(cursor !== undefined && { resume: { cursor } }) });
    clients.push(client);
    return client;
  };
  let asking = await enter('ours', FEATURES);
  const about = [...questionsAbout(theirs), ...questionsAbout(ours)];
  const cursorOf = (client: Client): string =>
    client.frames.findLast(({ cursor }) => cursor !== undefined)?.cursor ?? '';

  const anything = fc.record({
    event: fc.constantFrom(...happenings(theirs), ...happenings(theirs), ...happenings(ours)),
    question: fc.constantFrom(...about),
    comesBack: fc.constantFrom('no', 'no', 'no', 'with their cursor', 'choosing'),
  });
  for (const [n, { event, question, comesBack }] of fc
    .sample(anything, { numRuns: ROUNDS, seed: 20_261_129 })
    .entries()) {
    await harness.happen(event());
    if (comesBack === 'with their cursor') asking = await enter('ours by account', FEATURES, cursorOf(witness));
    if (comesBack === 'choosing') asking = await enter('ours', [...FEATURES, 'subscribe'], cursorOf(witness));
    asking.ask(`q${n}`, question);
    harness.passes(1_000);
    await asking.understood();
  }

  const heard = clients.flatMap(({ texts }) => texts).join('\n');
  for (const canary of Object.values(theirs)) expect(heard).not.toContain(canary);
  expect(heard).toContain(ours.position);
  expect(witness.texts.join()).toContain(theirs.position);
  for (const variant of base.variants) expect(variant).toMatch(BASE);
  for (const client of clients) client.frames.forEach(expectSizesAndInstants);
  await harness.happen(anEvent('AccountUpdated', { group: 'another' }, { subject: ours.account }));
  await base.understood();
  const updates = base.all('account_event.account_update').length;
  expect(await base.heard('account_event.account_update', updates)).toMatchObject({ operation: null });
  await harness.close();
});
