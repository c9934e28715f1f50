import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Health } from '@core/service/health';
import { Followers } from './followers.ts';

/** The gateway serves nobody before its views are at the head of the log. */
@Injectable()
export class Following implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly followers: Followers,
    health: Health,
  ) {
    health.register('caught-up', () => {
      if (!followers.ready) throw new Error('reading the log');
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.followers.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.followers.stop();
  }
}
