import { bundleOf } from '@core/machine/app-process';
import { Command } from 'commander';
import { spawnSync } from 'node:child_process';
import { buildApps } from '../build/build-apps.ts';

const FAILED = 1;

async function run(mode: 'script' | 'capsule', file: string): Promise<void> {
  await buildApps(['xapi-simulator']);
  const ran = spawnSync(process.execPath, [bundleOf('xapi-simulator'), mode, file], { stdio: 'inherit' });
  process.exitCode = ran.status ?? FAILED;
}

const program = new Command('sim')
  .description('run a scenario on the simulated broker and its own clock; the same script prints the same lines')
  .argument('<script>', 'YAML file; apps/xapi-simulator/examples holds some')
  .action((file: string) => run('script', file));

program
  .command('capsule <file>')
  .description('play an incident of npm run ops -- capsule again, and say whether the same facts come out')
  .action((file: string) => run('capsule', file));

program.parseAsync().catch((error: unknown) => {
  console.error(error);
  process.exitCode = FAILED;
});
