import { RegistryNews } from '@core/edge/registry-news';
import { SingleFlight } from '@core/kernel/single-flight';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AdmissionSettings } from '../config.ts';
import { KeyStore } from './admission.ts';
import { Sessions } from './sessions.ts';

/** Ends the sessions of keys that are revoked: when that is told, and soon after where it was missed. Learns when they end. */
@Injectable()
export class KeyWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyWatch.name);
  private readonly round = new SingleFlight();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: KeyStore,
    private readonly sessions: Sessions,
    private readonly settings: AdmissionSettings,
    registry: RegistryNews,
  ) {
    registry.onKeyRevoked((keyId) => sessions.revoke(keyId));
    registry.onChanged(() => this.look());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), this.settings.keyLookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round.idle();
  }

  /** A store that cannot say ends nobody: the next round asks again. */
  private look(): void {
    this.round
      .run(() => this.check())
      .catch((error: unknown) => this.logger.warn({ err: error, msg: 'keys could not be checked' }));
  }

  private async check(): Promise<void> {
    // Those of now: a key that is made and used while the others are asked for is not among the answers.
    const live = [...this.sessions.live()];
    if (live.length === 0) return;
    const keys = new Map((await this.keys.all()).map((key) => [key.id, key]));
    for (const session of live) session.keyIs(keys.get(session.key.id) ?? null);
    for (const { key } of live) {
      const now = keys.get(key.id);
      if (!now) this.sessions.goElsewhere(key.id);
      else if (now.revoked) this.sessions.revoke(key.id);
    }
  }
}
