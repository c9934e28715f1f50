import type { AttachStep } from '@core/event-log/detached/attaching';
import { Detaching, type DetachStep } from '@core/event-log/detached/detaching';
import type { DetachedRange } from '@core/event-log/detached/detached-ranges';
import { nobodyYet } from '@core/operations/whom';
import type { Command } from 'commander';
import { mkdir } from 'node:fs/promises';
import type { ClientBase } from 'pg';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { sealKeyOf } from './log-proof.ts';
import type { OperatedSystem } from './system.ts';

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
          const files: DetachedRange[] = [];
          for (;;) {
            const detached = await detaching.next(upTo);
            if ('whyNot' in detached) {
              const { whyNot } = detached;
              output.say({ folder: into, files, whyNot }, () =>
                [...files.map(({ file, first, last }) => `${file}: positions ${first} to ${last}`), whyNot].join('\n'),
              );
              return;
            }
            files.push(detached);
            await tellDetached(system, client);
          }
        } finally {
          client.release();
        }
      }),
    );
}

export const tellStep = (step: DetachStep | AttachStep, { first, last }: { first: number; last: number }): void =>
  console.error(`positions ${first} to ${last}: ${step}`);

interface Untold {
  readonly first: string;
  readonly last: string;
  readonly operator: string;
  readonly note: string;
}

/** Whoever died before the log was told is told of by the next one. */
export async function tellDetached(system: OperatedSystem, client: ClientBase): Promise<void> {
  const { rows } = await client.query<Untold>(
    'select first, last, operator, note from core.detached where not is_told order by first',
  );
  for (const { first, last, operator, note } of rows) {
    const target = `positions ${first} to ${last}`;
    await system.keep({ decision: { operator, note } }, { what: 'log', action: 'detached', target });
    await client.query('update core.detached set is_told = true where first = $1', [first]);
  }
}

export function positionSaid(option: string, text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new BadInput(`${option} is a position, not ${text}`);
  return Number(text);
}

export function folderOf(system: OperatedSystem, option: string, said: string | undefined): string {
  const folder = said ?? system.detached;
  if (folder === undefined)
    throw new BadInput(`say ${option}: the folder that DATABASE_DETACHED names to all services`);
  return folder;
}
