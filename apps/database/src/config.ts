import { DatabaseUrlSettings, ServiceSettings } from '@core/service/service-settings';
import { text, url } from '@core/service/setting';
import { settings } from '@core/service/settings';

const password = (whose: string) => text(`Password that ${whose} logs in to Postgres with`, { secret: true });

export class PasswordSettings extends settings('PASSWORD', {
  ledger: password('the ledger'),
  xapiConnector: password('xapi-connector'),
  paperConnector: password('paper-connector'),
  marketData: password('market-data'),
  tvGateway: password('tv-gateway'),
  proquantWebhook: password('proquant-webhook'),
  wsSession: password('ws-session'),
  console: password('the console'),
  operator: password('an operator'),
}) {}

/** Prepared by the same step, where several cells have it together. */
export class SharedRegistrySettings extends settings('REGISTRY', {
  databaseUrl: url('PostgreSQL with the registry and the logins of all cells, as its owner; DATABASE_URL without it', [
    'postgres',
    'postgresql',
  ]).optional(),
}) {}

export const databaseConfig = {
  service: ServiceSettings,
  database: DatabaseUrlSettings,
  registry: SharedRegistrySettings,
  passwords: PasswordSettings,
};
