// A service for `run-service.int.spec.ts`, which runs it as a process; MISBEHAVIOUR chooses what goes wrong.
import 'reflect-metadata';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { runService } from './run-service.ts';
import { ServiceSettings } from './service-settings.ts';
import { choice } from './setting.ts';
import { settings } from './settings.ts';

const WRONG = ['nothing', 'unhandled-rejection', 'failing-start', 'hanging-stop', 'failing-stop'];

class FixtureSettings extends settings('', { misbehaviour: choice('What goes wrong', WRONG).default('nothing') }) {}

@Module({})
class FixtureModule implements OnModuleDestroy {
  async onModuleDestroy(): Promise<void> {
    if (process.env.MISBEHAVIOUR === 'failing-stop') throw new Error('cannot stop');
    if (process.env.MISBEHAVIOUR === 'hanging-stop') await new Promise(() => undefined);
  }
}

runService({
  name: 'fixture',
  config: { service: ServiceSettings, fixture: FixtureSettings },
  module: FixtureModule,
  async start(root, { config, logger }) {
    if (config.fixture.misbehaviour === 'failing-start') throw new Error('no such broker');
    if (config.fixture.misbehaviour === 'unhandled-rejection')
      setImmediate(() => void Promise.reject(new Error('forgotten')));
    return NestFactory.createApplicationContext(root, { logger });
  },
});
