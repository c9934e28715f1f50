import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountStrategies } from '@core/projections/strategies';
import type { LifecycleWish } from '@core/proquant/translate';
import type { Integration } from '@core/registry/entities';
import { Injectable, Logger } from '@nestjs/common';
import { policiesFor } from '../log/venue-orders.ts';
import { Counter, Registry } from 'prom-client';
import { leftBy } from './orphaned.ts';

/**
 * Positions whose strategy was switched off: its sender will never say to close them. Operators hear of each, whether it
 * stays open for its owner to decide or is closed here (`OrphanCloser`).
 */
@Injectable()
export class Orphans {
  private readonly logger = new Logger(Orphans.name);
  private readonly left: Counter;

  constructor(
    private readonly runner: ProjectionRunner,
    registry: Registry,
  ) {
    this.left = new Counter({
      name: 'proquant_positions_left_open_total',
      help: 'Positions whose strategy or integration was switched off while they were open, under every registration',
      registers: [registry],
    });
  }

  look({ id, accountId }: Integration, wish: LifecycleWish): void {
    const state = this.runner.state(accountStrategies, accountId);
    const onDisable = policiesFor(this.runner, { id, accountId }).on_disable;
    for (const { integrationId, strategyId, position } of leftBy(state, wish)) {
      if (!position) continue;
      this.left.inc();
      const { positionId } = position;
      this.logger.warn({ msg: 'a position is left open', onDisable, accountId, integrationId, strategyId, positionId });
    }
  }
}
