import type { IntegrationId } from '@core/contracts/primitives';
import type { Integration } from '@core/registry/entities';
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
      return await this.ofEnabledAccount(await this.registry.findIntegration(id, tokenHash));
    } catch (cause) {
      throw new StoreUnavailable('integrations cannot be looked up', { cause });
    }
  }

  override async find(id: IntegrationId): Promise<Integration | null> {
    const known = (await this.registry.integrations()).find((integration) => integration.id === id);
    return this.ofEnabledAccount(known?.revoked === false ? known : null);
  }

  /** What the integration leaves to its account is the account's. */
  private async ofEnabledAccount(integration: Integration | null): Promise<Integration | null> {
    if (integration === null) return null;
    const account = await this.registry.account(integration.accountId);
    if (!account?.enabled) return null;
    return { ...integration, slippagePercent: integration.slippagePercent ?? account.slippagePercent };
  }
}
