import { RegistryNews } from '@core/edge/registry-news';
import { AuthSettings } from '../config.ts';
import { ada, adasAccount, memoryPorts } from '../memory-ports.fixture.ts';
import { TraderAccounts } from './trader-accounts.ts';

it('do not outlive a change of the registry that came while they were read', async () => {
  const { traders } = memoryPorts();
  const news = new RegistryNews();
  const accounts = new TraderAccounts(new AuthSettings({ authCacheMs: 60_000, authCacheMax: 10 }), traders, news);
  jest.spyOn(traders, 'accountsOf').mockImplementationOnce(async () => {
    traders.accounts.set(ada, []);
    news.changed();
    return new Map([[ada, [adasAccount]]]);
  });
  await accounts.of(ada);
  expect(await accounts.of(ada)).toEqual([]);
});
