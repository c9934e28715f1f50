import { Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { Registry } from 'prom-client';
import { ServiceSettings } from '@core/service/service-settings';
import { BrokerSettings, CertificateSettings, SocketSettings } from './config.ts';
import { AccountsController } from './control/accounts.controller.ts';
import { FaultsController } from './control/faults.controller.ts';
import { PricesController } from './control/prices.controller.ts';
import { NoWebPageGuard } from './control/no-web-page.guard.ts';
import { RefusalsFilter } from './control/refusals.filter.ts';
import { measure } from './metrics.ts';
import { StandingController } from './control/standing.controller.ts';
import { RunningSimulator } from './running.ts';

/** A simulated broker on its sockets, and the control API to it. */
@Module({
  controllers: [AccountsController, PricesController, FaultsController, StandingController],
  providers: [
    {
      provide: RunningSimulator,
      inject: [ServiceSettings, SocketSettings, BrokerSettings, CertificateSettings],
      useFactory: (...groups: ConstructorParameters<typeof RunningSimulator>) => new RunningSimulator(...groups),
    },
    { provide: APP_FILTER, useClass: RefusalsFilter },
    { provide: APP_GUARD, useClass: NoWebPageGuard },
  ],
})
export class SimulatorModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(SimulatorModule.name);

  constructor(
    private readonly running: RunningSimulator,
    private readonly metrics: Registry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.running.start();
    measure(this.running, this.metrics);
    const accounts = this.running.simulator.broker.accounts.size;
    this.log.log({ msg: 'listening', ...this.running.addresses, accounts });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running.stop();
  }
}
