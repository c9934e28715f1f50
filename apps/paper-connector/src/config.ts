import { connectorConfig } from '@core/connector/connector-config';
import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** Which prices of another venue may be traded at, and how long it may take to answer. */
export class QuoteSettings extends settings('QUOTES', {
  ageMs: integer('A quote older than this fills nothing', 1_000, 86_400_000).default(60_000),
  silenceMs: integer('A venue that has told no price for so long fills nothing', 1_000, 86_400_000).default(15_000),
  answerMs: integer('How long the other venue may take to answer for candles and hours', 100, 60_000).default(10_000),
}) {}

export const paperConnectorConfig = { ...connectorConfig, quotes: QuoteSettings };
