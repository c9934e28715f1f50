import { CELL_PATTERN } from '@core/contracts/cell';
import { LEVELS } from './log-level.ts';
import { choice, integer, pattern, port, text, url } from './setting.ts';
import { settings } from './settings.ts';

/** What `runService` can be told; every service has this group. */
export class ServiceSettings extends settings('', {
  host: text('Address to listen on').default('127.0.0.1'),
  opsPort: port('Port of health and metrics; 0 is any free one').default(0),
  logLevel: choice('Least important log level written', LEVELS).default('info'),
  readinessTimeoutMs: integer('How long a readiness check may take', 10, 60_000).default(2_000),
  otelExporterOtlpEndpoint: url('Collector of traces that takes OTLP over HTTP; without one there are none', [
    'http',
    'https',
  ]).optional(),
  shutdownTimeoutMs: integer('How long a clean shutdown may take before the process ends anyway', 100, 120_000).default(
    10_000,
  ),
}) {}

const databaseUrl = url('PostgreSQL, as `postgres://user:password@host:port/database`', ['postgres', 'postgresql']);

/** The same words wherever a service needs the database, and nothing of the log. */
export class DatabaseUrlSettings extends settings('DATABASE', { url: databaseUrl }) {}

/** The same words wherever a service reads the log. */
export class DatabaseSettings extends settings('DATABASE', {
  url: databaseUrl,
  detached: text('A folder with the files of what was detached from the log (`ops log detach`)').optional(),
}) {}

/** Which of several cores this is of, and where they have in common what is registered. */
export class CellSettings extends settings('', {
  cell: pattern(
    'Name of this cell, where there are several: in front of every token, key and hook id that it gives out',
    'a small letter and up to 15 more or digits',
    CELL_PATTERN,
  ).default(''),
  registryDatabaseUrl: url('PostgreSQL with the registry and the logins of all cells; DATABASE_URL without it', [
    'postgres',
    'postgresql',
  ]).optional(),
}) {}

/** The same words wherever a service needs the message broker. */
export class NatsSettings extends settings('NATS', {
  url: url(
    'NATS with JetStream, as `nats://user:password@host:port`, and `,host:port` for each further server of a cluster; `tls://` where nothing but TLS will do',
    ['nats', 'tls'],
  ),
}) {}

/** The same words wherever a service makes a stream or a bucket. */
export class JetStreamSettings extends settings('JETSTREAM', {
  replicas: integer(
    'On how many servers of a NATS cluster a stream or bucket is kept; one that is there is raised to it, never lowered',
    1,
    5,
  ).default(1),
}) {}

/** The key that encrypts what must be replayed to a broker. */
export class RegistrySettings extends settings('REGISTRY', {
  key: pattern('Key of the account registry', '32 random bytes in base64', /^[A-Za-z0-9+/]{43}=$/, { secret: true }),
}) {}
