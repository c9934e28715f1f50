import { Uuid, type AccountId, type IntegrationId, type TraderId, type Venue } from '@core/contracts/primitives';
import { uuidV5 } from '@core/kernel/uuid';
import { patience } from '@core/service/postgres-patience';
import { hash, verify } from '@node-rs/argon2';
import { DataSource } from 'typeorm';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { DataFeedRegistry } from './data-feed-registry.ts';
import { purposeOf, type Destination } from './destination.ts';
import {
  AccessKey,
  BrokerPassword,
  Integration,
  OauthClient,
  RegisteredAccount,
  RegisteredBroker,
  registryEntities,
  Trader,
} from './entities.ts';
import { migrateRegistry } from './migrations.ts';
import { RegistryError } from './registry-error.ts';
import { hashOf, matchesAny, newSecret } from './tokens.ts';
import { Vault, VaultError } from './vault.ts';

/** Names account ids: the same login at the same venue is the same account, however often it is added. */
const ACCOUNT_NAMESPACE = '6f1c4f6e-3d0a-5b59-8f43-0a4f6f1f1a01';
const POOL_SIZE = 4;
/** How long Postgres may take to let in and to answer: a server that hangs is as good as none, and people wait. */
const TIMEOUT_MS = 5_000;

export interface NewAccount {
  readonly traderId: TraderId;
  readonly venue: Venue;
  readonly brokerLogin: string;
  readonly password: string;
  readonly name: string;
  readonly mode: 'demo' | 'live';
}

export interface NewAccessKey {
  readonly name: string;
  readonly traderIds: TraderId[] | null;
  readonly accountIds: AccountId[] | null;
  readonly prices: boolean;
}

export type NewOauthClient = Pick<OauthClient, 'name' | 'flow' | 'redirectUris' | 'logoutUris'>;

/** What a connector needs to log in. Never logged, never sent. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/**
 * Who may trade where. Reads go to Postgres each time: it is asked at logins and on changes, never per event.
 * Opened with `openRegistry`; `close` it.
 */
export class Registry {
  readonly dataFeed: DataFeedRegistry;

  constructor(
    private readonly source: DataSource,
    private readonly vault: Vault | null,
    private readonly newId: () => Uuid,
  ) {
    this.dataFeed = new DataFeedRegistry(source.manager);
  }

  async addTrader(login: string, password: string): Promise<Trader> {
    if (await this.source.manager.existsBy(Trader, { login }))
      throw new RegistryError(`trader ${login} exists already`);
    return this.source.manager.save(Trader, { id: this.newId(), login, passwordHash: await hash(password) });
  }

  traders(): Promise<Trader[]> {
    return this.source.manager.find(Trader, { order: { login: 'asc' } });
  }

  /** The trader, or null for an unknown login and for a wrong password alike, after the same work. */
  async verifyTrader(login: string, password: string): Promise<Trader | null> {
    const trader = await this.source.manager.findOneBy(Trader, { login });
    const right = await verify(trader?.passwordHash ?? (await decoyHash()), password);
    return right ? trader : null;
  }

  /** Adds a broker server or changes how it is reached. Passwords that were sealed for where it was follow it there. */
  putBroker(broker: RegisteredBroker): Promise<RegisteredBroker> {
    return this.source.transaction(async (manager) => {
      const before = await manager.findOneBy(RegisteredBroker, { venue: broker.venue });
      const saved = await manager.save(RegisteredBroker, broker);
      const followers = before && this.vault ? await manager.findBy(RegisteredAccount, { venue: broker.venue }) : [];
      for (const { id, mode } of followers) {
        const kept = await manager.findOneBy(BrokerPassword, { accountId: id });
        const password = before && kept && this.opened(kept, { ...before, mode });
        if (password === null) continue;
        await manager.save(BrokerPassword, { accountId: id, sealed: this.sealed(password, id, { ...broker, mode }) });
      }
      return saved;
    });
  }

