// Over 300 lines: everything that is registered is asked in one place, a few lines for each kind.
import type { AccountId, Uuid, IntegrationId, TraderId } from '@core/contracts/primitives';
import { patience } from '@core/service/postgres-patience';
import { Any, DataSource, type EntityManager } from 'typeorm';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { AccessKeys } from './access-keys.ts';
import { readAccountName, saveAccount, type AccountName, type NewAccount } from './account-identity.ts';
import { CellRegistry, livesHere } from './cell-registry.ts';
import { DataFeedRegistry } from './data-feed-registry.ts';
import { purposeOf, type Destination } from './destination.ts';
import {
  BrokerPassword,
  Integration,
  RegisteredAccount,
  RegisteredBroker,
  registryEntities,
  Trader,
} from './entities.ts';
import { IntegrationRequests } from './integration-request.ts';
import { IntegrationTokens } from './integration-tokens.ts';
import { migrateRegistry } from './migrations.ts';
import { OauthClientRegistry } from './oauth-client-registry.ts';
import { OperatorActs, type ActOn } from './operator-act.ts';
import { OperatorAccounts } from './operator-accounts.ts';
import { forgetPerson } from './forget-person.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { ProjectionReleases } from './projection-release.ts';
import { RegisteredSenders } from './registered-senders.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryPlace } from './registry-place.ts';
import { SlippageRegistry } from './slippage-registry.ts';
import { givenSecret, hashOf } from './tokens.ts';
import { Vault, VaultError } from './vault.ts';

const POOL_SIZE = 4;
/** How long Postgres may take to let in and to answer: a server that hangs is as good as none, and people wait. */
const TIMEOUT_MS = 5_000;

/** What a connector needs to log in. Never logged, never sent. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/**
 * Who may trade where: whoever lives in this cell, and what is theirs, beside what all cells have in common. Reads go to
 * Postgres each time: it is asked at logins, by senders and on changes, never per event. `openRegistry` opens it.
 */
export class Registry {
  readonly cells: CellRegistry;
  readonly dataFeed: DataFeedRegistry;
  readonly oauthClients: OauthClientRegistry;
  readonly releases: ProjectionReleases;
  readonly operators: OperatorAccounts;
  readonly slippage: SlippageRegistry;
  readonly acts: OperatorActs;
  readonly keys: AccessKeys;
  readonly integrationTokens: IntegrationTokens;
  readonly integrationRequests: IntegrationRequests;
  readonly senders: RegisteredSenders;

  constructor(
    private readonly manager: EntityManager,
    private readonly vault: Vault | null,
    private readonly newId: () => Uuid,
    private readonly place: Pick<RegistryPlace, 'cell' | 'isBeside'>,
  ) {
    const { cell } = place;
    this.cells = new CellRegistry(manager, cell);
    this.dataFeed = new DataFeedRegistry(manager);
    this.oauthClients = new OauthClientRegistry(manager, newId);
    this.releases = new ProjectionReleases(manager, cell);
    this.operators = new OperatorAccounts(manager);
    this.slippage = new SlippageRegistry(manager, this.cells);
    this.acts = new OperatorActs(manager, cell);
    this.keys = new AccessKeys(manager, this.cells, newId);
    this.integrationTokens = new IntegrationTokens(manager, this.cells);
    this.integrationRequests = new IntegrationRequests(manager, newId);
    this.senders = new RegisteredSenders(manager, cell);
  }

  /** Whether it is in the database of the log, so that one statement can ask both. */
  get isBesideLog(): boolean {
    return this.place.isBeside;
  }

  /** Changes something, and keeps who did it in the same transaction: `acts` has it until the log does. */
  change<Made>(act: ActOn<Made>, work: (registry: Registry) => Promise<Made>): Promise<Made> {
    return this.manager.transaction(async (manager) => {
      const registry = new Registry(manager, this.vault, this.newId, this.place);
      const made = await work(registry);
      const target = typeof act.target === 'string' ? act.target : act.target(made);
      await registry.acts.keep({ ...act, target, actId: act.actId ?? this.newId() });
      return made;
    });
  }

  async addTrader(login: string, password: string): Promise<Trader> {
    if (await this.manager.existsBy(Trader, { login })) throw new RegistryError(`trader ${login} exists already`);
    const added = { id: this.newId(), login, passwordHash: await hashPassword(password), disabled: false };
    return this.manager.transaction(async (manager) => {
      const trader = await manager.save(Trader, added);
      await new CellRegistry(manager, this.cells.cell).settle(trader.id);
      return trader;
    });
  }

