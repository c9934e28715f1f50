import type { Readiness } from '@core/contracts/readiness';
import { subjects } from '@core/contracts/subjects';
import { Health } from '@core/service/health';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

/** Says to edges what this process says on its health port: who asks gets commands answered, or is told why not. */
@Controller()
export class ReadinessController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @MessagePattern(subjects.ledgerReady)
  readiness(): Promise<Readiness> {
    return this.health.readiness();
  }
}
