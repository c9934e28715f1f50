import { Logger as NestPinoLogger, PinoLogger } from 'nestjs-pino';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

/** Field names whose values are never written, wherever they stand in the first levels of a logged object. */
const SECRETS = [
  'password',
  'token',
  'accessToken',
  'access_token',
  'secret',
  'secretKey',
  'secret_key',
  'authorization',
  'cookie',
  'registryKey',
  'databaseUrl',
  'natsUrl',
  'streamSessionId',
  'x-proquant-token',
];

const DEPTH = 4;

/** One JSON object a line, with the service's name; secrets are replaced. Synchronous, so that a crash keeps its reason. */
export const createLogger = (
  service: string,
  level: string,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths(), censor: '[redacted]' },
    },
    destination,
  );

/** Nest's own logger calls (`new Logger('Context').log({ orderId, msg })`) written by pino. */
export const nestLogger = (logger: Logger): NestPinoLogger =>
  new NestPinoLogger(new PinoLogger({ pinoHttp: { logger } }), {});

function redactedPaths(): string[] {
  return Array.from({ length: DEPTH }, (_, depth) => '*.'.repeat(depth).slice(0, -1)).flatMap((parents) =>
    SECRETS.map((name) => (name.includes('-') ? `${parents}["${name}"]` : [parents, name].filter(Boolean).join('.'))),
  );
}