  brokers(): Promise<RegisteredBroker[]> {
    return this.source.manager.find(RegisteredBroker, { order: { venue: 'asc' } });
  }

  /** Adds an account, or gives a known one (same venue and login) a new password and name, and enables it. */
  async putAccount({ password, ...account }: NewAccount): Promise<RegisteredAccount> {
    const id = uuidV5(ACCOUNT_NAMESPACE, `${account.venue}|${account.brokerLogin}`);
    const known = await this.account(id);
    if (known && known.traderId !== account.traderId) throw new RegistryError('another trader has this account');
    const broker = await this.source.manager.findOneBy(RegisteredBroker, { venue: account.venue });
    if (!broker) throw new RegistryError(`no broker ${account.venue}`);
    const sealed = this.sealed(password, id, { ...broker, mode: account.mode });
    return this.source.transaction(async (manager) => {
      const saved = await manager.save(RegisteredAccount, { ...account, id, enabled: true });
      await manager.save(BrokerPassword, { accountId: id, sealed });
      return saved;
    });
  }

  account(id: AccountId): Promise<RegisteredAccount | null> {
    return this.source.manager.findOneBy(RegisteredAccount, { id });
  }

  accounts(): Promise<RegisteredAccount[]> {
    return this.source.manager.find(RegisteredAccount, { order: { venue: 'asc', brokerLogin: 'asc' } });
  }

  accountsOfTrader(traderId: TraderId): Promise<RegisteredAccount[]> {
    return this.source.manager.find(RegisteredAccount, { where: { traderId }, order: { brokerLogin: 'asc' } });
  }

  async setAccountEnabled(id: AccountId, enabled: boolean): Promise<void> {
    const { affected } = await this.source.manager.update(RegisteredAccount, { id }, { enabled });
    if (affected === 0) throw new RegistryError(`no account ${id}`);
  }

  async setAccountNetting(id: AccountId, netting: boolean): Promise<void> {
    const { affected } = await this.source.manager.update(RegisteredAccount, { id }, { netting });
    if (affected === 0) throw new RegistryError(`no account ${id}`);
  }

  /** By account, what changes with its password and is nothing of it. */
  async secretVersions(): Promise<ReadonlyMap<AccountId, string>> {
    const passwords = await this.source.manager.find(BrokerPassword);
    return new Map(passwords.map(({ accountId, sealed }) => [accountId, sealed]));
  }

  /**
   * Only where REGISTRY_KEY is known, and only for the destination that the password was sealed for: it is where the
   * caller is about to send it, and not asked of the database again. Throws `VaultError` for any other.
   */
  async credentials(id: AccountId, destination: Destination): Promise<Credentials> {
    const account = await this.account(id);
    const password = await this.source.manager.findOneBy(BrokerPassword, { accountId: id });
    if (!account || !password) throw new RegistryError(`no account ${id}`);
    return { login: account.brokerLogin, password: this.unlocked().open(password.sealed, purposeOf(id, destination)) };
  }

  /** The secret is returned this once and stored as its hash. */
  async addAccessKey(key: NewAccessKey): Promise<{ readonly key: AccessKey; readonly secret: string }> {
    const secret = newSecret();
    const added = { ...key, id: this.newId(), secretHash: hashOf(secret), revoked: false };
    return { key: await this.source.manager.save(AccessKey, added), secret };
  }

  findAccessKey(secret: string): Promise<AccessKey | null> {
    return this.source.manager.findOneBy(AccessKey, { secretHash: hashOf(secret), revoked: false });
  }

  accessKeys(): Promise<AccessKey[]> {
    return this.source.manager.find(AccessKey, { order: { name: 'asc' } });
  }

  async revokeAccessKey(id: Uuid): Promise<void> {
    const { affected } = await this.source.manager.update(AccessKey, { id }, { revoked: true });
    if (affected === 0) throw new RegistryError(`no key ${id}`);
  }

