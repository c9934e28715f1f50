import { SingleFlight } from '@core/kernel/single-flight';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { Health } from '@core/service/health';
import { inBackground } from '@core/service/in-background';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { UpstreamSettings } from '../config.ts';
import { Sessions } from '../connection/sessions.ts';
import { LogCursors } from './log-cursors.ts';

/** What tells this process of events. */
const UPSTREAM: readonly string[] = ['nats', 'ledger'];

/** Tells sessions when nobody tells this process of events, so that silence is not taken for quiet, and when it is over. */
@Injectable()
export class UpstreamWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly round = new SingleFlight();
  private timer: NodeJS.Timeout | undefined;
  private lost = false;

  constructor(
    private readonly health: Health,
    private readonly runner: ProjectionRunner,
    private readonly sessions: Sessions,
    private readonly cursors: LogCursors,
    private readonly settings: UpstreamSettings,
  ) {}

  /** Whether events come late now, if at all. */
  get isLost(): boolean {
    return this.lost;
  }

  onApplicationBootstrap(): void {
    const look = (): void =>
      inBackground(
        'looking after what tells events',
        this.round.run(() => this.look()),
      );
    this.timer = setInterval(look, this.settings.upstreamLookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round.idle();
  }

  private async look(): Promise<void> {
    const { checks } = await this.health.readiness();
    const isLost = UPSTREAM.some((name) => checks[name]?.status === 'down');
    if (isLost === this.lost) return;
    // What was missed is told before anybody hears that nothing is missing.
    if (!isLost) await this.runner.check();
    this.lost = isLost;
    const cursor = this.cursors.upTo(this.runner.position);
    for (const session of this.sessions.live())
      if (isLost) session.announceGap();
      else session.announceRestored(cursor);
  }
}
