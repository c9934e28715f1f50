import { CommandClient } from '@core/bus/command-client';
import type { AccountId, PositionId } from '@core/contracts/primitives';
import { RetryBackoff } from '@core/kernel/retry-backoff';
import { SingleFlights } from '@core/kernel/single-flight';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountStrategies } from '@core/projections/strategies';
import { inBackground } from '@core/service/in-background';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SignalSettings } from '../config.ts';
import { AccountWatch } from './account-watch.ts';
import { orphanedToClose } from './orphaned.ts';

/**
 * Closes what nobody will say to close, where that was decided (`on_disable`). What there is to close is read from the
 * log alone, so that a process that ends in between leaves nothing open; what fails is tried again, less and less often.
 */
@Injectable()
export class OrphanCloser implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OrphanCloser.name);
  private readonly underway = new SingleFlights<PositionId>();
  private readonly backoff: RetryBackoff;
  private watch: AccountWatch | undefined;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly commands: CommandClient,
    private readonly settings: SignalSettings,
  ) {
    this.backoff = new RetryBackoff(settings.lookMs, settings.orphanPauseMaxMs);
  }

  onApplicationBootstrap(): void {
    this.watch = new AccountWatch(this.runner, (accounts) => this.look(accounts), this.settings.lookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.watch?.stop();
    await this.underway.idle();
  }

  private look(accounts: Iterable<AccountId>): void {
    for (const account of accounts) {
      for (const positionId of orphanedToClose(this.runner.state(accountStrategies, account))) {
        if (this.underway.has(positionId) || !this.backoff.mayTry(positionId, 'close', performance.now())) continue;
        const closing = this.underway.run(positionId, () => this.close(account, positionId));
        inBackground('an orphan is closed', closing);
      }
    }
  }

  /** What is being closed already is refused, so that nothing is closed twice. */
  private async close(account: AccountId, positionId: PositionId): Promise<void> {
    const requester = { edge: 'proquant-webhook', reference: 'on_disable' } as const;
    const body = { type: 'ClosePosition', data: { positionId, volumeLots: null, requester } } as const;
    try {
      const answer = await this.commands.ask(account, body, { timeoutMs: this.settings.ledgerTimeoutMs });
      if (!answer.ok)
        this.logger.warn({ msg: 'an orphan stays open for now', positionId, reason: answer.refusal.reason });
    } catch (error) {
      this.logger.warn({ err: error, positionId, msg: 'an orphan stays open for now' });
    }
  }
}
