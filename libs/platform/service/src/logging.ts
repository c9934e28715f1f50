import { Logger as NestPinoLogger, PinoLogger } from 'nestjs-pino';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { LogOutput } from './log-output.ts';

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
const STDOUT = 1;

/** One JSON object a line, with the service's name; secrets are replaced. */
export const createLogger = (
  service: string,
  level: string,
  destination: DestinationStream = new LogOutput(STDOUT, (lost) => lossLine(service, lost)),
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

const lossLine = (service: string, lost: number): string =>
  `${JSON.stringify({ level: 'warn', time: new Date(), service, lost, msg: 'log lines could not be written' })}\n`;

function redactedPaths(): string[] {
  return Array.from({ length: DEPTH }, (_, depth) => '*.'.repeat(depth).slice(0, -1)).flatMap((parents) =>
    SECRETS.map((name) => (name.includes('-') ? `${parents}["${name}"]` : [parents, name].filter(Boolean).join('.'))),
  );
}
