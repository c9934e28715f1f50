import type { IntegrationId } from '@core/contracts/primitives';
import { BoundedMap } from '@core/kernel/bounded-map';
import type { Integration } from '@core/registry/entities';
import type { RegisteredSender } from '@core/registry/registered-senders';
import { Registry } from '@core/registry/registry';
import { Injectable } from '@nestjs/common';

/** Nobody could say whether there is such an integration: no trading, and the sender may come again. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
}

/** A sender as it was when it was asked for last, and the `senderVersion` of that. */
export interface RememberedSender {
  readonly integration: Integration;
  readonly version: string;
}

/** Where integrations are registered. Rejects with `StoreUnavailable` when it cannot say. */
export abstract class Integrations {
  /** Null for an unknown id, a wrong token, a revoked integration and one of a disabled account alike. */
  abstract authenticate(id: IntegrationId, tokenHash: string): Promise<Integration | null>;
  /** The cell where one is at home that is not here, for whoever shows its right token; null where there is none. */
  abstract elsewhere(id: IntegrationId, tokenHash: string): Promise<string | null>;
  /** Whom `authenticate` found by this token: it is right while nothing of that version has changed. Null: ask. */
  abstract remembered(id: IntegrationId, tokenHash: string): RememberedSender | null;
  /** Without a token, for what goes on in the background; null where nothing may any more. */
  abstract find(id: IntegrationId): Promise<Integration | null>;
}

/** Tokens of integrations that send; of more than these some are asked for each time. */
const REMEMBERED_MAX = 10_000;

@Injectable()
export class RegisteredIntegrations extends Integrations {
  private readonly lately = new BoundedMap<string, RememberedSender>(REMEMBERED_MAX);
  private readonly asking = new Map<IntegrationId, number>();

  constructor(private readonly registry: Registry) {
    super();
  }

  /**
   * Nobody is, of an integration that is being asked for: who comes later must not be kept before who asks. Nor where the
   * registry is elsewhere: what is remembered is looked at again by the statement that keeps the delivery.
   */
  override remembered(id: IntegrationId, tokenHash: string): RememberedSender | null {
    if (!this.registry.isBesideLog) return null;
    return this.asking.has(id) ? null : (this.lately.get(keyOf(id, tokenHash)) ?? null);
  }

  override async authenticate(id: IntegrationId, tokenHash: string): Promise<Integration | null> {
    this.asking.set(id, (this.asking.get(id) ?? 0) + 1);
    try {
      const sender = await this.registry.senders.find(id, tokenHash);
      const integration = enabled(sender);
      if (sender && integration) this.lately.set(keyOf(id, tokenHash), { integration, version: sender.version });
      else this.lately.delete(keyOf(id, tokenHash));
      return integration;
    } catch (cause) {
      throw new StoreUnavailable('integrations cannot be looked up', { cause });
    } finally {
      const left = (this.asking.get(id) ?? 1) - 1;
      if (left > 0) this.asking.set(id, left);
      else this.asking.delete(id);
    }
  }

  override async elsewhere(id: IntegrationId, tokenHash: string): Promise<string | null> {
    if (this.registry.isBesideLog) return null;
    try {
      const cell = await this.registry.senders.homeOf(id, tokenHash);
      return cell === this.registry.cells.cell ? null : cell;
    } catch (cause) {
      throw new StoreUnavailable('integrations cannot be looked up', { cause });
    }
  }

  override async find(id: IntegrationId): Promise<Integration | null> {
    const known = (await this.registry.integrations()).find((integration) => integration.id === id);
    if (known?.revoked !== false) return null;
    return enabled({ integration: known, account: await this.registry.account(known.accountId) });
  }
}

/** Null while its account is not. What the integration leaves to its account is the account's. */
function enabled(sender: Pick<RegisteredSender, 'integration' | 'account'> | null): Integration | null {
  if (!sender?.account?.enabled) return null;
  const { integration, account } = sender;
  return { ...integration, slippagePercent: integration.slippagePercent ?? account.slippagePercent };
}

const keyOf = (id: IntegrationId, tokenHash: string): string => `${id} ${tokenHash}`;
