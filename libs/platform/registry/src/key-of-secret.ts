import type { EntityManager } from 'typeorm';
import { AccessKey } from './entities.ts';
import { openUntilMs } from './key-life.ts';
import { hashOf } from './tokens.ts';

interface KeyOfSecret {
  readonly key: AccessKey;
  /** Whether the secret opens it now, and not only once. */
  readonly isOpen: boolean;
}

/** The key that a secret opens or opened, of a cell or of whichever; null for one that nobody gave out, or long ago. */
export async function keyOfSecret(
  manager: EntityManager,
  secret: string,
  where: Partial<Pick<AccessKey, 'cell'>> = {},
): Promise<KeyOfSecret | null> {
  const hash = hashOf(secret);
  const key = await manager.findOneBy(AccessKey, [
    { ...where, secretHash: hash },
    { ...where, previousHash: hash },
  ]);
  return key && { key, isOpen: openUntilMs(key, hash) > Date.now() };
}
