import { IntakeSender } from '@core/bus/intake-sender';
import { RegistryNews } from '@core/edge/registry-news';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { inBackground } from '@core/service/in-background';
import { withTimeout } from '@core/service/with-timeout';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccountSupervisor } from './accounts/account-supervisor.ts';
import { LeaseKeeper } from './leases/lease-keeper.ts';
import { LeaseSettings } from './leases/lease-settings.ts';
import { VenueRegistry } from './market/venue-registry.ts';
import { Abandonment } from './requests/abandonment.ts';

/** How long events that are on their way may take at the end; what does not make it is told again by the next start. */
const LAST_WORDS_MS = 2_000;

/** In which order the parts of a connector begin and end. */
@Injectable()
export class ConnectorLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private reading: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: LeaseSettings,
    private readonly runner: ProjectionRunner,
    private readonly intake: IntakeSender,
    private readonly supervisor: AccountSupervisor,
    private readonly venues: VenueRegistry,
    private readonly keeper: LeaseKeeper,
    private readonly abandonment: Abandonment,
    private readonly registry: RegistryNews,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { runner, intake, supervisor, venues, keeper, abandonment } = this;
    intake.onRefused(({ subject, id }) => supervisor.refused(subject, id));
    runner.onEach((event) => supervisor.learn(event));
    runner.onReplaced(() => supervisor.rewound());
    await runner.start();
    await supervisor.readDirectory();
    const read = (): void => inBackground('reading the registry', supervisor.readDirectory());
    this.registry.onChanged(read);
    this.reading = setInterval(read, this.settings.registryMs);
    keeper.start(supervisor, venues);
    abandonment.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { runner, intake, supervisor, venues, keeper, abandonment } = this;
    clearInterval(this.reading);
    await abandonment.stop();
    await venues.stop();
    await supervisor.stop();
    await withTimeout(intake.idle(), LAST_WORDS_MS, () => undefined);
    await keeper.stop();
    await runner.stop();
    intake.close();
  }
}
