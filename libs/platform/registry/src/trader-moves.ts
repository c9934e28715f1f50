import type { TraderId } from '@core/contracts/primitives';
import type { EntityManager } from 'typeorm';
import { TraderHome, TraderMove, type MoveStage } from './cell-entities.ts';
import { RegisteredAccount } from './entities.ts';
import { RegistryError } from './registry-error.ts';

/** SQL: whether connectors leave a trader's accounts alone, for they are between two cells. */
export const isBetweenCells = (traderId: string): string =>
  `exists (select from registry.trader_move move where move.trader_id = ${traderId} and move.stage not in ('draining', 'connecting'))`;

/** Keys of one cell that open these accounts and no others are of another from now on. */
const OWN_KEYS = `
  update registry.access_key set cell = $1
  where cell = $2 and (trader_ids is not null or account_ids is not null)
    and coalesce(trader_ids, '{}') <@ array[$3::uuid] and coalesce(account_ids, '{}') <@ $4::uuid[]`;

/** Traders on their way. Each step is one statement or transaction, and the same again changes nothing. */
export class TraderMoves {
  constructor(private readonly manager: EntityManager) {}

  all(): Promise<TraderMove[]> {
    return this.manager.find(TraderMove, { order: { since: 'asc' } });
  }

  of(traderId: TraderId): Promise<TraderMove | null> {
    return this.manager.findOneBy(TraderMove, { traderId });
  }

  /** Rejects with `RegistryError` where the trader is on the way already. */
  async begin(move: Omit<TraderMove, 'stage' | 'since'>): Promise<void> {
    if (await this.of(move.traderId)) throw new RegistryError(`trader ${move.traderId} is on the way already`);
    await this.manager.insert(TraderMove, { ...move, stage: 'draining' });
  }

  /** Rejects with `RegistryError` where somebody else has brought it elsewhere. */
  async advance({ traderId, moveId, stage }: TraderMove, to: MoveStage): Promise<void> {
    const { affected } = await this.manager
      .createQueryBuilder()
      .update(TraderMove)
      .set({ stage: to, since: () => 'clock_timestamp()' })
      .where({ traderId, moveId, stage })
      .execute();
    if (affected !== 1) throw new RegistryError('somebody else goes on with this move');
  }

  /**
   * From now on the trader lives in the other cell, in one transaction with the keys that open this trader's accounts
   * and no others.
   */
  async flip(move: TraderMove): Promise<void> {
    await this.manager.transaction(async (manager) => {
      await new TraderMoves(manager).advance(move, 'arriving');
      await manager.save(TraderHome, { traderId: move.traderId, cell: move.to });
      const accounts = await manager.findBy(RegisteredAccount, { traderId: move.traderId });
      const own = [move.traderId, accounts.map(({ id }) => id)];
      await manager.query(OWN_KEYS, [move.to, move.from, ...own]);
    });
  }

  async end({ traderId, moveId }: TraderMove): Promise<void> {
    await this.manager.delete(TraderMove, { traderId, moveId });
  }
}
