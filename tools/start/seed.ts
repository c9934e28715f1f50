import type { AccountId, TraderId } from '@core/contracts/primitives';
import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import type { Registry } from '@core/registry/registry';
import { openRegistry } from '@core/registry/registry';
import type { RegistryPlace } from '@core/registry/registry-place';
import { newId } from '@core/service/clock';
import type { XapiEndpoint } from '@core/xapi/wire/endpoint';
import type { DemoPeople } from './demo-people.ts';
import type { DemoSecrets, DemoSecretsFile } from './demo-secrets.ts';
import type { SocketPair } from './endpoints.ts';
import { addAccount } from './add-account.ts';

export const DEMO_VENUE = 'demo';

const PAPER_VENUE = 'paper';
const PAPER_TERMS = { quotesOf: DEMO_VENUE, currency: 'USD', leverage: '30', commissionPerLot: '6' };

/** What the simulator's instruments are called by strategies. */
const TICKERS = {
  XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' },
  EURUSD: { instrument: 'EURUSD', unitsPerQuantity: '1' },
  GBPUSD: { instrument: 'GBPUSD', unitsPerQuantity: '1' },
  BTCUSD: { instrument: 'BITCOIN', unitsPerQuantity: '1' },
} as const;

/** Where a login of the demo's client leads to; nobody listens there: a script reads it from the redirect. */
export const DEMO_REDIRECT_URI = 'http://localhost:6285/oauth-redirect';

/** Demo accounts by broker login. */
type DemoAccounts = Readonly<Record<string, AccountId>>;

export interface Seeding {
  readonly place: RegistryPlace;
  readonly natsUrl: string;
  readonly broker: SocketPair;
  readonly people: DemoPeople;
  /** Where people reach it. */
  readonly reached: { readonly gateway: string; readonly webhook: string; readonly session: string };
}

/** Registers the demo's people, accounts and keys, as an operator would; what is there already stays. Resolves to every secret. */
export async function seed(
  { place, natsUrl, broker, people, reached }: Seeding,
  file: DemoSecretsFile,
  secrets: DemoSecrets,
): Promise<Required<DemoSecrets>> {
  const registry = await openRegistry({ ...place, key: secrets.registryKey, newId });
  const connection = await connectNats({ url: natsUrl, name: 'start' });
  try {
    const { gateway: gatewayUrl, webhook: webhookUrl, session: sessionUrl } = reached;
    if (place.cell !== '') await registry.cells.put({ name: place.cell, gatewayUrl, webhookUrl, sessionUrl });
    const endpoint: XapiEndpoint = { transport: 'tcp', ...broker, insecureTls: false };
    await registry.putBroker({ venue: DEMO_VENUE, protocol: 'xapi', endpoint });
    const commands = new CommandClient(new NatsCommandTransport(connection), 'start');
    const accounts: Record<string, AccountId> = {};
    for (const [login, brokerLogins] of Object.entries(people.traders)) {
      const traderId = await traderOf(registry, login, secrets);
      for (const brokerLogin of brokerLogins) {
        accounts[brokerLogin] = await addAccount(registry, commands, {
          ...{ traderId, venue: DEMO_VENUE, brokerLogin, name: `Demo ${brokerLogin}`, mode: 'demo' },
          password: secrets.brokerPasswords[brokerLogin] ?? '',
        });
      }
    }
    await registry.putBroker({ venue: PAPER_VENUE, protocol: 'paper', endpoint: PAPER_TERMS });
    accounts[people.paper.login] = await addAccount(registry, commands, {
      traderId: await traderOf(registry, people.paper.trader, secrets),
      ...{ venue: PAPER_VENUE, brokerLogin: people.paper.login, name: 'Paper', mode: 'demo' },
      password: people.paper.login, // nobody asks for it
    });
    const complete = { ...secrets, ...(await keysOf(registry, accounts, secrets, people)) };
    file.write(complete);
    return complete;
  } finally {
    await connection.close();
    await registry.close();
  }
}

async function traderOf(registry: Registry, login: string, { traderPasswords }: DemoSecrets): Promise<TraderId> {
  const known = (await registry.traders()).find((trader) => trader.login === login);
  return (known ?? (await registry.addTrader(login, traderPasswords[login] ?? ''))).id;
}

async function keysOf(
  registry: Registry,
  accounts: DemoAccounts,
  secrets: DemoSecrets,
  people: DemoPeople,
): Promise<Required<Pick<DemoSecrets, 'wsSecretKey' | 'oauthClient' | 'proquant'>>> {
  const wsSecretKey =
    secrets.wsSecretKey ??
    (await registry.keys.add({ name: 'demo', traderIds: null, accountIds: null, prices: false })).secret;
  const oauthClient = secrets.oauthClient ?? (await oauthClientOf(registry));
  if (secrets.proquant) return { wsSecretKey, oauthClient, proquant: secrets.proquant };
  const [[trader, [brokerLogin = ''] = []] = ['']] = Object.entries(people.traders);
  const name = `${trader}@example.com`;
  const { integration, token } = await registry.addIntegration(accounts[brokerLogin] ?? '', name, TICKERS);
  return { wsSecretKey, oauthClient, proquant: { integrationId: integration.id, token } };
}

async function oauthClientOf(registry: Registry): Promise<Required<DemoSecrets>['oauthClient']> {
  const { client, secret } = await registry.oauthClients.add({
    name: 'demo',
    flow: 'code',
    redirectUris: [DEMO_REDIRECT_URI],
    logoutUris: [],
  });
  return { id: client.id, secret: secret ?? '' };
}
