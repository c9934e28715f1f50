// A service for `run-service.int.spec.ts`, which runs it as a process; MISBEHAVIOUR chooses what goes wrong.
import 'reflect-metadata';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { runService } from './run-service.ts';
import { ServiceConfig } from './service-config.ts';
import { Choice } from './settings.ts';

class FixtureConfig extends ServiceConfig {
  @Choice('What goes wrong', ['nothing', 'unhandled-rejection', 'failing-start', 'hanging-stop'])
  readonly misbehaviour: string = 'nothing';
}

@Module({})
class FixtureModule implements OnModuleDestroy {
  async onModuleDestroy(): Promise<void> {
    if (process.env.MISBEHAVIOUR === 'hanging-stop') await new Promise(() => undefined);
  }
}

void runService({
  name: 'fixture',
  config: FixtureConfig,
  module: FixtureModule,
  async start(root, { config, logger }) {
    if (config.misbehaviour === 'failing-start') throw new Error('no such broker');
    if (config.misbehaviour === 'unhandled-rejection') setImmediate(() => void Promise.reject(new Error('forgotten')));
    return NestFactory.createApplicationContext(root, { logger });
  },
});
