import { DatabaseSettings, ServiceSettings } from '@core/service/service-settings';
import { text } from '@core/service/setting';
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

export const databaseConfig = { service: ServiceSettings, database: DatabaseSettings, passwords: PasswordSettings };
