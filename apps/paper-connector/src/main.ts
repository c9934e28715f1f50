import 'reflect-metadata';
import { runConnector } from '@core/connector/run-connector';
import { paperConnectorConfig } from './config.ts';
import { PaperConnectorModule } from './paper-connector.module.ts';

runConnector('paper-connector', paperConnectorConfig, PaperConnectorModule);
