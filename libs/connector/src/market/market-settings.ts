import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** A venue's prices and instruments, as far as this process tells them to others. */
export class MarketSettings extends settings('', {
  quotesMs: integer('How often quotes that moved are published', 10, 60_000).default(100),
  tickIntervalMs: integer('Least time between two ticks of one instrument, asked of the broker', 1, 60_000).default(
    200,
  ),
  askPricesMs: integer(
    'A price that has not moved for so long is asked for: a stream may hang, or the market be quiet',
    100,
    3_600_000,
  ).default(5_000),
  pricesStaleMs: integer('A price that the broker has not stood by for so long is stale', 100, 3_600_000).default(
    20_000,
  ),
  tickLevels: integer('Deepest level of prices asked of the broker; 0 is the best price alone', 0, 9).default(4),
  tickInstrumentsMax: integer('Most instruments of a venue whose ticks are subscribed', 0, 10_000).default(500),
  instrumentsMs: integer('How often the instruments of a venue are read again', 1_000, 86_400_000).default(3_600_000),
}) {}

/** Candles and trading hours that are asked for. */
export class QuestionSettings extends settings('', {
  questionIntervalMs: integer(
    'Least time between two questions about candles or trading hours: what trades goes in between',
    0,
    60_000,
  ).default(500),
  questionsMax: integer(
    'Most requests for candles or trading hours of one venue that are being answered',
    1,
    10_000,
  ).default(20),
  candleBlock: integer('Candles asked of the broker at once; it refuses more than 50 000', 10, 49_000).default(1_000),
  candleBlocksMax: integer('Most times that one answer asks the broker; the rest is for the next', 1, 1_000).default(
    10,
  ),
  candleGatherMs: integer('How long one answer gathers candles; the rest is for the next', 100, 60_000).default(5_000),
  candlesFreshMs: integer('How long a running candle is believed', 0, 3_600_000).default(1_000),
  candlesKeptMax: integer('Most candles of one venue kept in memory', 1_000, 100_000_000).default(100_000),
  hoursMs: integer('How long trading hours are believed', 1_000, 604_800_000).default(86_400_000),
}) {}
