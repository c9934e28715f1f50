// What the operator registers: who may trade where, and with which keys. No secret is stored readable.
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId, Decimal, Instrument, IntegrationId, TraderId, Uuid, Venue } from '@core/contracts/primitives';
import type { TickerMapping } from '@core/contracts/ticker-mapping';
import { RegisteredCell, TraderHome, TraderMove } from './cell-entities.ts';
import { DataClient, DataGroup } from './data-feed-entities.ts';
import { IntegrationRequest } from './integration-request.ts';
import { OperatorAccount } from './operator-accounts.ts';
import { OperatorAct } from './operator-act.ts';
import { ProjectionRelease } from './projection-release.ts';

/** OAuth 2.0: a code that the client's server exchanges, or a token in the address of its page. */
export type OauthFlow = 'code' | 'implicit';

/** A person who logs in to TradingView with us. */
@Entity({ schema: 'registry', name: 'trader' })
export class Trader {
  @PrimaryColumn('uuid') id: TraderId;
  @Column('text', { unique: true }) login: string;
  /** argon2id. */
  @Column('text', { name: 'password_hash' }) passwordHash: string;
  /** Is not let in, and sees no account. */
  @Column('boolean', { default: false }) disabled: boolean;
}

/** A broker's server, by the name that we call it. */
@Entity({ schema: 'registry', name: 'broker' })
export class RegisteredBroker {
  @PrimaryColumn('text') venue: Venue;
  /** What it speaks: its accounts are for the connectors of this protocol. */
  @Column('text') protocol: string;
  /** Where it is, in the terms of its protocol, which checks them. */
  @Column('jsonb') endpoint: object;
}

/** A trader's account at a broker. */
@Entity({ schema: 'registry', name: 'account' })
export class RegisteredAccount {
  @PrimaryColumn('uuid') id: AccountId;
  @Column('uuid', { name: 'trader_id' }) traderId: TraderId;
  @Column('text') venue: Venue;
  @Column('text', { name: 'broker_login' }) brokerLogin: string;
  /** What the id is made of beside the login (`accountIdOf`); read by nobody who does not ask for it. */
  @Column('uuid', { select: false }) salt?: Uuid;
  @Column('text') name: string;
  @Column('text') mode: 'demo' | 'live';
  @Column('boolean') enabled: boolean;
  /** Whether TradingView shows its positions netted, one per instrument; its broker keeps them apart all the same. */
  @Column('boolean', { default: false }) netting: boolean;
  /** How far the price of its market orders may slip; null is as at its venue, and no bound for strategies' signals. */
  @Column('text', { name: 'slippage_percent', nullable: true }) slippagePercent: Decimal | null;
}

/** An account's password at its broker: apart from the account, for those alone who log in with it. */
@Entity({ schema: 'registry', name: 'broker_password' })
export class BrokerPassword {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId: AccountId;
  /** AES-256-GCM under REGISTRY_KEY, bound to the account, its mode, and where its venue is. */
  @Column('text') sealed: string;
}

/** A key of ws-session: what it may see (null lists mean everyone's), what else it may do, and until when. */
@Entity({ schema: 'registry', name: 'access_key' })
export class AccessKey {
  @PrimaryColumn('uuid') id: Uuid;
  /** The only cell that it opens. */
  @Column('text') cell: string;
  @Column('text') name: string;
  /** SHA-256. */
  @Column('text', { name: 'secret_hash', unique: true }) secretHash: string;
  /** The secret before the last rotation, which opens too until `previousUntil`. */
  @Column('text', { name: 'previous_hash', unique: true, nullable: true }) previousHash: string | null;
  @Column('timestamptz', { name: 'previous_until', nullable: true }) previousUntil: Date | null;
  @Column('uuid', { name: 'trader_ids', array: true, nullable: true }) traderIds: TraderId[] | null;
  @Column('uuid', { name: 'account_ids', array: true, nullable: true }) accountIds: AccountId[] | null;
  /** Whether it gets quotes too. */
  @Column('boolean') prices: boolean;
  /** Whether it may trade on what it sees. */
  @Column('boolean') trade: boolean;
  /** Null: no end. */
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
  /** Live sessions over all instances; null is as many as any key. */
  @Column('integer', { name: 'sessions_max', nullable: true }) sessionsMax: number | null;
  /** Frames from each of its sessions; null is as many as from any. */
  @Column('integer', { name: 'messages_per_second', nullable: true }) messagesPerSecond: number | null;
  @Column('boolean') revoked: boolean;
}

/** A ProQuant integration: where its webhooks trade, and the hashes of the tokens that may call. */
@Entity({ schema: 'registry', name: 'integration' })
export class Integration {
  @PrimaryColumn('uuid') id: IntegrationId;
  @Column('uuid', { name: 'account_id' }) accountId: AccountId;
  @Column('text') name: string;
  /** SHA-256 each, newest last; several are good while a token is rotated. */
  @Column('text', { name: 'token_hashes', array: true }) tokenHashes: string[];
  @Column('jsonb') tickers: Record<string, TickerMapping>;
  /** How far the price of its entries may slip from the market's when they come; null is as its account says. */
  @Column('text', { name: 'slippage_percent', nullable: true }) slippagePercent: Decimal | null;
  @Column('boolean') revoked: boolean;
}

/** How far the price of a market order may slip at a venue, or in one of its instruments. */
@Entity({ schema: 'registry', name: 'slippage_bound' })
export class SlippageBound {
  /** `*` is every venue that has no bound of its own. */
  @PrimaryColumn('text') venue: Venue | '*';
  /** Empty is every instrument that has no bound of its own. */
  @PrimaryColumn('text') instrument: Instrument | '';
  @Column('text') percent: Decimal;
}

/** Who may send people to our login page, and where they come back to: one for each pair of environments. */
@Entity({ schema: 'registry', name: 'oauth_client' })
export class OauthClient {
  @PrimaryColumn('uuid') id: Uuid;
  @Column('text') name: string;
  @Column('text') flow: OauthFlow;
  /** SHA-256; null where the flow has no secret. */
  @Column('text', { name: 'secret_hash', nullable: true }) secretHash: string | null;
  /** Compared letter by letter. */
  @Column('text', { name: 'redirect_uris', array: true }) redirectUris: string[];
  /** Where a logout may lead to. */
  @Column('text', { name: 'logout_uris', array: true }) logoutUris: string[];
  @Column('boolean') revoked: boolean;
}

export const registryEntities = [
  ...[Trader, RegisteredBroker, RegisteredAccount, BrokerPassword, AccessKey, Integration, SlippageBound],
  ...[DataClient, DataGroup, OauthClient, ProjectionRelease, OperatorAct, OperatorAccount, IntegrationRequest],
  ...[RegisteredCell, TraderHome, TraderMove],
];
