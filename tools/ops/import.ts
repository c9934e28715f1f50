import { migrateEventLog } from '@core/event-log/migrations';
import type { Command } from 'commander';
import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readArchived, type ArchivedEvent } from './archive.ts';
import { BadInput } from './bad-input.ts';
import { BadNews } from './cli.ts';
import { ImportedLog } from './imported-log.ts';
import { outputOf } from './output.ts';
import { progressOf } from './progress.ts';

/** `ops import …`: an archive becomes a log again. It knows no system but the database that it is told. */
export function addImport(program: Command): void {
  program
    .command('import <archive>')
    .description('make an empty log what an archive says: same positions, same digests')
    .requiredOption('--into <url>', 'the database, as its owner; no ledger may write to it')
    .action(async (path: string, { into }: { readonly into: string }, command: Command) => {
      if (!existsSync(path)) throw new BadInput(`there is no ${path}`);
      const output = outputOf(command.optsWithGlobals<{ json?: true }>().json === true);
      await migrateEventLog(into);
      const target = new ImportedLog(into);
      try {
        const position = await filled(target, path);
        const progress = progressOf('events verified');
        const verdict = await target.verify(progress.at);
        progress.end();
        output.say({ position, ...verdict }, () =>
          verdict.ok
            ? `${verdict.events} events in ${verdict.batches} batches are what was committed; digest ${verdict.digest}`
            : `position ${verdict.position}: ${verdict.why}`,
        );
        if (!verdict.ok) throw new BadNews();
      } finally {
        await target.close();
      }
    });
}

async function filled(target: ImportedLog, path: string): Promise<number> {
  const { size } = await stat(path);
  const progress = progressOf('bytes');
  let [done, batch]: [number, ArchivedEvent[]] = [0, []];
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const archived = readArchived(line);
      if (!archived)
        throw new BadInput(`${path} is no archive, or cut short: the log is filled up to ${await target.head()}`);
      batch.push(archived);
      done += Buffer.byteLength(line) + 1;
      if (archived.event.position !== archived.committed.last) continue;
      await target.append(batch);
      batch = [];
      progress.at(done, size);
    }
  } finally {
    progress.end();
  }
  if (batch.length > 0)
    throw new BadInput(`${path} is cut short within a batch: the log is filled up to ${await target.head()}`);
  return target.head();
}
