import {
  CellSettings,
  DatabaseSettings,
  JetStreamSettings,
  NatsSettings,
  RegistrySettings,
  ServiceSettings,
} from '@core/service/service-settings';
import { IntakeSettings } from './accounts/intake-settings.ts';
import { SessionSettings } from './accounts/session-settings.ts';
import { DriftSettings, ReconciliationSettings } from './drift/drift-settings.ts';
import { LeaseSettings } from './leases/lease-settings.ts';
import { MarketSettings, QuestionSettings } from './market/market-settings.ts';
import { RequestSettings } from './requests/request-settings.ts';

/** What every connector can be told; its own protocol's settings are a group beside these. */
export const connectorConfig = {
  service: ServiceSettings,
  cell: CellSettings,
  database: DatabaseSettings,
  nats: NatsSettings,
  jetStream: JetStreamSettings,
  registry: RegistrySettings,
  leases: LeaseSettings,
  sessions: SessionSettings,
  requests: RequestSettings,
  reconciliation: ReconciliationSettings,
  drift: DriftSettings,
  intake: IntakeSettings,
  market: MarketSettings,
  questions: QuestionSettings,
};
