import type { AccountId, IntegrationId, TraderId, Uuid } from '@core/contracts/primitives';
import { In, type EntityManager } from 'typeorm';
import { RegisteredCell, TraderHome } from './cell-entities.ts';
import { AccessKey, Integration, RegisteredAccount, Trader } from './entities.ts';
import { keyOfSecret } from './key-of-secret.ts';
import { RegistryError } from './registry-error.ts';
import { isBetweenCells, TraderMoves } from './trader-moves.ts';

/** SQL: whether a trader lives in the cell `:cell`. */
export const livesHere = (traderId: string): string =>
  `coalesce((select home.cell from registry.trader_home home where home.trader_id = ${traderId}), '') = :cell`;

/** What all cells know of each other, and who lives in which. */
export class CellRegistry {
  /** Traders who are on their way. */
  readonly moves: TraderMoves;

  constructor(
    private readonly manager: EntityManager,
    /** This one. */
    readonly cell: string,
  ) {
    this.moves = new TraderMoves(manager);
  }

  all(): Promise<RegisteredCell[]> {
    return this.manager.find(RegisteredCell, { order: { name: 'asc' } });
  }

  /** Adds a cell, or says that it is reached elsewhere. */
  put(cell: RegisteredCell): Promise<RegisteredCell> {
    return this.manager.save(RegisteredCell, cell);
  }

  /** Where a trader lives; empty is the cell that has no name. */
  async homeOf(traderId: TraderId): Promise<string> {
    return (await this.manager.findOneBy(TraderHome, { traderId }))?.cell ?? '';
  }

  /** Those of them who live here. */
  async residentsAmong(traderIds: readonly TraderId[]): Promise<TraderId[]> {
    const rows = await this.manager.query<{ id: TraderId }[]>(
      `select id from registry.trader left join registry.trader_home home on home.trader_id = id
       where id = any($1) and coalesce(home.cell, '') = $2`,
      [traderIds, this.cell],
    );
    return rows.map(({ id }) => id);
  }

  /** Those that are to be connected: none of a trader who is between two cells. */
  connectedAccounts(): Promise<RegisteredAccount[]> {
    return this.manager
      .createQueryBuilder(RegisteredAccount, 'account')
      .where(livesHere('account.trader_id'), { cell: this.cell })
      .andWhere(`not ${isBetweenCells('account.trader_id')}`)
      .getMany();
  }

  /** Every account of a trader, wherever they live. */
  accountsOf(traderId: TraderId): Promise<RegisteredAccount[]> {
    return this.manager.find(RegisteredAccount, { where: { traderId }, order: { brokerLogin: 'asc' } });
  }

  /** The trader of a login, wherever they live; or of the only account that has this id, or this login at a broker. */
  async traderAnywhere(text: string): Promise<Trader | null> {
    const byLogin = await this.manager.findOneBy(Trader, { login: text });
    if (byLogin) return byLogin;
    const [account, another] = await this.manager
      .createQueryBuilder(RegisteredAccount, 'account')
      .where('account.broker_login = :text or cast(account.id as text) like :prefix', {
        text,
        prefix: `${text.replace(/[%_\\]/g, '')}%`,
      })
      .limit(2)
      .getMany();
    return account && !another ? this.manager.findOneBy(Trader, { id: account.traderId }) : null;
  }

  /** By trader, wherever they live. */
  async loginsOf(traderIds: readonly TraderId[]): Promise<ReadonlyMap<TraderId, string>> {
    const traders = await this.manager.findBy(Trader, { id: In(traderIds) });
    return new Map(traders.map(({ id, login }) => [id, login]));
  }

  /** The cell that a secret opens now, whichever that is. */
  async cellOfKey(secret: string): Promise<string | null> {
    const found = await keyOfSecret(this.manager, secret);
    return found?.isOpen ? found.key.cell : null;
  }

  /** By the name of the cell. */
  async population(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.manager.query<{ cell: string; count: number }[]>(
      `select coalesce(home.cell, '') as cell, count(*)::int as count
       from registry.trader left join registry.trader_home home on home.trader_id = trader.id group by 1`,
    );
    return new Map(rows.map(({ cell, count }) => [cell, count]));
  }

  /** A new trader lives here. */
  async settle(traderId: TraderId): Promise<void> {
    if (this.cell !== '') await this.manager.insert(TraderHome, { traderId, cell: this.cell });
  }

  /** Throws `RegistryError` for somebody who lives elsewhere: a cell changes its own people, and what is theirs. */
  async requireHere(traderId: TraderId, asked = `trader ${traderId}`): Promise<void> {
    const home = await this.homeOf(traderId);
    if (home !== this.cell) throw new RegistryError(elsewhere(asked, home));
  }

  /** The same of an account, and for one that is none. */
  async requireAccountHere(id: AccountId, asked = `account ${id}`): Promise<void> {
    const account = await this.manager.findOneBy(RegisteredAccount, { id });
    if (!account) throw new RegistryError(`no ${asked}`);
    await this.requireHere(account.traderId, asked);
  }

  /** The same of an integration. */
  async requireIntegrationHere(id: IntegrationId): Promise<void> {
    const integration = await this.manager.findOneBy(Integration, { id });
    if (!integration) throw new RegistryError(`no integration ${id}`);
    await this.requireAccountHere(integration.accountId, `integration ${id}`);
  }

  /** The same of a key, which is of the cell that gave it out. */
  async requireKeyHere(id: Uuid): Promise<void> {
    const key = await this.manager.findOneBy(AccessKey, { id });
    if (!key) throw new RegistryError(`no key ${id}`);
    if (key.cell !== this.cell) throw new RegistryError(elsewhere(`key ${id}`, key.cell));
  }

  /** Whoever and whatever was of the cell without a name is this one’s: it is that cell, and has a name now. */
  async takeUnnamed(): Promise<void> {
    await this.manager.query(
      `insert into registry.trader_home (trader_id, cell) select id, $1 from registry.trader on conflict do nothing`,
      [this.cell],
    );
    for (const table of ['access_key', 'operator_act', 'projection_release'])
      await this.manager.query(`update registry.${table} set cell = $1 where cell = ''`, [this.cell]);
  }
}

/** Where to ask about somebody or something that was asked about in the wrong cell. */
export const elsewhere = (asked: string, home: string): string =>
  home === ''
    ? `${asked} lives in the cell that has no name`
    : `${asked} lives in cell ${home}: ask there, --cell ${home}`;
