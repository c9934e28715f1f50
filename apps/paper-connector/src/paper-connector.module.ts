import { NATS } from '@core/connector/connector-tokens';
import { ConnectorModule } from '@core/connector/connector.module';
import { now } from '@core/service/clock';
import { DatabaseSettings } from '@core/service/service-settings';
import { Module } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { QuoteSettings } from './config.ts';
import { PaperAdapter } from './paper-adapter.ts';
import { openPaperStore } from './paper-store.ts';
import { NatsQuoteSource } from './quote-source.ts';

async function adapterOf(
  nats: NatsConnection,
  database: DatabaseSettings,
  quotes: QuoteSettings,
): Promise<PaperAdapter> {
  const store = await openPaperStore(database.url);
  return new PaperAdapter(store, quotes, (venue) => new NatsQuoteSource(nats, venue, quotes.answerMs), now);
}

/** Is the broker of paper accounts; takes in the feed and other venues' quotes, gives out what every connector does. */
@Module({
  imports: [
    ConnectorModule.of({
      name: 'paper-connector',
      adapter: { inject: [NATS, DatabaseSettings, QuoteSettings], useFactory: adapterOf },
    }),
  ],
})
export class PaperConnectorModule {}
