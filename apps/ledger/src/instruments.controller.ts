import { subjects } from '@core/contracts/subjects';
import { LedgerCore } from '@core/ledger/ledger-core';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

/** What connectors say about venues. */
@Controller()
export class InstrumentsController {
  constructor(@Inject(LedgerCore) private readonly ledger: LedgerCore) {}

  @EventPattern(subjects.instruments('*'))
  changed(@Payload() body: unknown): void {
    this.ledger.instruments.apply(body);
  }
}
