import { CellSettings, DatabaseSettings, NatsSettings, ServiceSettings } from '@core/service/service-settings';
import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

const SECOND = 1_000;

export class EdgeSettings extends settings('', {
  storeTimeoutMs: integer('How long Postgres may take to let in and to answer', 100, 60 * SECOND).default(4 * SECOND),
  snapshotMs: integer('How often changed states are saved', SECOND, 86_400 * SECOND).default(30 * SECOND),
  releasePollMs: integer(
    'How often is looked which builds of projections operators want, and said how far they are',
    100,
    60 * SECOND,
  ).default(SECOND),
  marketRetryMs: integer(
    'How often a venue that nobody spoke of is asked for its instruments and prices',
    100,
    600 * SECOND,
  ).default(2 * SECOND),
}) {}

/** What every edge can be told; an app's `config.ts` adds the groups that are its own. */
export const edgeConfig = {
  service: ServiceSettings,
  cell: CellSettings,
  database: DatabaseSettings,
  nats: NatsSettings,
  edge: EdgeSettings,
};
