import type { CommandBody } from '@core/contracts/command';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountStrategies } from '@core/projections/strategies';
import type { Integration } from '@core/registry/entities';
import { Injectable, Logger } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/**
 * Positions whose strategy was switched off: its sender will never say to close them. They stay open, for their owner
 * to decide, and operators hear of each.
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
      help: 'Positions whose strategy or integration was switched off while they were open',
      registers: [registry],
    });
  }

  look({ id, accountId }: Integration, wish: CommandBody<'RecordIntegration'> | CommandBody<'RecordStrategy'>): void {
    const isOff = wish.type === 'RecordStrategy' ? !wish.data.enabled : wish.data.what !== 'approved';
    if (!isOff) return;
    const only = wish.type === 'RecordStrategy' ? wish.data.strategyId : null;
    for (const strategy of Object.values(this.runner.state(accountStrategies, accountId).strategies)) {
      const { integrationId, strategyId, position } = strategy;
      if (integrationId !== id || strategyId !== (only ?? strategyId) || !position) continue;
      this.left.inc();
      const { positionId } = position;
      this.logger.warn({ msg: 'a position is left open', accountId, integrationId, strategyId, positionId });
    }
  }
}
