import { DatabaseUrl, Flag, Integer, List, NatsUrl, Pattern, Port } from '@core/service/settings';
import { ServiceConfig } from '@core/service/service-config';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Protocol section 11, with its defaults. */
export class WsSessionConfig extends ServiceConfig {
  @Port('Port of the WebSocket endpoint; 0 is any free one')
  readonly port: number = 0;

  @DatabaseUrl()
  readonly databaseUrl: string;

  @NatsUrl()
  readonly natsUrl: string;

  @List('Origins from which browsers may connect; unset refuses all browsers')
  readonly allowedOrigins: readonly string[] = [];

  @Flag('Behind a proxy that sets X-Forwarded-For: count connections by its last entry')
  readonly trustProxy: boolean = false;

  @Pattern('Margin level in percent at which the broker closes positions', /^\d{1,3}$/, 'a whole percentage')
  readonly stopOutPercent: `${number}` = '50';

  @Integer('How long a connection may take to authenticate', 100, MINUTE)
  readonly authTimeoutMs: number = 10 * SECOND;

  @Integer('How long checking a key may take', 100, MINUTE)
  readonly keyCheckTimeoutMs: number = 5 * SECOND;

  @Integer(
    'How often unknown markets are asked for, and live keys checked should a revocation have been missed',
    100,
    HOUR,
  )
  readonly lookMs: number = 10 * SECOND;

  @Integer('How often a live session gets a Ping', 10, MINUTE)
  readonly pingIntervalMs: number = 10 * SECOND;

  @Integer('How long a session may be silent', 20, 10 * MINUTE)
  readonly pongTimeoutMs: number = 25 * SECOND;

  @Integer('How often sessions are looked at for what is due', 5, SECOND)
  readonly tickMs: number = 500;

  @Integer('Longest life of a session', MINUTE, 7 * 24 * HOUR)
  readonly sessionMaxAgeMs: number = 24 * HOUR;

  @Integer('Warning before the end of a session that asked for notices', SECOND, HOUR)
  readonly noticeBeforeMs: number = MINUTE;

  @Integer('How long a closing connection may take to say goodbye', 10, MINUTE)
  readonly closeGraceMs: number = 2 * SECOND;

  @Integer('Live connections of this process', 1, 100_000)
  readonly connectionsMax: number = 5_000;

  @Integer('Live sessions per key', 1, 10_000)
  readonly sessionsPerKey: number = 16;

  @Integer('Live connections per address', 1, 10_000)
  readonly connectionsPerAddress: number = 32;

  @Integer('New connections per address and minute', 1, 100_000)
  readonly connectsPerMinute: number = 60;

  @Integer('Refused keys per address and minute', 1, 10_000)
  readonly refusalsPerMinute: number = 5;

  @Integer('Largest frame from a client', 256, MIB)
  readonly inboundFrameMaxBytes: number = 16 * KIB;

  @Integer('Frames per second from a client', 1, 1_000)
  readonly inboundPerSecond: number = 10;

  @Integer('Frames a client may send at once', 1, 10_000)
  readonly inboundBurst: number = 20;

  @Integer('Largest frame of a snapshot', 16 * KIB, MIB)
  readonly outboundFrameMaxBytes: number = 256 * KIB;

  @Integer('Unsent bytes of a session above which prices are conflated and replays pause', KIB, 64 * MIB)
  readonly softWatermarkBytes: number = MIB;

  @Integer('Unsent bytes of a session above which it ends', KIB, 256 * MIB)
  readonly hardWatermarkBytes: number = 4 * MIB;

  @Integer('How long a session may stay above the soft watermark', 10, 10 * MINUTE)
  readonly softWatermarkMs: number = 15 * SECOND;

  @Integer('Most events that a resumed session is replayed; beyond it gets a snapshot', 0, 1_000_000)
  readonly replayMaxEvents: number = 50_000;

  @Integer('How often changed states are saved', SECOND, 24 * HOUR)
  readonly snapshotMs: number = 30 * SECOND;
}
