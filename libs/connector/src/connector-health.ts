import { IntakeSender } from '@core/bus/intake-sender';
import { requireNats } from '@core/bus/nats-readiness';
import { PriceState } from '@core/contracts/market/quote';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Registry } from '@core/registry/registry';
import { Health } from '@core/service/health';
import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { NATS } from './connector-tokens.ts';
import type { AccountConnector } from './accounts/account-connector.ts';
import { AccountDirectory } from './accounts/account-directory.ts';
import { AccountSupervisor } from './accounts/account-supervisor.ts';
import { LeaseKeeper } from './leases/lease-keeper.ts';
import { VenueRegistry } from './market/venue-registry.ts';
import { ConnectorMetrics } from './metrics.ts';

/** Whether a connector does what it is there for, and its figures that are read when they are asked for. */
@Injectable()
export class ConnectorHealth {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly runner: ProjectionRunner,
    private readonly registry: Registry,
    private readonly directory: AccountDirectory,
    private readonly supervisor: AccountSupervisor,
    private readonly keeper: LeaseKeeper,
    private readonly venues: VenueRegistry,
    private readonly intake: IntakeSender,
    health: Health,
    metrics: ConnectorMetrics,
  ) {
    this.registerChecks(health);
    this.registerGauges(metrics);
  }

  private registerChecks(health: Health): void {
    const { nats, runner, directory } = this;
    health.register('nats', () => requireNats(nats));
    health.register('postgres', () => this.registry.ping());
    health.register('caught-up', () => runner.requireRead());
    health.register('registry', () => {
      if (!directory.isKnown) throw new Error('the registry was not read yet');
    });
    health.register('accounts', () => this.checkAccounts());
    health.register('prices', () => this.checkPrices());
  }

  private checkAccounts(): void {
    const { supervisor, keeper, venues } = this;
    const missing = this.count(({ status }) => status !== 'ready' && status !== 'refused');
    if (!keeper.isSettled) throw new Error('accounts are not shared out yet');
    if (missing > 0) throw new Error(`${missing} of ${[...supervisor.all].length} accounts have no session`);
    const mute = venues.venues().filter((venue) => !keeper.isSpokenFor(venue));
    if (mute.length > 0) throw new Error(`nobody tells the prices of ${mute.join(', ')} yet`);
  }

  /** Some prices of a venue may be stale for reasons of their own; where all are, nobody knows its market. */
  private checkPrices(): void {
    const dead = [...this.venues.spokenFor].filter(
      ([, market]) => market.count('stale') > 0 && market.count('live') === 0,
    );
    if (dead.length > 0) throw new Error(`no live prices of ${dead.map(([venue]) => venue).join(', ')}`);
  }

  private registerGauges(metrics: ConnectorMetrics): void {
    const gauge = (name: string, help: string, fits: (connector: AccountConnector) => boolean): void =>
      metrics.gauge(name, help, () => this.count(fits));
    gauge('accounts', 'Accounts whose leases this instance holds', () => true);
    gauge('accounts_ready', 'Accounts with a session', ({ status }) => status === 'ready');
    gauge('accounts_drifted', 'Accounts whose last look at the broker found a drift', ({ isClean }) => !isClean);
    gauge(
      'accounts_refused',
      'Accounts whose login was refused, and is not tried again for a while',
      ({ status }) => status === 'refused',
    );
    metrics.gaugeByState('prices', 'Instruments by how their last price stands', PriceState.options, (state) =>
      this.markets.reduce((sum, market) => sum + market.count(state), 0),
    );
    metrics.gauge(
      'prices_silent_seconds',
      'How long the most silent stream of prices has told none',
      () => Math.max(0, ...this.markets.map(({ silentMs }) => silentMs).filter(Number.isFinite)) / 1_000,
    );
    metrics.gauge('intake_pending', 'Events that the log has not confirmed', () => this.intake.pending);
  }

  private get markets() {
    return [...this.venues.spokenFor.values()];
  }

  private count(fits: (connector: AccountConnector) => boolean): number {
    return [...this.supervisor.all].filter(fits).length;
  }
}