  traders(): Promise<Trader[]> {
    const known = this.manager.createQueryBuilder(Trader, 'trader').where(livesHere('trader.id'), this.place);
    return known.orderBy('trader.login').getMany();
  }

  async setTraderPassword(id: TraderId, password: string): Promise<void> {
    await this.cells.requireHere(id);
    const { affected } = await this.manager.update(Trader, { id }, { passwordHash: await hashPassword(password) });
    if (affected === 0) throw new RegistryError(`no trader ${id}`);
  }

  async setTraderDisabled(id: TraderId, disabled: boolean): Promise<void> {
    await this.cells.requireHere(id);
    const { affected } = await this.manager.update(Trader, { id }, { disabled });
    if (affected === 0) throw new RegistryError(`no trader ${id}`);
  }

  async forgetTrader(id: TraderId): Promise<void> {
    await this.cells.requireHere(id);
    await forgetPerson(this.manager, id);
  }

  /**
   * The trader, whichever cell is theirs; null for an unknown login, a wrong password and one who is disabled alike,
   * after the same work.
   */
  async verifyTrader(login: string, password: string): Promise<Trader | null> {
    const trader = await this.manager.findOneBy(Trader, { login });
    const isRight = await isPassword(password, trader?.passwordHash);
    return isRight && trader?.disabled === false ? trader : null;
  }

