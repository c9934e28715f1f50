import { edgeConfig } from '@core/edge/edge-settings';
import { trustedProxies } from '@core/edge/trusted-proxies';
import { integer, list, pattern, port } from '@core/service/setting';
import { settings } from '@core/service/settings';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
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
  sessionMaxAgeMs: integer('Longest life of a session', MINUTE, 7 * 24 * HOUR).default(24 * HOUR),
  noticeBeforeMs: integer('Warning before the end of a session that asked for notices', SECOND, HOUR).default(MINUTE),
  closeGraceMs: integer('How long a closing connection may take to say goodbye', 10, MINUTE).default(2 * SECOND),
  inboundFrameMaxBytes: integer('Largest frame from a client', 256, MIB).default(16 * KIB),
  inboundPerSecond: integer('Frames per second from a client', 1, 1_000).default(10),
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
  sessionsPerKey: integer('Live sessions per key', 1, 10_000).default(16),
  connectionsPerAddress: integer('Live connections per address', 1, 10_000).default(32),
  connectsPerMinute: integer('New connections per address and minute', 1, 100_000).default(60),
  refusalsPerMinute: integer('Refused keys per address and minute', 1, 10_000).default(5),
}) {}

export class PlaybackSettings extends settings('', {
  outboundFrameMaxBytes: integer('Largest frame of a snapshot', 16 * KIB, MIB).default(256 * KIB),
  replayMaxEvents: integer(
    'Most events that a resumed session is replayed; beyond it gets a snapshot',
    0,
    1_000_000,
  ).default(50_000),
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
  accounts: AccountSettings,
};
