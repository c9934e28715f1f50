import { LedgerSettings } from '@core/ledger/ledger-settings';
import { DatabaseSettings, NatsSettings, ServiceSettings } from '@core/service/service-settings';
import { flag, integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

export class LogSettings extends settings('', {
  migrate: flag("Whether to bring the log's tables up to date at start").default(true),
  appendTimeoutMs: integer('How long one transaction may take before the process gives up', 100, 600_000).default(
    60_000,
  ),
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

export const ledgerConfig = {
  service: ServiceSettings,
  database: DatabaseSettings,
  nats: NatsSettings,
  log: LogSettings,
  ledger: LedgerSettings,
  intake: IntakeStreamSettings,
};
