import { openRegistry } from '@core/registry/registry';
import { hashOf } from '@core/registry/tokens';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { PostgresSignalInbox } from '@core/signal-inbox/postgres-signal-inbox';
import { freshDatabase, type FreshDatabase } from '@core/testing/fresh-database';
import { randomBytes } from 'node:crypto';
import { aDelivery, describeInbox } from './inbox.contract.ts';
import { RegisteredIntegrations } from './integrations.ts';
import { MemoryInbox } from './memory-inbox.fixture.ts';

let database: FreshDatabase;
let inbox: PostgresSignalInbox | undefined;
beforeAll(async () => (database = await freshDatabase()));
afterAll(async () => {
  await inbox?.onApplicationShutdown();
  await database.drop();
});

describeInbox('Postgres', async () => (inbox = await PostgresSignalInbox.open(database.url, 5_000, 60_000)));
describeInbox('memory', async () => new MemoryInbox());

it('an integration has its own bound or its account’s, and may nothing once it is revoked, nor while its account is disabled', async () => {
  const registry = await openRegistry({ url: database.url, key: randomBytes(32).toString('base64'), newId });
  try {
    const { id: traderId } = await registry.addTrader('ada', 'trader password');
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
    const login = { venue: 'demo', brokerLogin: '10001', name: 'x', mode: 'demo', password: 'x' } as const;
    const account = await registry.putAccount({ ...login, traderId });
    const { integration, token } = await registry.addIntegration(account.id, 'signals', {});
    const integrations = new RegisteredIntegrations(registry);
    const asked = async () => {
      const found = [
        await integrations.authenticate(integration.id, hashOf(token)),
        await integrations.find(integration.id),
      ];
      return found.map((each) => each?.id ?? null);
    };
    expect(await asked()).toEqual([integration.id, integration.id]);
    const bound = async () => (await integrations.find(integration.id))?.slippagePercent;
    expect(await bound()).toBeNull();
    await registry.slippage.set({ of: 'account', account: account.id }, '2');
    expect(await bound()).toBe('2');
    await registry.slippage.set({ of: 'integration', integration: integration.id }, '1');
    expect(await bound()).toBe('1');
    await registry.setAccountEnabled(account.id, false);
    expect(await asked()).toEqual([null, null]);
    await registry.setAccountEnabled(account.id, true);
    expect(await asked()).toEqual([integration.id, integration.id]);
    expect(await integrations.authenticate(integration.id, hashOf(`${token}x`))).toBeNull();
    await registry.revokeIntegration(integration.id);
    expect(await asked()).toEqual([null, null]);
  } finally {
    await registry.close();
  }
});

it('whoever sent before is kept as long as nothing of them has changed, and not one delivery longer', async () => {
  const registry = await openRegistry({ url: database.url, key: randomBytes(32).toString('base64'), newId });
  const kept = present(inbox, 'the inbox is open');
  try {
    const { id: traderId } = await registry.addTrader('eve', 'trader password');
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
    const login = { venue: 'demo', brokerLogin: '10002', name: 'x', mode: 'demo', password: 'x' } as const;
    const account = await registry.putAccount({ ...login, traderId });
    const { integration } = await registry.addIntegration(account.id, 'signals', {});
    const token = await registry.integrationTokens.add(integration.id);
    const integrations = new RegisteredIntegrations(registry);
    const remembered = () => integrations.remembered(integration.id, hashOf(token));
    const isPending = async (id: string) => (await kept.claim('all')).some((pending) => pending.id === id);
    const aDeliveryOf = (id: string) => ({ ...aDelivery(0), id, integrationId: integration.id });
    expect(remembered()).toBeNull();

    for (const change of [
      () => registry.slippage.set({ of: 'account', account: account.id }, '2'),
      () => registry.slippage.set({ of: 'integration', integration: integration.id }, '1'),
      () => registry.integrationTokens.add(integration.id),
      () => registry.setAccountEnabled(account.id, false),
      () => registry.integrationTokens.withdraw(integration.id, hashOf(token)),
    ]) {
      await registry.setAccountEnabled(account.id, true);
      const asking = integrations.authenticate(integration.id, hashOf(token));
      expect(remembered()).toBeNull();
      expect(await asking).not.toBeNull();
      const { version } = present(remembered(), 'who was asked for is remembered');
      const [before, after, beside] = [newId(), newId(), newId()];
      expect(await kept.putOf(version, aDeliveryOf(before))).toBeNull();
      await change();
      const answers = [kept.putOf(version, aDeliveryOf(after)), kept.put(aDeliveryOf(beside))];
      expect(await Promise.all(answers)).toEqual(['changed', null]);
      expect([await isPending(after), await isPending(beside)]).toEqual([false, true]);
    }
    expect([await integrations.authenticate(integration.id, hashOf(token)), remembered()]).toEqual([null, null]);
  } finally {
    await registry.close();
  }
});
