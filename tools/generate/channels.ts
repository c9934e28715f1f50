import { BrokerLook } from '@core/contracts/broker-look';
import { CandleRequest, CandlesAnswer } from '@core/contracts/market/candle';
import { AccountConnection } from '@core/contracts/market/connection';
import { HoursAnswer, HoursRequest } from '@core/contracts/market/hours';
import { MarketSnapshot, Quotes } from '@core/contracts/market/quote';
import { Ticks } from '@core/contracts/market/tick';
import { Readiness } from '@core/contracts/readiness';
import { KeyRevoked, RegistryChanged } from '@core/contracts/registry-news';
import { ReplayDelivery } from '@core/contracts/replay-delivery';
import { subjects } from '@core/contracts/subjects';
import type { z } from 'zod';

interface Channel {
  readonly address: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, z.ZodType>>;
}

/** As addresses of the document write parameters. */
const VENUE = '{venue}';
const ACCOUNT = '{account}';

/**
 * What is told and asked beside events and commands, by the names of their subjects; none of it is in the log. The
 * connector that speaks for a venue answers what is asked of its market.
 */
export const channels = {
  quotes: {
    address: subjects.quotes(VENUE),
    description: 'Core NATS: the instruments of a venue that moved, the last value of each.',
    messages: { Quotes },
  },
  ticks: {
    address: subjects.ticks(VENUE),
    description: 'Core NATS: the price changes of a venue, as its bars count them.',
    messages: { Ticks },
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
  connection: {
    address: subjects.connection(ACCOUNT),
    description: 'Request without body and reply: whether the broker of an account is connected.',
    messages: { AccountConnection },
  },
  marketAnswer: {
    address: subjects.marketAnswer('{question}'),
    description: 'Core NATS: what was asked of a market is answered here, one subject a question.',
    messages: { MarketSnapshot, CandlesAnswer, HoursAnswer, AccountConnection },
  },
  brokerLook: {
    address: subjects.brokerLook('{account}'),
    description: 'Request without body and reply: the connector that has a session of the account looks at its broker.',
    messages: { BrokerLook },
  },
  brokerAnswer: {
    address: subjects.brokerAnswer('{question}'),
    description: 'Core NATS: what a look found is answered here, one subject a question.',
    messages: { BrokerLook },
  },
  ledgerReady: {
    address: subjects.ledgerReady,
    description: 'Request without body and reply: whether the ledger can answer commands, and what it lacks.',
    messages: { Readiness },
  },
  keyRevoked: {
    address: subjects.keyRevoked,
    description: 'Core NATS: an access right was withdrawn, and live sessions that used it end.',
    messages: { KeyRevoked },
  },
  replayDelivery: {
    address: subjects.replayDelivery,
    description: 'Core NATS: a delivery of ProQuant’s is carried out again, whatever became of it.',
    messages: { ReplayDelivery },
  },
  registryChanged: {
    address: subjects.registryChanged,
    description: 'Core NATS: accounts, credentials or integrations changed, and are read again.',
    messages: { RegistryChanged },
  },
} as const satisfies Record<Exclude<keyof typeof subjects, 'intake' | 'feed'>, Channel>;
