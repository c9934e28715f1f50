import type { CommandClient } from '@core/bus/command-client';
import type { IntakeSender } from '@core/bus/intake-sender';
import type { AccountId, Instant, Uuid, Venue } from '@core/contracts/primitives';
import type { AnyPrice } from '@core/xapi/translate/encode-request';
import type { ConnectorConfig } from '../../../../apps/xapi-connector/src/config.ts';
import type { VenueCatalog } from '../market/venue-catalog.ts';
import type { ConnectorMetrics } from '../metrics.ts';
import type { BrokerServer } from '../../../../apps/xapi-connector/src/transport/login.ts';
import type { XapiSession } from '../../../../apps/xapi-connector/src/xapi-session.ts';
import type { Credentials } from '@core/registry/registry';
import type { Book } from './optimistic-book.ts';
import type { DriftRules } from '../drift/drift-policy.ts';
import type { EgressAddresses } from '../../../../apps/xapi-connector/src/transport/egress.ts';

export interface ConnectedAccount {
  readonly id: AccountId;
  readonly venue: Venue;
  readonly server: BrokerServer;
}

/** What an account's connector works with; most of it is shared by all accounts of the process. */
export interface AccountParts {
  readonly config: ConnectorConfig;
  readonly rules: DriftRules;
  /** The build that makes the events. */
  readonly source: string;
  readonly intake: IntakeSender;
  readonly commands: CommandClient;
  readonly egress: EgressAddresses;
  readonly catalog: VenueCatalog;
  readonly metrics: ConnectorMetrics;
  readonly log: Pick<Console, 'log' | 'warn' | 'error'>;
  readonly anyPrice: AnyPrice;
  readonly newId: () => Uuid;
  readonly now: () => Instant;
  /** This instance and the fencing token of the account's lease. */
  claimant(account: AccountId): string;
  /** Rejects with `CredentialsUnavailable`. */
  credentials(account: AccountId): Promise<Credentials>;
  /** The fold of the log, as of the event that is being told. */
  book(account: AccountId): Book;
  /** A session is ready, or no longer. */
  onSession(account: ConnectedAccount, session: XapiSession | null): void;
}
