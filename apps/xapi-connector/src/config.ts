import { DatabaseSettings, NatsSettings, RegistrySettings, ServiceSettings } from '@core/service/service-settings';
import { choice, flag, integer, list, text } from '@core/service/setting';
import { settings } from '@core/service/settings';
import type { DriftPolicy } from '@core/connector/drift/drift-policy';

const POLICIES: DriftPolicy[] = ['adopt', 'observe', 'close-only', 'halt'];

/** Everything a connector can be told, and every limit it keeps. */
export class ConnectorConfig extends settings('', {
  databaseUrl: DatabaseSettings.schema.shape.url,
  natsUrl: NatsSettings.schema.shape.url,
  registryKey: RegistrySettings.schema.shape.key,
  connectorId: text('Name of this instance in leases, claims and events; unset is a random one').optional(),

  // Connections to brokers

  commandIntervalMs: integer('Least time between two commands of one connection', 0, 60_000).default(250),
  commandQueueMax: integer('Most commands that wait for their turn on one connection', 10, 100_000).default(1_000),
  connectTimeoutMs: integer('How long connecting may take', 100, 120_000).default(10_000),
  replyTimeoutMs: integer('How long a broker may take to answer a command', 100, 120_000).default(10_000),
  pingMs: integer('How often an idle connection is pinged', 100, 600_000).default(20_000),
  firstKeepAliveMs: integer('How soon after subscribing the first keep-alive must come', 100, 60_000).default(3_500),
  keepAliveMs: integer('After this long without a keep-alive a session is dead', 100, 60_000).default(10_000),
  messageMaxBytes: integer('Most bytes of one message of a broker', 65_536, 1_073_741_824).default(64 * 1024 * 1024),
  unsentMaxBytes: integer('Most bytes that wait for a broker to read them', 1_024, 67_108_864).default(1024 * 1024),
  redirectHosts: list('Hosts that a login may be redirected to').default([]),
  egressAddresses: list(
    'Addresses of ours that connections to brokers leave from; none is whichever the system takes',
  ).default([]),
  connectionsMax: integer('Most connections to brokers from one address; they allow 50', 2, 100_000).default(48),
  loginIntervalMs: integer('Least time between two logins from one address', 0, 60_000).default(250),
  backoffMinMs: integer('The shortest wait before logging in again', 10, 60_000).default(1_000),
  backoffMaxMs: integer('The longest wait before logging in again', 10, 3_600_000).default(60_000),
  fullPauseMs: integer('Wait when the broker says that there are too many connections', 10, 3_600_000).default(30_000),
  healthyMs: integer('A session that held this long resets the wait', 0, 3_600_000).default(60_000),

  // Requests

  claimTimeoutMs: integer('How long the ledger may take to grant a claim', 100, 60_000).default(3_000),
  abandonMs: integer(
    'Age at which a request is given up while there is no session; more than the ledger lets it be sent at',
    1_000,
    86_400_000,
  ).default(45_000),
  statusTimeoutMs: integer(
    'How long a status may stay open before the outcome counts as unknown',
    1_000,
    600_000,
  ).default(90_000),
  busyRetries: integer('How often a command goes again that the broker was too busy for', 0, 10).default(3),
  busyPauseMs: integer('Wait before such a command goes again, doubled each time', 100, 60_000).default(1_000),
  lookupSettleMs: integer('No request is declared not executed sooner than this after it was sent', 0, 600_000).default(
    30_000,
  ),
  lookupAgainMs: integer('Time between the two reads that show that something is not there', 0, 600_000).default(5_000),

  // Believing

  graceMs: integer('How long the record that explains another may take', 100, 60_000).default(3_000),
  raceMs: integer('Records about one thing closer than this may have changed places', 0, 60_000).default(1_000),
  reconcileMs: integer('How often an account is reconciled', 1_000, 86_400_000).default(300_000),
  historyMarginMs: integer(
    'How far back the history is read beyond the last closed trade, for clocks that differ',
    0,
    86_400_000,
  ).default(300_000),
  driftPosition: choice(
    'What a position leads to that a session should have told and reconciliation found',
    POLICIES,
  ).default('adopt'),
  driftOrder: choice(
    'What an order leads to that a session should have told and reconciliation found',
    POLICIES,
  ).default('adopt'),
  driftBalance: choice(
    'What a balance leads to that a session should have told and reconciliation found',
    POLICIES,
  ).default('adopt'),
  driftAwayPosition: choice('What a position leads to that changed while there was no session', POLICIES).default(
    'adopt',
  ),
  driftAwayOrder: choice('What an order leads to that changed while there was no session', POLICIES).default('adopt'),
  driftAwayBalance: choice('What a balance leads to that changed while there was no session', POLICIES).default(
    'adopt',
  ),
  equityMs: integer(
    'Least time between two samples of equity; a closed trade brings one sooner',
    100,
    86_400_000,
  ).default(60_000),

  // The way to the log

  intakeResendMs: integer('An event not confirmed for this long is sent again', 50, 600_000).default(2_000),
  intakeSaturatedAt: integer('From this many unconfirmed events on no request is claimed', 1, 1_000_000).default(2_000),
  intakeMax: integer(
    'From this many unconfirmed events on sessions end; what they miss is reconciled later',
    1,
    10_000_000,
  ).default(50_000),
  bufferedRecordsMax: integer(
    'Most records of one session that wait for the log to be caught up',
    10,
    1_000_000,
  ).default(20_000),

  // Accounts

  registryMs: integer('How often the registry is read again, beside being told of changes', 1_000, 3_600_000).default(
    30_000,
  ),
  leaseTtlMs: integer('A lease that was not renewed for this long is free', 1_000, 600_000).default(4_000),
  leaseRenewMs: integer('How often leases are renewed and shared out', 50, 60_000).default(1_000),
  leases: flag('Whether accounts are shared with other instances; false takes all of them').default(true),
  accountsMax: integer('Most accounts this instance takes', 1, 100_000).default(1_000),

  // Market data

  quotesMs: integer('How often quotes that moved are published', 10, 60_000).default(100),
  tickIntervalMs: integer('Least time between two ticks of one instrument, asked of the broker', 1, 60_000).default(
    200,
  ),
  tickLevels: integer('Deepest level of prices asked of the broker; 0 is the best price alone', 0, 9).default(4),
  tickInstrumentsMax: integer('Most instruments of a venue whose ticks are subscribed', 0, 10_000).default(500),
  instrumentsMs: integer('How often the instruments of a venue are read again', 1_000, 86_400_000).default(3_600_000),
  questionIntervalMs: integer(
    'Least time between two questions about candles or trading hours: what trades goes in between',
    0,
    60_000,
  ).default(500),
  questionsMax: integer(
    'Most requests for candles or trading hours of one venue that are being answered',
    1,
    10_000,
  ).default(20),
  candleBlock: integer('Candles asked of the broker at once; it refuses more than 50 000', 10, 49_000).default(1_000),
  candleBlocksMax: integer('Most times that one answer asks the broker; the rest is for the next', 1, 1_000).default(
    10,
  ),
  candleGatherMs: integer('How long one answer gathers candles; the rest is for the next', 100, 60_000).default(5_000),
  candlesFreshMs: integer('How long a running candle is believed', 0, 3_600_000).default(1_000),
  candlesKeptMax: integer('Most candles of one venue kept in memory', 1_000, 100_000_000).default(100_000),
  hoursMs: integer('How long trading hours are believed', 1_000, 604_800_000).default(86_400_000),
}) {}

export const xapiConnectorConfig = { service: ServiceSettings, connector: ConnectorConfig };
