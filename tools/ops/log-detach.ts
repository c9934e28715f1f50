import { Detaching } from '@core/event-log/detached/detaching';
import { nobodyYet } from '@core/operations/whom';
import type { Command } from 'commander';
import { mkdir } from 'node:fs/promises';
import { withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { sealKeyOf } from './log-proof.ts';
import { folderOf, moveFiles, positionSaid, tellDetached, tellStep } from './moved-files.ts';

interface DetachOptions extends ConsentOptions {
  readonly to: string;
  readonly into?: string;
  readonly key?: string;
}

/** `ops log detach`: the oldest of the log out of the database and into files. */
export function addLogDetach(log: Command): void {
  changing(log.command('detach'))
    .description('take whole partitions that are signed out of the database into files that are read from then on')
    .requiredOption('--to <position>', 'those that lie wholly at or before it')
    .option('--into <folder>', 'where services look for them: DATABASE_DETACHED, or the data folder’s own')
    .option('--key <key>', 'the public key that checkpoints are signed by, 32 bytes in base64')
    .action(
      withSystem<DetachOptions>(async (system, output, options) => {
        const into = folderOf(system, '--into', options.into);
        const upTo = positionSaid('--to', options.to);
        const key = sealKeyOf(system, options.key);
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        await mkdir(into, { recursive: true, mode: 0o700 });
        const client = await system.changeable(consent).connect();
        try {
          await tellDetached(system, client);
          const detaching = new Detaching(client, into, key, consent.decision, tellStep);
          const tell = (): Promise<void> => tellDetached(system, client);
          await moveFiles(output, into, () => detaching.next(upTo), tell);
        } finally {
          client.release();
        }
      }),
    );
}
