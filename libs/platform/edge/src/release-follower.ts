import type { Uuid } from '@core/contracts/primitives';
import { SingleFlight } from '@core/kernel/single-flight';
import type { InstanceReport } from '@core/projection-runner/instance-reports';
import type { ReleaseDecision } from '@core/projection-runner/releases';
import { inBackground } from '@core/service/in-background';
import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import type { LogSubscription } from './log-subscription.ts';
import type { RegistryNews } from './registry-news.ts';

/** Where operators' decisions come from, and where a process says how far it is with them. */
export interface ReleaseDesk {
  decisions(): Promise<readonly ReleaseDecision[]>;
  say(report: InstanceReport): Promise<void>;
  leave(instance: Uuid): Promise<void>;
}

export interface ReleaseFollowerParts {
  readonly instance: Uuid;
  /** Everything that follows the log. */
  readonly log: Pick<LogSubscription, 'decide' | 'releases'>;
  readonly desk: ReleaseDesk;
  readonly news: RegistryNews;
  /** How often the decisions are looked at without a word that they changed. */
  readonly pollMs: number;
}

/** Has what follows the log fold and serve what operators decided, on the word that something changed and from time to time. */
export class ReleaseFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looks = new SingleFlight();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: ReleaseFollowerParts) {}

  onApplicationBootstrap(): void {
    const look = (): Promise<void> => this.looks.run(() => this.look());
    const inTime = (looked: Promise<void>): void => inBackground('looking at releases of projections', looked);
    // A look that is under way may have read before what the word is about.
    this.parts.news.onChanged(() => inTime(this.looks.idle().then(look)));
    this.timer = setInterval(() => inTime(look()), this.parts.pollMs).unref();
    inTime(look());
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looks.idle();
    await this.parts.desk.leave(this.parts.instance).catch(() => undefined);
  }

  private async look(): Promise<void> {
    const { instance, log, desk } = this.parts;
    log.decide(await desk.decisions());
    await desk.say({ instance, releases: log.releases() });
  }
}