  /** Adds a broker server or changes how it is reached. Passwords that were sealed for where it was follow it there. */
  putBroker(broker: RegisteredBroker): Promise<RegisteredBroker> {
    return this.manager.transaction(async (manager) => {
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
    return this.manager.find(RegisteredBroker, { order: { venue: 'asc' } });
  }

  /** Adds an account, or gives a known one (same venue and login) a new password and name, and enables it. */
  async putAccount({ password, ...account }: NewAccount): Promise<RegisteredAccount> {
    const { traderId, venue, brokerLogin, mode } = account;
    const known = await this.manager.findOneBy(RegisteredAccount, { venue, brokerLogin });
    if (known && known.traderId !== traderId) throw new RegistryError('another trader has this account');
    await this.cells.requireHere(traderId);
    const broker = await this.manager.findOneBy(RegisteredBroker, { venue });
    if (!broker) throw new RegistryError(`no broker ${venue}`);
    return this.manager.transaction(async (manager) => {
      const saved = await saveAccount(manager, account);
      const sealed = this.sealed(password, saved.id, { ...broker, mode });
      await manager.save(BrokerPassword, { accountId: saved.id, sealed });
      return saved;
    });
  }

  /** What its broker asks for from now on. */
  async setBrokerPassword(id: AccountId, password: string): Promise<void> {
    await this.cells.requireAccountHere(id);
    const account = await this.account(id);
    const broker = account && (await this.manager.findOneBy(RegisteredBroker, { venue: account.venue }));
    if (!broker) throw new RegistryError(`no account ${id}`);
    const sealed = this.sealed(password, id, { ...broker, mode: account.mode });
    await this.manager.save(BrokerPassword, { accountId: id, sealed });
  }

  account(id: AccountId): Promise<RegisteredAccount | null> {
    return this.manager.findOneBy(RegisteredAccount, { id });
  }

  accountName(id: AccountId): Promise<AccountName | null> {
    return readAccountName(this.manager, id);
  }

  accounts(): Promise<RegisteredAccount[]> {
    const known = this.manager
      .createQueryBuilder(RegisteredAccount, 'account')
      .where(livesHere('account.trader_id'), this.place);
    return known.orderBy({ 'account.venue': 'ASC', 'account.brokerLogin': 'ASC' }).getMany();
  }

  /** Those that are switched on, of those of these traders who live here and are not disabled. */
  async openAccountsOf(traderIds: readonly TraderId[]): Promise<RegisteredAccount[]> {
    const accounts = { traderId: Any(traderIds), enabled: true };
    const [able, open] = await Promise.all([
      this.manager
        .createQueryBuilder(Trader, 'trader')
        .select('trader.id')
        .where(livesHere('trader.id'), this.place)
        .andWhere({ id: Any(traderIds), disabled: false })
        .getMany(),
      this.manager.find(RegisteredAccount, { where: accounts, order: { brokerLogin: 'asc' } }),
    ]);
    const ids = new Set(able.map(({ id }) => id));
    return open.filter(({ traderId }) => ids.has(traderId));
  }

  async setAccountEnabled(id: AccountId, enabled: boolean): Promise<void> {
    await this.cells.requireAccountHere(id);
    await this.manager.update(RegisteredAccount, { id }, { enabled });
  }

  async setAccountNetting(id: AccountId, netting: boolean): Promise<void> {
    await this.cells.requireAccountHere(id);
    await this.manager.update(RegisteredAccount, { id }, { netting });
  }

  /** By account, what changes with its password and is nothing of it. */
  async secretVersions(): Promise<ReadonlyMap<AccountId, string>> {
    const passwords = await this.manager.find(BrokerPassword);
    return new Map(passwords.map(({ accountId, sealed }) => [accountId, sealed]));
  }

  /**
   * Only where REGISTRY_KEY is known, and only for the destination that the password was sealed for: it is where the
   * caller is about to send it, and not asked of the database again. Throws `VaultError` for any other.
   */
  async credentials(id: AccountId, destination: Destination): Promise<Credentials> {
    const account = await this.account(id);
    const password = await this.manager.findOneBy(BrokerPassword, { accountId: id });
    if (!account || !password) throw new RegistryError(`no account ${id}`);
    return { login: account.brokerLogin, password: this.unlocked().open(password.sealed, purposeOf(id, destination)) };
  }

  /** The token is returned this once and stored as its hash. */
  async addIntegration(
    accountId: AccountId,
    name: string,
    tickers: Record<string, TickerMapping>,
  ): Promise<{ readonly integration: Integration; readonly token: string }> {
    await this.cells.requireAccountHere(accountId);
    const token = givenSecret(this.place.cell);
    const added = {
      id: this.newId(),
      accountId,
      name,
      tokenHashes: [hashOf(token)],
      tickers,
      slippagePercent: null,
      revoked: false,
    };
    return { integration: await this.manager.save(Integration, added), token };
  }

  /**
   * What these tickers mean from now on, in whatever case they were written before; the others stay as they are.
   * Rejects with `RegistryError` for an integration that is none.
   */
  async mapTickers(id: IntegrationId, tickers: Record<string, TickerMapping>): Promise<void> {
    await this.cells.requireIntegrationHere(id);
    return this.manager.transaction(async (manager) => {
      const known = await manager.findOne(Integration, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!known) throw new RegistryError(`no integration ${id}`);
      const changed = new Set(Object.keys(tickers).map((ticker) => ticker.toUpperCase()));
      const kept = Object.entries(known.tickers).filter(([ticker]) => !changed.has(ticker.toUpperCase()));
      await manager.update(Integration, { id }, { tickers: { ...Object.fromEntries(kept), ...tickers } });
    });
  }

  integrations(): Promise<Integration[]> {
    const known = this.manager
      .createQueryBuilder(Integration, 'integration')
      .innerJoin(RegisteredAccount, 'account', 'account.id = integration.account_id')
      .where(livesHere('account.trader_id'), this.place);
    return known.orderBy('integration.name').getMany();
  }

  async revokeIntegration(id: IntegrationId): Promise<void> {
    await this.cells.requireIntegrationHere(id);
    await this.manager.update(Integration, { id }, { revoked: true });
  }

  /** Whether the database answers; for readiness. */
  async ping(): Promise<void> {
    await this.manager.query('select 1');
  }

  close(): Promise<void> {
    return this.manager.connection.destroy();
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

export interface RegistryOptions extends Partial<RegistryPlace> {
  readonly url: string;
  /** REGISTRY_KEY, for those who handle broker passwords. */
  readonly key?: string | undefined;
  readonly newId: () => Uuid;
  /** How long to wait for a connection, and for each answer. */
  readonly timeoutMs?: number;
  /** Postgres refuses every change that is tried by it. */
  readonly readOnly?: true;
}

/** The registry of this database as a cell has it, the one without a name where none is said; brought up to date first. */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { url, cell = '', isBeside = true, key, newId, timeoutMs = TIMEOUT_MS, readOnly } = options;
  await migrateRegistry(url);
  const reading = readOnly ? { options: '-c default_transaction_read_only=on' } : {};
  const extra = { max: POOL_SIZE, ...patience(timeoutMs), ...reading };
  const source = new DataSource({ type: 'postgres', url, entities: registryEntities, extra });
  await source.initialize();
  return new Registry(source.manager, key === undefined ? null : new Vault(key), newId, { cell, isBeside });
}
