import { prepareDatabase } from '@core/database/prepare-database';
import { ConfigError, loadConfig } from '@core/service/load-config';
import { databaseConfig } from './config.ts';

/** Makes the database fit for the services, and ends: nothing that stays knows its owner. */
async function prepare(): Promise<void> {
  const { database, passwords } = loadConfig(databaseConfig);
  const { xapiConnector, paperConnector, marketData, tvGateway, proquantWebhook, wsSession, ...others } = passwords;
  await prepareDatabase(database.url, {
    ...others,
    'xapi-connector': xapiConnector,
    'paper-connector': paperConnector,
    'market-data': marketData,
    'tv-gateway': tvGateway,
    'proquant-webhook': proquantWebhook,
    'ws-session': wsSession,
  });
}

prepare().catch((error: unknown) => {
  process.stderr.write(`database: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 78 : 1;
});
