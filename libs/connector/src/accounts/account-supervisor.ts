import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { INSTANCE } from '../connector-tokens.ts';
import { LookService } from '../drift/look-service.ts';
import { LeaseKeeper, type AccountLeases } from '../leases/lease-keeper.ts';
import { VenueRegistry } from '../market/venue-registry.ts';
import { ConnectorMetrics } from '../metrics.ts';
import type { AccountConnector } from './account-connector.ts';
import { AccountDirectory } from './account-directory.ts';
import { AccountFactory } from './account-factory.ts';
import { ConnectionAnswers } from './connection-answers.ts';

/** Connects the accounts this instance holds leases of, as the registry has them. */
@Injectable()
export class AccountSupervisor implements AccountLeases {
  private readonly connectors = new Map<AccountId, AccountConnector>();
  /** Those that have a session now. */
  private readonly inSession = new Set<AccountId>();

  private readonly log = new Logger('Connector');

  constructor(
    @Inject(INSTANCE) private readonly instance: string,
    private readonly directory: AccountDirectory,
    private readonly keeper: LeaseKeeper,
    private readonly venues: VenueRegistry,
    private readonly factory: AccountFactory,
    private readonly answers: ConnectionAnswers,
    private readonly metrics: ConnectorMetrics,
    private readonly looks: LookService,
  ) {}

  get all(): Iterable<AccountConnector> {
    return this.connectors.values();
  }

  hasSession(account: AccountId): boolean {
    return this.inSession.has(account);
  }

  /** This instance, and what tells its lease of the account from others'. */
  claimant(account: AccountId): string {
    return `${this.instance}#${this.keeper.token(account)}`;
  }

  /** Accounts were added, disabled, given a new password or moved to another server. */
  async readDirectory(): Promise<void> {
    const { directory, keeper, log } = this;
    try {
      await directory.read();
    } catch (error) {
      log.warn({ reason: String(error), msg: 'the registry cannot be read: accounts stay as they are' });
      return;
    }
    keeper.hurry();
    for (const connector of [...this.connectors.values()]) await this.adjust(connector);
  }

  accounts(): readonly AccountId[] {
    return this.directory.ids;
  }

  held(account: AccountId): void {
    const { directory, factory, venues, keeper, looks } = this;
    const listed = directory.account(account);
    if (!listed) return;
    const connector = factory.connect(listed, {
      claimant: () => this.claimant(account),
      onSession: (session) => {
        if (this.connectors.get(account) !== connector) return;
        if (session) this.inSession.add(account);
        else this.inSession.delete(account);
        if (session) looks.begin(account, () => connector.look());
        else looks.end(account);
        venues.visited(listed.venue, account, session);
        if (session) keeper.hurry();
      },
    });
    this.connectors.set(account, connector);
    this.answers.begin(account, () => this.hasSession(account));
    connector.start();
  }

  async lost(account: AccountId, isAgainstOurWill: boolean): Promise<void> {
    if (isAgainstOurWill) this.metrics.leaseLost();
    this.answers.end(account);
    const known = this.connectors.get(account);
    this.connectors.delete(account);
    this.inSession.delete(account);
    this.looks.end(account);
    if (known) this.venues.forget(known.account.venue, account);
    await known?.stop(isAgainstOurWill ? 'the lease was lost' : 'the lease was given up');
  }

  /** An event of the log, with the fold as of just this event. */
  learn(event: RecordedEvent): void {
    this.connectors.get(event.subject)?.learn(event);
  }

  /** The log will never hold one of our events. */
  refused(account: AccountId, eventId: Uuid): void {
    this.connectors.get(account)?.refused(eventId);
  }

  /** What the accounts learnt of the log lately may never have happened. */
  rewound(): void {
    for (const connector of this.connectors.values()) connector.rewound();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.connectors.values()].map((connector) => connector.stop('the connector stopped')));
  }

  private async adjust(connector: AccountConnector): Promise<void> {
    const { id, endpoint, mode, secretVersion } = connector.account;
    const now = this.directory.account(id);
    if (!now) return; // its lease is given up with the next round
    if (JSON.stringify([now.endpoint, now.mode]) === JSON.stringify([endpoint, mode])) {
      if (now.secretVersion !== secretVersion) connector.retry(now);
      return;
    }
    await connector.stop('its server changed');
    // Lost or connected anew while it stopped: then it is not ours to connect.
    if (this.connectors.get(id) === connector) this.held(id);
  }
}