  /** The token is returned this once and stored as its hash. */
  async addIntegration(
    accountId: AccountId,
    name: string,
    tickers: Record<string, TickerMapping>,
  ): Promise<{ readonly integration: Integration; readonly token: string }> {
    const token = newSecret();
    const added = { id: this.newId(), accountId, name, tokenHashes: [hashOf(token)], tickers, revoked: false };
    return { integration: await this.source.manager.save(Integration, added), token };
  }

  integrations(): Promise<Integration[]> {
    return this.source.manager.find(Integration, { order: { name: 'asc' } });
  }

  /** The integration, or null for an unknown id, a wrong token and a revoked integration alike, after the same work. */
  async findIntegration(id: IntegrationId, token: string): Promise<Integration | null> {
    const integration = Uuid.safeParse(id).success ? await this.source.manager.findOneBy(Integration, { id }) : null;
    const right = matchesAny(token, integration?.tokenHashes ?? [hashOf('')]);
    return integration && right && !integration.revoked ? integration : null;
  }

  async revokeIntegration(id: IntegrationId): Promise<void> {
    const { affected } = await this.source.manager.update(Integration, { id }, { revoked: true });
    if (affected === 0) throw new RegistryError(`no integration ${id}`);
  }

  /** The secret is returned this once and stored as its hash; null where the flow has none. */
  async addOauthClient(
    client: NewOauthClient,
  ): Promise<{ readonly client: OauthClient; readonly secret: string | null }> {
    const secret = client.flow === 'code' ? newSecret() : null;
    const secretHash = secret === null ? null : hashOf(secret);
    const added = { ...client, id: this.newId(), secretHash, revoked: false };
    return { client: await this.source.manager.save(OauthClient, added), secret };
  }

  oauthClients(): Promise<OauthClient[]> {
    return this.source.manager.find(OauthClient, { order: { name: 'asc' } });
  }

  async findOauthClient(id: string): Promise<OauthClient | null> {
    if (!Uuid.safeParse(id).success) return null;
    return this.source.manager.findOneBy(OauthClient, { id, revoked: false });
  }

  async revokeOauthClient(id: Uuid): Promise<void> {
    const { affected } = await this.source.manager.update(OauthClient, { id }, { revoked: true });
    if (affected === 0) throw new RegistryError(`no client ${id}`);
  }

  /** Whether the database answers; for readiness. */
  async ping(): Promise<void> {
    await this.source.query('select 1');
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  private sealed(password: string, account: AccountId, destination: Destination): string {
    return this.unlocked().seal(password, purposeOf(account, destination));
  }

  /** Null where it was sealed for something else. */
  private opened({ accountId, sealed }: BrokerPassword, destination: Destination): string | null {
    try {
      return this.unlocked().open(sealed, purposeOf(accountId, destination));
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  private unlocked(): Vault {
    if (!this.vault) throw new VaultError('REGISTRY_KEY is not set');
    return this.vault;
  }
}

export interface RegistryOptions {
  readonly url: string;
  /** REGISTRY_KEY, for those who handle broker passwords. */
  readonly key?: string | undefined;
  readonly newId: () => Uuid;
  /** How long to wait for a connection, and for each answer. */
  readonly timeoutMs?: number;
}

/** The registry of this database, brought up to date first. */
export async function openRegistry({ url, key, newId, timeoutMs = TIMEOUT_MS }: RegistryOptions): Promise<Registry> {
  await migrateRegistry(url);
  const extra = { max: POOL_SIZE, ...patience(timeoutMs) };
  const source = new DataSource({ type: 'postgres', url, entities: registryEntities, extra });
  await source.initialize();
  return new Registry(source, key === undefined ? null : new Vault(key), newId);
}

let decoy: Promise<string> | undefined;

/** A hash no password has, so that an unknown login costs what a known one does. */
const decoyHash = (): Promise<string> => (decoy ??= hash(newSecret()));
