// Where the authorization server finds and keeps its things, by kind.
import { createHash, hkdfSync } from 'node:crypto';
import { present } from '@core/kernel/present';
import type { OauthClient } from '@core/registry/entities';
import { Vault } from '@core/registry/vault';
import type { Adapter, AdapterPayload, ResponseType } from 'oidc-provider';
import type { Logins } from '../auth/logins.ts';
import type { OauthClients } from './oauth-clients.ts';
import type { OauthRecord } from './oauth-record.ts';
import type { OauthStore } from './oauth-store.ts';
import { TRADING } from './trading-scope.ts';

/** What nobody asks of most kinds. */
class NothingKept implements Adapter {
  async upsert(_id: string, _payload: AdapterPayload, _expiresIn: number): Promise<void> {}
  async find(_id: string): Promise<AdapterPayload | undefined> {
    return undefined;
  }
  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async consume(_id: string): Promise<void> {}
  async destroy(_id: string): Promise<void> {}
  async revokeByGrantId(_grantId: string): Promise<void> {}
}

/**
 * Visits, codes, refresh tokens. An id is a secret that somebody holds (a cookie, a code): its hash finds the row, and
 * the row opens with the id alone.
 */
export class RecordAdapter extends NothingKept {
  constructor(
    private readonly model: string,
    private readonly store: OauthStore,
    /** What who comes second is told, where something is given once. */
    private readonly alreadyConsumed: () => Error,
  ) {
    super();
  }

  override async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const { grantId, uid, sessionUid } = payload;
    await this.store.put({
      model: this.model,
      idHash: hashOf(id),
      sealed: vaultOf(id).seal(JSON.stringify(payload), this.model),
      loginId: grantId ?? null,
      sessionUid: sessionUid ?? uid ?? null,
      expiresAt: new Date(Date.now() + expiresIn * 1_000),
      consumedAt: null,
    });
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const record = await this.store.find(this.model, hashOf(id));
    return record && record.expiresAt.getTime() > Date.now() ? opened(record, id) : undefined;
  }

  override async consume(id: string): Promise<void> {
    if (!(await this.store.consume(this.model, hashOf(id), new Date()))) throw this.alreadyConsumed();
  }

  override destroy(id: string): Promise<void> {
    return this.store.delete(this.model, hashOf(id));
  }

  override revokeByGrantId(grantId: string): Promise<void> {
    return this.store.deleteLogin(this.model, grantId);
  }
}

/** Access tokens go where those of `/authorize` are, and are the same from then on. */
export class TokenAdapter extends NothingKept {
  constructor(private readonly logins: Logins) {
    super();
  }

  override upsert(id: string, { accountId, grantId, sessionUid }: AdapterPayload, expiresIn: number): Promise<void> {
    return this.logins.admit({
      token: id,
      traderId: present(accountId, 'a token is somebody’s'),
      loginId: present(grantId, 'a token is granted'),
      sessionUid: present(sessionUid, 'a token is got on a visit'),
      expiresAt: new Date(Date.now() + expiresIn * 1_000),
    });
  }

  override revokeByGrantId(grantId: string): Promise<void> {
    return this.logins.endLogin(grantId);
  }
}

/** Clients as the operator registered them. */
export class ClientAdapter extends NothingKept {
  constructor(private readonly clients: OauthClients) {
    super();
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const client = await this.clients.find(id);
    return client ? metadataOf(client) : undefined;
  }
}

/** What OpenID Connect, and so the library's types, does not have. */
const OAUTH_ONLY: readonly string[] = ['token'];

/** The library compares secrets with `client_secret`: here it is a hash (see `AuthorizationServer`). */
const metadataOf = ({ id, flow, secretHash, redirectUris }: OauthClient): AdapterPayload => ({
  client_id: id,
  scope: TRADING,
  redirect_uris: redirectUris,
  ...(flow === 'code'
    ? {
        response_types: ['code'],
        response_modes: ['query'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
        client_secret: present(secretHash, 'a client that exchanges codes has a secret'),
      }
    : {
        response_types: OAUTH_ONLY as ResponseType[],
        response_modes: ['fragment'],
        grant_types: ['implicit'],
        token_endpoint_auth_method: 'none',
      }),
});

function opened({ model, sealed, consumedAt }: OauthRecord, id: string): AdapterPayload {
  const payload = JSON.parse(vaultOf(id).open(sealed, model)) as AdapterPayload;
  return consumedAt === null ? payload : { ...payload, consumed: true };
}

const hashOf = (id: string): Buffer => createHash('sha256').update(id).digest();

const vaultOf = (id: string): Vault =>
  new Vault(Buffer.from(hkdfSync('sha256', id, '', 'oauth record', 32)).toString('base64'));
