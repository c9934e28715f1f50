import type { AccountId, Decimal, Instrument, IntegrationId, Venue } from '@core/contracts/primitives';
import type { EntityManager } from 'typeorm';
import type { CellRegistry } from './cell-registry.ts';
import { Integration, RegisteredAccount, SlippageBound } from './entities.ts';

/** Whose orders a bound is for. */
export type SlippageScope =
  | { readonly of: 'account'; readonly account: AccountId }
  | { readonly of: 'integration'; readonly integration: IntegrationId }
  /** `*` is every venue, an empty instrument all of a venue. */
  | { readonly of: 'venue'; readonly venue: Venue | '*'; readonly instrument: Instrument | '' };

/** How far prices of market orders may slip. */
export class SlippageRegistry {
  constructor(
    private readonly manager: EntityManager,
    private readonly cells: CellRegistry,
  ) {}

  /** Of venues and their instruments; accounts and integrations have their own beside them. */
  bounds(): Promise<SlippageBound[]> {
    return this.manager.find(SlippageBound, { order: { venue: 'asc', instrument: 'asc' } });
  }

  /** Null takes the bound away: the next wider one holds. Rejects with `RegistryError` where there is no such scope. */
  async set(scope: SlippageScope, percent: Decimal | null): Promise<void> {
    if (scope.of === 'venue') {
      const { venue, instrument } = scope;
      if (percent === null) await this.manager.delete(SlippageBound, { venue, instrument });
      else await this.manager.save(SlippageBound, { venue, instrument, percent });
      return;
    }
    const change = { slippagePercent: percent };
    if (scope.of === 'account') {
      await this.cells.requireAccountHere(scope.account);
      await this.manager.update(RegisteredAccount, { id: scope.account }, change);
    } else {
      await this.cells.requireIntegrationHere(scope.integration);
      await this.manager.update(Integration, { id: scope.integration }, change);
    }
  }
}
