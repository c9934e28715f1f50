import type { BrokerAccount } from '@core/connector/broker-adapter';
import { describeBrokerAdapter, type BrokerUnderTest } from '@core/connector/broker-adapter.contract';
import { newId, now } from '@core/service/clock';
import { freshDatabase } from '@core/testing/fresh-database';
import { QuoteSettings } from './config.ts';
import { MemoryQuoteSource } from './memory-quote-source.fixture.ts';
import { PaperAdapter } from './paper-adapter.ts';
import { openPaperStore } from './paper-store.ts';

const account = (endpoint: object = { quotesOf: 'elsewhere', currency: 'USD', leverage: '30' }): BrokerAccount => ({
  id: newId(),
  venue: 'paper',
  endpoint,
  mode: 'demo',
  credentials: () => Promise.reject(new Error('nobody needs them')),
});

async function start(): Promise<BrokerUnderTest> {
  const database = await freshDatabase();
  const store = await openPaperStore(database.url);
  const source = new MemoryQuoteSource();
  return {
    adapter: new PaperAdapter(store, new QuoteSettings(), () => source, now),
    instrument: 'EURUSD',
    account: () => Promise.resolve(account()),
    stranger: () => account({ currency: 'USD' }),
    price: (bid, ask) => Promise.resolve(source.say(bid, ask)),
    open: () => Promise.resolve(source.listeners.size),
    async close() {
      await store.close();
      await database.drop();
    },
    capabilities: { hangUp: null, answerLate: null, tooManyLots: '50' },
  };
}

describeBrokerAdapter('a paper venue', start);
