import { subjects } from '@core/contracts/subjects';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Instruments } from '@core/ledger/instruments';

/** What connectors say about venues. */
@Controller()
export class MarketController {
  constructor(@Inject(Instruments) private readonly instruments: Instruments) {}

  @EventPattern(subjects.instruments('*'))
  changed(@Payload() body: unknown): void {
    this.instruments.apply(body);
  }
}
