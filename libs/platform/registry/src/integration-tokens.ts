import type { IntegrationId } from '@core/contracts/primitives';
import type { EntityManager } from 'typeorm';
import type { CellRegistry } from './cell-registry.ts';
import { Integration } from './entities.ts';
import { RegistryError } from './registry-error.ts';
import { givenSecret, hashOf } from './tokens.ts';

/** Tokens of one integration that are good at once. */
const TOKENS_MAX = 4;

/** The tokens that an integration's webhooks may come with. All reject with `RegistryError` for one that is none. */
export class IntegrationTokens {
  constructor(
    private readonly manager: EntityManager,
    private readonly cells: CellRegistry,
  ) {}

  /**
   * A new token, returned this once; those before it are good too until `settle`, for one of them is in use. Rejects
   * with `RegistryError` also for an integration that is revoked, and where too many are good already.
   */
  async add(id: IntegrationId): Promise<string> {
    const token = givenSecret(this.cells.cell);
    await this.change(id, ({ revoked, tokenHashes }) => {
      if (revoked) throw new RegistryError(`integration ${id} is revoked`);
      if (tokenHashes.length >= TOKENS_MAX)
        throw new RegistryError(`${TOKENS_MAX} tokens of ${id} are good already: settle on the newest first`);
      return [...tokenHashes, hashOf(token)];
    });
    return token;
  }

  /** From now on the newest token alone is good. */
  settle(id: IntegrationId): Promise<void> {
    return this.change(id, ({ tokenHashes }) => tokenHashes.slice(-1));
  }

  /** One token is good no more, told by its hash. */
  withdraw(id: IntegrationId, tokenHash: string): Promise<void> {
    return this.change(id, ({ tokenHashes }) => tokenHashes.filter((each) => each !== tokenHash));
  }

  private async change(id: IntegrationId, tokensOf: (integration: Integration) => string[]): Promise<void> {
    await this.cells.requireIntegrationHere(id);
    return this.manager.transaction(async (manager) => {
      const known = await manager.findOne(Integration, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!known) throw new RegistryError(`no integration ${id}`);
      await manager.update(Integration, { id }, { tokenHashes: tokensOf(known) });
    });
  }
}
