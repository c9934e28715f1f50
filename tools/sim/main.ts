import { bundleOf } from '@core/machine/app-process';
import { Command } from 'commander';
import { spawnSync } from 'node:child_process';
import { buildApps } from '../build/build-apps.ts';

const FAILED = 1;

new Command('sim')
  .description('run a scenario on the simulated broker and its own clock; the same script prints the same lines')
  .argument('<script>', 'YAML file; apps/xapi-simulator/examples holds some')
  .action(async (file: string) => {
    await buildApps(['xapi-simulator']);
    const ran = spawnSync(process.execPath, [bundleOf('xapi-simulator'), 'script', file], { stdio: 'inherit' });
    process.exitCode = ran.status ?? FAILED;
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = FAILED;
  });
