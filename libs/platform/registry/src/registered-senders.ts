import { Uuid, type IntegrationId } from '@core/contracts/primitives';
import { Together } from '@core/service/together';
import type { EntityManager } from 'typeorm';
import { livesHere } from './cell-registry.ts';
import { Integration, RegisteredAccount } from './entities.ts';
import { senderVersion } from './sender-version.ts';
import { hashOf, isAnyHash } from './tokens.ts';

/** Who sends signals: an integration, and the account that it trades for where there is one. */
export interface RegisteredSender {
  readonly integration: Integration;
  readonly account: RegisteredAccount | null;
  /** `senderVersion` of what was read. */
  readonly version: string;
}

const ASKED_MAX = 1_000;

/** Those who send signals. They are asked about with each of them: those that come together, together. */
export class RegisteredSenders {
  private readonly asked: Together<IntegrationId, RegisteredSender | null>;

  constructor(
    private readonly manager: EntityManager,
    private readonly cell: string,
  ) {
    this.asked = new Together((ids) => this.byIds(ids), ASKED_MAX);
  }

  /**
   * The sender, or null for an unknown id, a wrong token, a revoked integration and one of another cell alike, after the same work. The token
   * is told by its hash (`hashOf`).
   */
  async find(id: IntegrationId, tokenHash: string): Promise<RegisteredSender | null> {
    const sender = Uuid.safeParse(id).success ? await this.asked.run(id) : null;
    const right = isAnyHash(tokenHash, sender?.integration.tokenHashes ?? [hashOf('')]);
    return sender && right && !sender.integration.revoked ? sender : null;
  }

  /** The cell in which a sender is at home that shows its right token; null where there is no such sender anywhere. */
  async homeOf(id: IntegrationId, tokenHash: string): Promise<string | null> {
    if (!Uuid.safeParse(id).success) return null;
    const rows = await this.manager.query<{ hashes: string[]; cell: string }[]>(
      `select sender.token_hashes as hashes, coalesce(home.cell, '') as cell
       from registry.integration sender join registry.account on account.id = sender.account_id
       left join registry.trader_home home on home.trader_id = account.trader_id
       where sender.id = $1 and not sender.revoked`,
      [id],
    );
    const [sender] = rows;
    return sender && isAnyHash(tokenHash, sender.hashes) ? sender.cell : null;
  }

  private async byIds(ids: readonly IntegrationId[]): Promise<readonly (RegisteredSender | null)[]> {
    const { entities, raw } = await this.manager
      .createQueryBuilder(Integration, 'sender')
      .leftJoinAndMapOne('sender.account', RegisteredAccount, 'account', 'account.id = sender.account_id')
      .addSelect(senderVersion('sender.id'), 'version')
      .where('sender.id = any(:ids)', { ids: [...new Set(ids)] })
      .andWhere(livesHere('account.trader_id'), { cell: this.cell })
      .getRawAndEntities<{ sender_id: IntegrationId; version: string }>();
    const versions = new Map(raw.map(({ sender_id, version }) => [sender_id, version]));
    const senders = new Map(
      (entities as (Integration & { account: RegisteredAccount | null })[]).map(({ account, ...integration }) => [
        integration.id,
        { integration, account, version: versions.get(integration.id) ?? '' },
      ]),
    );
    return ids.map((id) => senders.get(id) ?? null);
  }
}
