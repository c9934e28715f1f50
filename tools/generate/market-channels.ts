import { CandleRequest, CandlesAnswer } from '@core/contracts/market/candle';
import { HoursAnswer, HoursRequest } from '@core/contracts/market/hours';
import { MarketSnapshot, Quotes } from '@core/contracts/market/quote';
import { subjects } from '@core/contracts/subjects';
import type { z } from 'zod';

interface MarketChannel {
  readonly address: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, z.ZodType>>;
}

/** As addresses of the document write parameters. */
const VENUE = '{venue}';

/** What is told and asked about markets: none of it is in the log, and the connector that speaks for a venue answers. */
export const marketChannels: Readonly<Record<string, MarketChannel>> = {
  quotes: {
    address: subjects.quotes(VENUE),
    description: 'Core NATS: the instruments of a venue that moved, the last value of each.',
    messages: { Quotes },
  },
  instruments: {
    address: subjects.instruments(VENUE),
    description: 'Core NATS: the instruments of a venue, whenever they change.',
    messages: { MarketSnapshot },
  },
  marketSnapshot: {
    address: subjects.marketSnapshot(VENUE),
    description: 'Request without body and reply: the instruments of a venue and their last quotes.',
    messages: { MarketSnapshot },
  },
  candles: {
    address: subjects.candles(VENUE),
    description: 'Request and reply: candles of an instrument, a page at a time.',
    messages: { CandleRequest, CandlesAnswer },
  },
  hours: {
    address: subjects.hours(VENUE),
    description: 'Request and reply: when instruments trade, by the wall clock of their zone.',
    messages: { HoursRequest, HoursAnswer },
  },
};
