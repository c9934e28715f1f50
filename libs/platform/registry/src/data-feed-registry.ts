import type { EntityManager } from 'typeorm';
import { DataClient, DataGroup } from './data-feed-entities.ts';
import { dataGroupFault } from './data-groups.ts';
import { RegistryError } from './registry-error.ts';
import { hashOf, matchesAny, newSecret } from './tokens.ts';

/** While one certificate replaces another, both sign. */
const CERTIFICATES_MAX = 2;
/** Groups are judged beside each other. */
const GROUPS_LOCK = 7_310_004;

/** Who reads the data addresses, and what of them is shown to whom. */
export class DataFeedRegistry {
  constructor(private readonly manager: EntityManager) {}

  /** The secret is returned this once and stored as its hash. */
  async addClient(id: string): Promise<{ readonly client: DataClient; readonly secret: string }> {
    if (await this.manager.existsBy(DataClient, { id })) throw new RegistryError(`client ${id} exists already`);
    const secret = newSecret();
    const added = { id, secretHash: hashOf(secret), certificates: [], revoked: false };
    return { client: await this.manager.save(DataClient, added), secret };
  }

  clients(): Promise<DataClient[]> {
    return this.manager.find(DataClient, { order: { id: 'asc' } });
  }

  /** Null for an unknown client and a revoked one alike. */
  client(id: string): Promise<DataClient | null> {
    return this.manager.findOneBy(DataClient, { id, revoked: false });
  }

  /** The client, or null where it is unknown, revoked, or the secret is wrong, after the same work. */
  async verifyClient(id: string, secret: string): Promise<DataClient | null> {
    const client = await this.client(id);
    const right = matchesAny(secret, [client?.secretHash ?? hashOf('')]);
    return right ? client : null;
  }

  /** One more certificate, in PEM; the one before it holds too. */
  async addCertificate(id: string, pem: string): Promise<DataClient> {
    const client = await this.client(id);
    if (!client) throw new RegistryError(`there is no client ${id}`);
    const certificates = [pem, ...client.certificates.filter((each) => each !== pem)].slice(0, CERTIFICATES_MAX);
    return this.manager.save(DataClient, { ...client, certificates });
  }

  async revokeClient(id: string): Promise<void> {
    const { affected } = await this.manager.update(DataClient, { id }, { revoked: true });
    if (affected === 0) throw new RegistryError(`there is no client ${id}`);
  }

  groups(): Promise<DataGroup[]> {
    return this.manager.find(DataGroup, { order: { id: 'asc' } });
  }

  /** Adds a group or changes one. Throws where TradingView would not take it. */
  putGroup(group: DataGroup): Promise<DataGroup> {
    return this.manager.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [GROUPS_LOCK]);
      const fault = dataGroupFault(group, await manager.find(DataGroup));
      if (fault !== null) throw new RegistryError(fault);
      return manager.save(DataGroup, group);
    });
  }
}
