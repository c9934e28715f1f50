import { LedgerSettings } from '@core/ledger/ledger-settings';
import { KEY_PATTERN } from '@core/log-proof/keys';
import { DatabaseSettings, JetStreamSettings, NatsSettings, ServiceSettings } from '@core/service/service-settings';
import { flag, integer, pattern, text, url } from '@core/service/setting';
import { settings } from '@core/service/settings';

export class LogSettings extends settings('', {
  migrate: flag("Whether to bring the log's tables up to date at start").default(true),
  partitionEvents: integer(
    'How many events a partition of the log holds, of those that are made from now on; unset, as many as before: 5000000',
    1_000,
    1_000_000_000,
  ).optional(),
  appendTimeoutMs: integer('How long one transaction may take before the process gives up', 100, 600_000).default(
    60_000,
  ),
  writerSilentMs: integer(
    'How long the ledger that writes may show no sign of life before a standby ends its connection and takes over',
    1_000,
    600_000,
  ).default(3_000),
}) {}

export class IntakeStreamSettings extends settings('INTAKE', {
  fetch: integer('Messages asked for at once from the intake', 1, 10_000).default(500),
  maxAgeMs: integer('How old an intake message may become in the stream', 60_000, 604_800_000).default(86_400_000),
  maxBytes: integer(
    'How many bytes the intake stream may hold before it drops the oldest messages',
    1_048_576,
    1_099_511_627_776,
  ).default(1_073_741_824),
  pauseMs: integer('Pause before the intake is opened again after an error', 10, 60_000).default(250),
}) {}

/** Checkpoints of the log, signed once it is committed. */
export class SealSettings extends settings('SEAL', {
  key: pattern(
    'What checkpoints of the log are signed with (Ed25519); unset, nothing is signed',
    '32 bytes in base64',
    KEY_PATTERN,
    {
      secret: true,
    },
  ).optional(),
  everyMs: integer('How often what is new is signed', 100, 86_400_000).default(60_000),
  events: integer('About how many events one checkpoint covers at most', 1, 1_000_000).default(10_000),
  file: text("A file, out of reach for the database's owner, that every checkpoint is appended to").optional(),
  databaseUrl: url('Another database, of another owner, that every checkpoint is kept in', [
    'postgres',
    'postgresql',
  ]).optional(),
  natsUrl: url(
    'NATS of another owner, as NATS_URL is spelled, with a stream CHECKPOINTS that every checkpoint is kept in; it is made where there is none',
    ['nats', 'tls'],
  ).optional(),
}) {}

/** For how long what is kept beside the log is known at once; after that it is looked up in the log where it comes again. */
export class RetentionSettings extends settings('RETENTION', {
  idsDays: integer('For how many days the ids of events are known without a look into the log', 1, 3_650).default(30),
  answersDays: integer('For how many days the first answer to a command is kept as it was given', 1, 3_650).default(30),
  casesDays: integer('For how many days a message stays in quarantine that somebody settled', 1, 3_650).default(90),
  everyMs: integer('How often what is older is forgotten', 1_000, 86_400_000).default(600_000),
  memoryBytes: integer(
    'Memory, here and in the database, for which ids were forgotten: about a byte for each; fuller, more new ids are looked up for nothing',
    65_536,
    1_073_741_824,
  ).default(16_777_216),
}) {}

/** When there is too little room to record anything. What Postgres itself says of its disk is heard without it. */
export class RoomSettings extends settings('ROOM', {
  folder: text(
    'A folder on the disk of Postgres and NATS, where the ledger sees it: it stops before that is full',
  ).optional(),
  leastBytes: integer('With less room than this nothing is recorded', 1_048_576, 1_099_511_627_776).default(
    134_217_728,
  ),
  lookMs: integer('How often it is looked at', 100, 60_000).default(1_000),
}) {}

export const ledgerConfig = {
  service: ServiceSettings,
  database: DatabaseSettings,
  nats: NatsSettings,
  jetStream: JetStreamSettings,
  log: LogSettings,
  ledger: LedgerSettings,
  intake: IntakeStreamSettings,
  seal: SealSettings,
  retention: RetentionSettings,
  room: RoomSettings,
};
