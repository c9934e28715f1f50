import { MarketView } from '@core/bus/market-view';
import type { Venue } from '@core/contracts/primitives';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from 'nats';

/** Where the instruments and last quotes of a venue are asked for. */
export abstract class MarketSource {
  /** Whether one answered. */
  abstract fetch(market: MarketView, venue: Venue): Promise<boolean>;
  /** Throws while nobody can be asked. */
  abstract check(): void;
}

/** Asks the connectors on NATS. */
@Injectable()
export class NatsMarketSource extends MarketSource implements OnApplicationShutdown {
  constructor(private readonly connection: NatsConnection) {
    super();
  }

  override fetch(market: MarketView, venue: Venue): Promise<boolean> {
    return market.fetch(this.connection, venue);
  }

  override check(): void {
    if (this.connection.isClosed()) throw new Error('the connection to NATS is closed');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }
}
