import { ReplayDelivery } from '@core/contracts/replay-delivery';
import { subjects } from '@core/contracts/subjects';
import { inBackground } from '@core/service/in-background';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Leftovers } from './leftovers.ts';

/** What operators want to have carried out again. */
@Controller()
export class ReplaysController {
  constructor(private readonly leftovers: Leftovers) {}

  @EventPattern(subjects.replayDelivery)
  replay(@Payload() body: unknown): void {
    const asked = ReplayDelivery.safeParse(body);
    if (asked.success) inBackground('a delivery is replayed', this.leftovers.replay(asked.data.deliveryId));
  }
}
