import { OrderLimitSettings } from '@core/edge/order-limit';
import { edgeConfig } from '@core/edge/edge-settings';
import { trustedProxies } from '@core/edge/trusted-proxies';
import { integer, list, pattern, port } from '@core/service/setting';
import { settings } from '@core/service/settings';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIB = 1_024;
const MIB = 1_024 * KIB;

export class EndpointSettings extends settings('', {
  port: port('Port of the WebSocket endpoint; 0 is any free one').default(0),
  allowedOrigins: list('Origins from which browsers may connect; unset refuses all browsers').default([]),
  trustedProxies,
  tickMs: integer('How often sessions are looked at for what is due', 5, SECOND).default(500),
}) {}

export class ConnectionSettings extends settings('', {
  authTimeoutMs: integer('How long a connection may take to authenticate', 100, MINUTE).default(10 * SECOND),
  pingIntervalMs: integer('How often a live session gets a Ping', 10, MINUTE).default(10 * SECOND),
  pongTimeoutMs: integer('How long a session may be silent', 20, 10 * MINUTE).default(25 * SECOND),
  sessionMaxAgeMs: integer('Longest life of a session', MINUTE, 7 * DAY).default(DAY),
  noticeBeforeMs: integer('Warning before the end of a session that asked for notices', SECOND, HOUR).default(MINUTE),
  keyNoticeMs: integer('Warning before the end of a key, to sessions that asked for notices', SECOND, 30 * DAY).default(
    DAY,
  ),
  closeGraceMs: integer('How long a closing connection may take to say goodbye', 10, MINUTE).default(2 * SECOND),
  inboundFrameMaxBytes: integer('Largest frame from a client', 256, MIB).default(16 * KIB),
  inboundPerSecond: integer('Frames per second from a client whose key has no number of its own', 1, 1_000).default(10),
  inboundBurst: integer('Frames a client may send at once', 1, 10_000).default(20),
  softWatermarkBytes: integer(
    'Unsent bytes of a session above which prices are conflated and replays pause',
    KIB,
    64 * MIB,
  ).default(MIB),
  hardWatermarkBytes: integer('Unsent bytes of a session above which it ends', KIB, 256 * MIB).default(4 * MIB),
  softWatermarkMs: integer('How long a session may stay above the soft watermark', 10, 10 * MINUTE).default(
    15 * SECOND,
  ),
}) {}

export class AdmissionSettings extends settings('', {
  keyCheckTimeoutMs: integer('How long checking a key may take', 100, MINUTE).default(5 * SECOND),
  keyLookMs: integer('How often live keys are checked, should a revocation have been missed', 100, HOUR).default(
    10 * SECOND,
  ),
  connectionsMax: integer('Live connections of this process', 1, 100_000).default(5_000),
  sessionsPerKey: integer(
    'Live sessions of a key over all instances, unless it has a number of its own',
    1,
    10_000,
  ).default(16),
  sessionLeaseMs: integer('How long sessions of an instance that was killed count', 3 * SECOND, HOUR).default(
    30 * SECOND,
  ),
  connectionsPerAddress: integer('Live connections per address', 1, 10_000).default(32),
  connectsPerMinute: integer('New connections per address and minute', 1, 100_000).default(60),
  refusalsPerMinute: integer('Refused keys per address and minute', 1, 10_000).default(5),
}) {}

export class FigureSettings extends settings('', {
  figuresMs: integer('How often sessions that want them are told figures that changed', 20, MINUTE).default(200),
}) {}

export class UpstreamSettings extends settings('', {
  upstreamLookMs: integer('How often it is asked whether NATS and the ledger are there', 50, MINUTE).default(
    2 * SECOND,
  ),
}) {}

export class PlaybackSettings extends settings('', {
  recentBytesMax: integer(
    'Memory for what was told last, which sessions that resume get without reading the log',
    0,
    4 * KIB * MIB,
  ).default(64 * MIB),
  outboundFrameMaxBytes: integer('Largest frame of a snapshot', 16 * KIB, MIB).default(256 * KIB),
  resumeMaxAgeMs: integer(
    'How old what a resumed session missed may be; beyond it gets a snapshot',
    0,
    10 * 365 * DAY,
  ).default(3 * DAY),
  replayMaxEvents: integer(
    'Most events that a resumed session is replayed; beyond it gets a snapshot',
    0,
    1_000_000,
  ).default(50_000),
  bookEveryEvents: integer(
    'Events of an account after which its state is kept beside, so that a resumed session need not wait for its whole life',
    1,
    100_000,
  ).default(64),
}) {}

export class TradeSettings extends settings('', {
  commandTimeoutMs: integer('How long the ledger may take to answer a command', 100, MINUTE).default(5 * SECOND),
  keyOrdersPerMinute: integer(
    'New orders of a key and minute over all its sessions and instances, in the long run',
    1,
    1_000_000,
  ).default(600),
  keyOrdersBurst: integer(
    'New orders that a key may place at once, over all its sessions and instances',
    1,
    100_000,
  ).default(100),
  viewTimeoutMs: integer('How long an answer waits until what it did is seen here', 0, MINUTE).default(2 * SECOND),
}) {}

export class AccountSettings extends settings('', {
  stopOutPercent: pattern<`${number}`>(
    'Margin level in percent at which the broker closes positions',
    'a whole percentage',
    /^\d{1,3}$/,
  ).default('50'),
}) {}

/** Protocol section 11, with its defaults. */
export const wsSessionConfig = {
  ...edgeConfig,
  endpoint: EndpointSettings,
  connection: ConnectionSettings,
  admission: AdmissionSettings,
  playback: PlaybackSettings,
  figures: FigureSettings,
  upstream: UpstreamSettings,
  accounts: AccountSettings,
  trading: TradeSettings,
  orders: OrderLimitSettings,
};
