import type { IntegrationId } from '@core/contracts/primitives';
import type { Integration } from '@core/registry/entities';
import type { RegisteredSender } from '@core/registry/registered-senders';
import { Registry } from '@core/registry/registry';
import { Injectable } from '@nestjs/common';

/** Nobody could say whether there is such an integration: no trading, and the sender may come again. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
}

/** Where integrations are registered. Rejects with `StoreUnavailable` when it cannot say. */
export abstract class Integrations {
  /** Null for an unknown id, a wrong token, a revoked integration and one of a disabled account alike. */
  abstract authenticate(id: IntegrationId, tokenHash: string): Promise<Integration | null>;
  /** Without a token, for what goes on in the background; null where nothing may any more. */
  abstract find(id: IntegrationId): Promise<Integration | null>;
}

@Injectable()
export class RegisteredIntegrations extends Integrations {
  constructor(private readonly registry: Registry) {
    super();
  }

  override async authenticate(id: IntegrationId, tokenHash: string): Promise<Integration | null> {
    try {
      return enabled(await this.registry.senders.find(id, tokenHash));
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
function enabled(sender: RegisteredSender | null): Integration | null {
  if (!sender?.account?.enabled) return null;
  const { integration, account } = sender;
  return { ...integration, slippagePercent: integration.slippagePercent ?? account.slippagePercent };
}
