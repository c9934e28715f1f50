import { openRegistry } from '@core/registry/registry';
import { newId } from '@core/service/clock';
import { freshDatabase } from '@core/testing/fresh-database';
import { randomBytes } from 'node:crypto';
import { RegisteredIntegrations } from './integrations.ts';

it('an integration may nothing once it is revoked, nor while its account is disabled', async () => {
  const database = await freshDatabase();
  const registry = await openRegistry({ url: database.url, key: randomBytes(32).toString('base64'), newId });
  try {
    const { id: traderId } = await registry.addTrader('ada', 'trader password');
    await registry.putBroker({ venue: 'demo', protocol: 'xapi', endpoint: { main: 'h:1' } });
    const login = { venue: 'demo', brokerLogin: '10001', name: 'x', mode: 'demo', password: 'x' } as const;
    const account = await registry.putAccount({ ...login, traderId });
    const { integration, token } = await registry.addIntegration(account.id, 'signals', {});
    const integrations = new RegisteredIntegrations(registry);
    const asked = async () => {
      const found = [await integrations.authenticate(integration.id, token), await integrations.find(integration.id)];
      return found.map((each) => each?.id ?? null);
    };
    expect(await asked()).toEqual([integration.id, integration.id]);
    await registry.setAccountEnabled(account.id, false);
    expect(await asked()).toEqual([null, null]);
    await registry.setAccountEnabled(account.id, true);
    expect(await asked()).toEqual([integration.id, integration.id]);
    expect(await integrations.authenticate(integration.id, `${token}x`)).toBeNull();
    await registry.revokeIntegration(integration.id);
    expect(await asked()).toEqual([null, null]);
  } finally {
    await registry.close();
    await database.drop();
  }
});
