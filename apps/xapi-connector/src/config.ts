import { ServiceConfig } from '@core/service/service-config';
import { Choice, DatabaseUrl, Flag, Integer, List, NatsUrl, RegistryKey, Text } from '@core/service/settings';
import type { DriftPolicy } from '@core/connector/drift/drift-policy';

const POLICIES: DriftPolicy[] = ['adopt', 'observe', 'close-only', 'halt'];

/** Everything a connector can be told, and every limit it keeps. */
export class ConnectorConfig extends ServiceConfig {
  @DatabaseUrl()
  readonly databaseUrl: string;

  @NatsUrl()
  readonly natsUrl: string;

  @RegistryKey()
  readonly registryKey: string;

  @Text('Name of this instance in leases, claims and events; unset is a random one', { optional: true })
  readonly connectorId: string | undefined = undefined;

  // Connections to brokers

  @Integer('Least time between two commands of one connection', 0, 60_000)
  readonly commandIntervalMs: number = 250;

  @Integer('Most commands that wait for their turn on one connection', 10, 100_000)
  readonly commandQueueMax: number = 1_000;

  @Integer('How long connecting may take', 100, 120_000)
  readonly connectTimeoutMs: number = 10_000;

  @Integer('How long a broker may take to answer a command', 100, 120_000)
  readonly replyTimeoutMs: number = 10_000;

  @Integer('How often an idle connection is pinged', 100, 600_000)
  readonly pingMs: number = 20_000;

  @Integer('How soon after subscribing the first keep-alive must come', 100, 60_000)
  readonly firstKeepAliveMs: number = 3_500;

  @Integer('After this long without a keep-alive a session is dead', 100, 60_000)
  readonly keepAliveMs: number = 10_000;

  @Integer('Most bytes of one message of a broker', 65_536, 1_073_741_824)
  readonly messageMaxBytes: number = 64 * 1024 * 1024;

  @Integer('Most bytes that wait for a broker to read them', 1_024, 67_108_864)
  readonly unsentMaxBytes: number = 1024 * 1024;

  @List('Hosts that a login may be redirected to')
  readonly redirectHosts: readonly string[] = [];

  @List('Addresses of ours that connections to brokers leave from; none is whichever the system takes')
  readonly egressAddresses: readonly string[] = [];

  @Integer('Most connections to brokers from one address; they allow 50', 2, 100_000)
  readonly connectionsMax: number = 48;

  @Integer('Least time between two logins from one address', 0, 60_000)
  readonly loginIntervalMs: number = 250;

  @Integer('The shortest wait before logging in again', 10, 60_000)
  readonly backoffMinMs: number = 1_000;

  @Integer('The longest wait before logging in again', 10, 3_600_000)
  readonly backoffMaxMs: number = 60_000;

  @Integer('Wait when the broker says that there are too many connections', 10, 3_600_000)
  readonly fullPauseMs: number = 30_000;

  @Integer('A session that held this long resets the wait', 0, 3_600_000)
  readonly healthyMs: number = 60_000;

  // Requests

  @Integer('How long the ledger may take to grant a claim', 100, 60_000)
  readonly claimTimeoutMs: number = 3_000;

  @Integer(
    'Age at which a request is given up while there is no session; more than the ledger lets it be sent at',
    1_000,
    86_400_000,
  )
  readonly abandonMs: number = 45_000;

  @Integer('How long a status may stay open before the outcome counts as unknown', 1_000, 600_000)
  readonly statusTimeoutMs: number = 90_000;

  @Integer('How often a command goes again that the broker was too busy for', 0, 10)
  readonly busyRetries: number = 3;

  @Integer('Wait before such a command goes again, doubled each time', 100, 60_000)
  readonly busyPauseMs: number = 1_000;

  @Integer('No request is declared not executed sooner than this after it was sent', 0, 600_000)
  readonly lookupSettleMs: number = 30_000;

  @Integer('Time between the two reads that show that something is not there', 0, 600_000)
  readonly lookupAgainMs: number = 5_000;

  // Believing

  @Integer('How long the record that explains another may take', 100, 60_000)
  readonly graceMs: number = 3_000;

  @Integer('Records about one thing closer than this may have changed places', 0, 60_000)
  readonly raceMs: number = 1_000;

