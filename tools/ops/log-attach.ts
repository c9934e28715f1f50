import { Attaching } from '@core/event-log/detached/attaching';
import type { DetachedRange } from '@core/event-log/detached/detached-ranges';
import { nobodyYet } from '@core/operations/whom';
import type { Command } from 'commander';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { sealKeyOf } from './log-proof.ts';
import { folderOf, moveFiles, positionSaid, tellAttached, tellDetached, tellStep } from './moved-files.ts';

interface AttachOptions extends ConsentOptions {
  readonly from: string;
  readonly outOf?: string;
  readonly key?: string;
  readonly remove?: true;
}

/** `ops log attach`: the newest of what was detached out of its files and into the database. */
export function addLogAttach(log: Command): void {
  changing(log.command('attach'))
    .description('take files of `log detach` back into the database, the newest first')
    .requiredOption('--from <position>', 'until the database has everything from it on')
    .option('--out-of <folder>', 'where the files are: DATABASE_DETACHED, or the data folder’s own')
    .option('--key <key>', 'the public key that checkpoints are signed by, 32 bytes in base64')
    .option('--remove', 'delete each file that came back; without it they stay, and nothing reads them')
    .action(
      withSystem<AttachOptions>(async (system, output, options) => {
        const folder = folderOf(system, '--out-of', options.outOf);
        const from = positionSaid('--from', options.from);
        const key = sealKeyOf(system, options.key);
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        const client = await system.changeable(consent).connect();
        try {
          await tellDetached(system, client);
          const tell = (range: DetachedRange): Promise<void> => tellAttached(system, client, consent, range);
          const attaching = new Attaching(client, folder, key, tellStep, tell);
          const remove = async ({ file }: DetachedRange): Promise<void> => {
            if (options.remove) await unlink(join(folder, file));
          };
          await moveFiles(output, folder, () => attaching.next(from), remove);
        } finally {
          client.release();
        }
      }),
    );
}
