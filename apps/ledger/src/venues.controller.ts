import { MarketView } from '@core/bus/market-view';
import { subjects } from '@core/contracts/subjects';
import { LedgerCore } from '@core/ledger/ledger-core';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

/** What connectors say about venues: what they let accounts trade, and at what prices. */
@Controller()
export class VenuesController {
  constructor(
    @Inject(LedgerCore) private readonly ledger: LedgerCore,
    @Inject(MarketView) private readonly market: MarketView,
  ) {}

  @EventPattern(subjects.instruments('*'))
  instruments(@Payload() body: unknown): void {
    this.ledger.instruments.apply(body);
    this.market.applySnapshot(body);
  }

  @EventPattern(subjects.quotes('*'))
  quotes(@Payload() body: unknown): void {
    this.market.applyQuotes(body);
  }
}
