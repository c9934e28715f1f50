import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Health } from './health.ts';
import type { ServiceConfig } from './service-config.ts';

/** What `runService` makes before Nest starts. */
export interface ServiceParts<Config extends ServiceConfig> {
  readonly Config: new () => Config;
  readonly config: Readonly<Config>;
  readonly health: Health;
  readonly metrics: Registry;
}

/**
 * Gives every module of an app, by type: its config class, `Health` and prom-client's `Registry`.
 * A test of an app's wiring imports it too, with a config made by `loadConfig(Config, { … })`.
 */
@Module({})
export class ServiceModule {
  static of<Config extends ServiceConfig>({ Config, config, health, metrics }: ServiceParts<Config>): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: Health, useValue: health },
      { provide: Registry, useValue: metrics },
    ];
    return { module: ServiceModule, global: true, providers, exports: providers };
  }

  /** For specs: the same providers around a given config, with nothing listening. */
  static forTest<Config extends ServiceConfig>(Config: new () => Config, config: Readonly<Config>): DynamicModule {
    return ServiceModule.of({ Config, config, health: new Health(1_000), metrics: new Registry() });
  }
}
