import { IntakeSender } from '@core/bus/intake-sender';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { AccountSupervisor } from './accounts/account-supervisor.ts';

/** What a connector hears on NATS. */
@Controller()
export class FeedController {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly intake: IntakeSender,
    private readonly supervisor: AccountSupervisor,
  ) {}

  @EventPattern(subjects.feed)
  feed(@Payload() batch: FeedBatch): void {
    this.runner.offer(batch);
    this.intake.confirm(batch);
  }

  @EventPattern(subjects.registryChanged)
  async registryChanged(): Promise<void> {
    await this.supervisor.readDirectory();
  }
}
