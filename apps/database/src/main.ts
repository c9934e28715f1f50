import { prepareDatabase, prepareRegistry } from '@core/database/prepare-database';
import { ConfigError, loadConfig } from '@core/service/load-config';
import { databaseConfig } from './config.ts';

/** Makes the database fit for the services, and ends: nothing that stays knows its owner. */
async function prepare(): Promise<void> {
  const { database, registry, passwords } = loadConfig(databaseConfig);
  const { xapiConnector, paperConnector, marketData, tvGateway, proquantWebhook, wsSession, ...others } = passwords;
  const logins = {
    ...others,
    'xapi-connector': xapiConnector,
    'paper-connector': paperConnector,
    'market-data': marketData,
    'tv-gateway': tvGateway,
    'proquant-webhook': proquantWebhook,
    'ws-session': wsSession,
  };
  await prepareDatabase(database.url, logins);
  if (registry.databaseUrl !== undefined) await prepareRegistry(registry.databaseUrl, logins);
}

prepare().catch((error: unknown) => {
  process.stderr.write(`database: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 78 : 1;
});
