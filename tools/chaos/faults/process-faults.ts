import type { AppProcess } from '@core/machine/app-process';
import { present } from '@core/kernel/present';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOver, type ChaosFault, type Victims } from './fault.ts';

/** `kill -9`; its supervisor starts it again. */
export const kill: ChaosFault = async (victims, target) => {
  await (await processOf(victims, target)).crash();
  return isOver;
};

export const freeze: ChaosFault = async (victims, target) => {
  const frozen = await processOf(victims, target);
  frozen.freeze();
  return () => frozen.thaw();
};

export const killNats: ChaosFault = async ({ system }) => {
  await system.servers.nats?.kill();
  return isOver;
};

/** As after the loss of its disk: the server comes back and knows no stream. */
export const wipeNats: ChaosFault = async ({ system, folder }) => {
  rmSync(join(folder, 'nats'), { recursive: true, force: true });
  await system.servers.nats?.kill();
  return isOver;
};

/** As `pg_ctl -m immediate`: what was not committed is gone, and the next start recovers. */
export const crashPostgres: ChaosFault = async ({ system }) => {
  await system.servers.postgres?.kill();
  return isOver;
};

/** Of several ledgers the one that writes, of several edges any. */
async function processOf({ apps }: Victims, service: string): Promise<AppProcess> {
  const named = apps.filter(({ spec }) => spec.name === service);
  for (const app of named) {
    const metrics = await app.metrics().catch(() => '');
    if (service !== 'ledger' || metrics.includes('\nledger_writer 1')) return app;
  }
  return present(named[0], `${service} runs`);
}
