import type { Uuid } from '@core/contracts/primitives';
import type { EntityManager } from 'typeorm';
import type { CellRegistry } from './cell-registry.ts';
import { AccessKey } from './entities.ts';
import { keyOfSecret } from './key-of-secret.ts';
import { RegistryError } from './registry-error.ts';
import { givenSecret, hashOf } from './tokens.ts';

export interface NewAccessKey
  extends Pick<AccessKey, 'name' | 'traderIds' | 'accountIds' | 'prices'>, Partial<KeyTerms> {}

/** What a key may have beyond reading; nothing of it unless it is said. */
type KeyTerms = Pick<AccessKey, 'trade' | 'expiresAt' | 'sessionsMax' | 'messagesPerSecond'>;
const NO_TERMS: KeyTerms = { trade: false, expiresAt: null, sessionsMax: null, messagesPerSecond: null };

/** What opens sessions: each key is of the cell that gave it out, and tells its secret once. */
export class AccessKeys {
  constructor(
    private readonly manager: EntityManager,
    readonly cells: CellRegistry,
    private readonly newId: () => Uuid,
  ) {}

  /** The secret is returned this once and stored as its hash. */
  async add(key: NewAccessKey): Promise<{ readonly key: AccessKey; readonly secret: string }> {
    const secret = givenSecret(this.cells.cell);
    const unrotated = { secretHash: hashOf(secret), previousHash: null, previousUntil: null };
    const added = { ...NO_TERMS, ...key, ...unrotated, id: this.newId(), cell: this.cells.cell, revoked: false };
    return { key: await this.manager.save(AccessKey, added), secret };
  }

  /** The key that a secret opens now. */
  async find(secret: string): Promise<AccessKey | null> {
    const found = await keyOfSecret(this.manager, secret, { cell: this.cells.cell });
    return found?.isOpen ? found.key : null;
  }

  /** The key that a secret opened once and does not now; null for one that nobody gave out, or long ago. */
  async formerOf(secret: string): Promise<AccessKey | null> {
    const found = await keyOfSecret(this.manager, secret, { cell: this.cells.cell });
    return found?.isOpen === false ? found.key : null;
  }

  all(): Promise<AccessKey[]> {
    return this.manager.find(AccessKey, { where: { cell: this.cells.cell }, order: { name: 'asc' } });
  }

  /**
   * A new secret, returned this once. The one before opens until `overlapEnds` too, and one before that no more;
   * `expiresAt` is the key's end from now on. Rejects with `RegistryError` for a key that is revoked or none.
   */
  async rotate(
    id: Uuid,
    { overlapEnds, expiresAt }: { readonly overlapEnds: Date; readonly expiresAt: Date | null },
  ): Promise<{ readonly key: AccessKey; readonly secret: string }> {
    const { cell } = this.cells;
    const secret = givenSecret(cell);
    await this.cells.requireKeyHere(id);
    return this.manager.transaction(async (manager) => {
      const key = await manager.findOne(AccessKey, {
        where: { id, cell, revoked: false },
        lock: { mode: 'pessimistic_write' },
      });
      if (!key) throw new RegistryError(`no live key ${id}`);
      const rotated = {
        previousHash: key.secretHash,
        previousUntil: overlapEnds,
        secretHash: hashOf(secret),
        expiresAt,
      };
      return { key: await manager.save(AccessKey, { ...key, ...rotated }), secret };
    });
  }

  async revoke(id: Uuid): Promise<void> {
    await this.cells.requireKeyHere(id);
    await this.manager.update(AccessKey, { id }, { revoked: true });
  }
}
