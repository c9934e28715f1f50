import { Uuid } from '@core/contracts/primitives';
import type { EntityManager } from 'typeorm';
import { OauthClient } from './entities.ts';
import { RegistryError } from './registry-error.ts';
import { hashOf, newSecret } from './tokens.ts';

export type NewOauthClient = Pick<OauthClient, 'name' | 'flow' | 'redirectUris' | 'logoutUris'>;

/** Who may send people to our login page. */
export class OauthClientRegistry {
  constructor(
    private readonly manager: EntityManager,
    private readonly newId: () => Uuid,
  ) {}

  /** The secret is returned this once and stored as its hash; null where the flow has none. */
  async add(client: NewOauthClient): Promise<{ readonly client: OauthClient; readonly secret: string | null }> {
    const secret = client.flow === 'code' ? newSecret() : null;
    const secretHash = secret === null ? null : hashOf(secret);
    const added = { ...client, id: this.newId(), secretHash, revoked: false };
    return { client: await this.manager.save(OauthClient, added), secret };
  }

  all(): Promise<OauthClient[]> {
    return this.manager.find(OauthClient, { order: { name: 'asc' } });
  }

  /** Null for one that is revoked or none. */
  async find(id: string): Promise<OauthClient | null> {
    if (!Uuid.safeParse(id).success) return null;
    return this.manager.findOneBy(OauthClient, { id, revoked: false });
  }

  async revoke(id: Uuid): Promise<void> {
    const { affected } = await this.manager.update(OauthClient, { id }, { revoked: true });
    if (affected === 0) throw new RegistryError(`no client ${id}`);
  }
}