  @Integer('How often an account is reconciled', 1_000, 86_400_000)
  readonly reconcileMs: number = 300_000;

  @Integer('How far back the history is read beyond the last closed trade, for clocks that differ', 0, 86_400_000)
  readonly historyMarginMs: number = 300_000;

  @Choice('What a position leads to that a session should have told and reconciliation found', POLICIES)
  readonly driftPosition: DriftPolicy = 'adopt';

  @Choice('What an order leads to that a session should have told and reconciliation found', POLICIES)
  readonly driftOrder: DriftPolicy = 'adopt';

  @Choice('What a balance leads to that a session should have told and reconciliation found', POLICIES)
  readonly driftBalance: DriftPolicy = 'adopt';

  @Choice('What a position leads to that changed while there was no session', POLICIES)
  readonly driftAwayPosition: DriftPolicy = 'adopt';

  @Choice('What an order leads to that changed while there was no session', POLICIES)
  readonly driftAwayOrder: DriftPolicy = 'adopt';

  @Choice('What a balance leads to that changed while there was no session', POLICIES)
  readonly driftAwayBalance: DriftPolicy = 'adopt';

  @Integer('Least time between two samples of equity; a closed trade brings one sooner', 100, 86_400_000)
  readonly equityMs: number = 60_000;

  // The way to the log

  @Integer('An event not confirmed for this long is sent again', 50, 600_000)
  readonly intakeResendMs: number = 2_000;

  @Integer('From this many unconfirmed events on no request is claimed', 1, 1_000_000)
  readonly intakeSaturatedAt: number = 2_000;

  @Integer('From this many unconfirmed events on sessions end; what they miss is reconciled later', 1, 10_000_000)
  readonly intakeMax: number = 50_000;

  @Integer('Most records of one session that wait for the log to be caught up', 10, 1_000_000)
  readonly bufferedRecordsMax: number = 20_000;

  // Accounts

  @Integer('How often the registry is read again, beside being told of changes', 1_000, 3_600_000)
  readonly registryMs: number = 30_000;

  @Integer('A lease that was not renewed for this long is free', 1_000, 600_000)
  readonly leaseTtlMs: number = 4_000;

  @Integer('How often leases are renewed and shared out', 50, 60_000)
  readonly leaseRenewMs: number = 1_000;

  @Flag('Whether accounts are shared with other instances; false takes all of them')
  readonly leases: boolean = true;

  @Integer('Most accounts this instance takes', 1, 100_000)
  readonly accountsMax: number = 1_000;

  // Market data

  @Integer('How often quotes that moved are published', 10, 60_000)
  readonly quotesMs: number = 100;

  @Integer('Least time between two ticks of one instrument, asked of the broker', 1, 60_000)
  readonly tickIntervalMs: number = 200;

  @Integer('Deepest level of prices asked of the broker; 0 is the best price alone', 0, 9)
  readonly tickLevels: number = 4;

  @Integer('Most instruments of a venue whose ticks are subscribed', 0, 10_000)
  readonly tickInstrumentsMax: number = 500;

  @Integer('How often the instruments of a venue are read again', 1_000, 86_400_000)
  readonly instrumentsMs: number = 3_600_000;

  @Integer('Least time between two questions about candles or trading hours: what trades goes in between', 0, 60_000)
  readonly questionIntervalMs: number = 500;

  @Integer('Most requests for candles or trading hours of one venue that are being answered', 1, 10_000)
  readonly questionsMax: number = 20;

  @Integer('Candles asked of the broker at once; it refuses more than 50 000', 10, 49_000)
  readonly candleBlock: number = 1_000;

  @Integer('Most times that one answer asks the broker; the rest is for the next', 1, 1_000)
  readonly candleBlocksMax: number = 10;

  @Integer('How long one answer gathers candles; the rest is for the next', 100, 60_000)
  readonly candleGatherMs: number = 5_000;

  @Integer('How long a running candle is believed', 0, 3_600_000)
  readonly candlesFreshMs: number = 1_000;

  @Integer('Most candles of one venue kept in memory', 1_000, 100_000_000)
  readonly candlesKeptMax: number = 100_000;

  @Integer('How long trading hours are believed', 1_000, 604_800_000)
  readonly hoursMs: number = 86_400_000;
}
