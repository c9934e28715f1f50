import { CellSettings, DatabaseUrlSettings, NatsSettings, ServiceSettings } from '@core/service/service-settings';
import { integer, list, pattern, text } from '@core/service/setting';
import { settings } from '@core/service/settings';

const SECOND = 1_000;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Whose bars this process keeps, and how. */
export class BarSettings extends settings('BARS', {
  venues: list('Venues whose bars are kept; unset is every venue of the registry').optional(),
  from: pattern(
    'First day of which bars are told; unset is BARS_DAYS before the day on which a venue was first kept',
    'a day like 2026-01-31',
    DATE,
  ).optional(),
  days: integer('Days that are told of before a venue was first kept, where BARS_FROM is not set', 1, 3_650).default(
    28,
  ),
  dayZone: text('Zone of the brokers’ calendar: at its midnight a trading day begins').default('Europe/Warsaw'),
  draftMs: integer('How often bars that run are written', 100, 60 * SECOND).default(SECOND),
  storeTimeoutMs: integer('How long Postgres may take before the venue is given up', 100, 60 * SECOND).default(
    5 * SECOND,
  ),
  ownerSilentMs: integer(
    'How long after an owner should have written it may be silent before one that waits ends its connection and takes over',
    100,
    600 * SECOND,
  ).default(5 * SECOND),
  retryMs: integer('Pause before what failed, or another process has, is tried again', 100, 600 * SECOND).default(
    SECOND,
  ),
}) {}

/** What is asked of brokers’ charts. */
export class ChartSettings extends settings('CHART', {
  settleMs: integer(
    'A minute is asked for so long after its end: brokers correct their charts',
    0,
    3_600 * SECOND,
  ).default(75 * SECOND),
  share: integer('Most of the time, in percent, that a venue has a question of ours', 1, 100).default(50),
  answerMs: integer('How long one page of an answer may take', SECOND, 120 * SECOND).default(30 * SECOND),
  refusedMs: integer(
    'Pause before an instrument is asked for whose chart was refused',
    SECOND,
    86_400 * SECOND,
  ).default(300 * SECOND),
}) {}

export const marketDataConfig = {
  service: ServiceSettings,
  cell: CellSettings,
  database: DatabaseUrlSettings,
  nats: NatsSettings,
  bars: BarSettings,
  chart: ChartSettings,
};
