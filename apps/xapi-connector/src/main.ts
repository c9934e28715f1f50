import 'reflect-metadata';
import { runConnector } from '@core/connector/run-connector';
import { xapiConnectorConfig } from './config.ts';
import { XapiConnectorModule } from './xapi-connector.module.ts';

runConnector('xapi-connector', xapiConnectorConfig, XapiConnectorModule);
