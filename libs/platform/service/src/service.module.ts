import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Health } from './health.ts';
import { Screens } from './screens.ts';
import { noTracing, Tracing } from './tracing.ts';

/** What `runService` makes before Nest starts. */
interface ServiceParts {
  /** Groups of settings under their names, as `loadConfig` returns them. */
  readonly config: Readonly<Record<string, object>>;
  readonly health: Health;
  readonly metrics: Registry;
  readonly tracing: Tracing;
  readonly screens: Screens;
}

/**
 * Gives every module of an app, by type: each group of its settings, `Health`, prom-client's `Registry`, `Tracing` and
 * `Screens`.
 * A test of an app's wiring imports it too, with a config made by `loadConfig(groups, { … })`.
 */
@Module({})
export class ServiceModule {
  static of({ config, health, metrics, tracing, screens }: ServiceParts): DynamicModule {
    const providers = [
      ...Object.values(config).map((group) => ({ provide: group.constructor, useValue: group })),
      { provide: Health, useValue: health },
      { provide: Registry, useValue: metrics },
      { provide: Tracing, useValue: tracing },
      { provide: Screens, useValue: screens },
    ];
    return { module: ServiceModule, global: true, providers, exports: providers };
  }

  /** For specs: the same providers around a given config, with nothing listening. */
  static forTest(config: ServiceParts['config']): DynamicModule {
    const seen = { tracing: noTracing, screens: new Screens(noTracing) };
    return ServiceModule.of({ config, health: new Health(1_000), metrics: new Registry(), ...seen });
  }
}
