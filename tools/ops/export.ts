import type { EventType, RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { Command } from 'commander';
import { open } from 'node:fs/promises';
import { accountNamed } from './account-named.ts';
import { archiveLines, endOfBatch, readArchived } from './archive.ts';
import { withSystem } from './cli.ts';
import type { EventFile } from './event-file.ts';
import { eventTypeNamed } from './event-type-named.ts';
import { beginningOf, exportFormatOf, exportPages } from './export-file.ts';
import { rangeIn, type PositionRange } from './moment-in-log.ts';
import { progressOf } from './progress.ts';
import type { OperatedSystem } from './system.ts';

interface ExportOptions {
  readonly account?: readonly string[];
  readonly type?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly resume?: true;
}

/** Which events are wanted. */
interface Selection extends PositionRange {
  readonly accounts: ReadonlySet<AccountId> | null;
  readonly types: ReadonlySet<EventType> | null;
}

/** `ops export …` and `ops archive …`: events as files that others read, and the log as one that becomes a log again. */
export function addExport(program: Command): void {
  program
    .command('export <file>')
    .description('events into a file: .ndjson, .csv or .parquet; see also archive')
    .option('--account <id...>', 'of these accounts only')
    .option('--type <name...>', 'of these types only')
    .option('--from <position|time>', 'after it')
    .option('--to <position|time>', 'up to it')
    .option('--resume', 'go on with a file that was cut short')
    .action(
      withSystem<ExportOptions>(async (system, output, options, [path = '']) => {
        const format = exportFormatOf(path);
        const selection = await selectionOf(system, options);
        const after = await beginningOf(path, options.resume === true, format.positionOf);
        const from = Math.max(selection.from, after?.position ?? 0);
        const file = await format.open(path);
        const events = await write(system, { ...selection, from }, file);
        output.say({ file: path, events, from, to: selection.to }, () => `${events} events in ${path}`);
      }),
    );

  program
    .command('archive <file>')
    .description('the whole log into a file of which import makes the same log: same positions, same digests')
    .option('--resume', 'go on with a file that was cut short, or that the log has outgrown')
    .action(
      withSystem<{ resume?: true }>(async (system, output, options, [path = '']) => {
        const after = await beginningOf(path, options.resume === true, endOfBatch);
        const head = await system.log.head();
        const start = {
          after: after?.position ?? 0,
          digest: (after && readArchived(after.line)?.committed.digest) ?? '',
        };
        const file = await open(path, 'a');
        const progress = progressOf('events');
        let last = start.after;
        try {
          for await (const batch of archiveLines(system, start, head)) {
            await file.write(batch.lines.map((line) => `${line}\n`).join(''));
            last = batch.last;
            progress.at(last, head);
          }
        } finally {
          progress.end();
          await file.close();
        }
        output.say({ file: path, position: last }, () => `the log up to position ${last} in ${path}`);
      }),
    );
}

async function selectionOf(system: OperatedSystem, options: ExportOptions): Promise<Selection> {
  const accounts = options.account && (await Promise.all(options.account.map((text) => accountNamed(system, text))));
  const types = options.type?.map(eventTypeNamed);
  const { from = '0', to } = options;
  const range = await rangeIn(system.log, to === undefined ? { from } : { from, to });
  return { ...range, accounts: accounts ? new Set(accounts) : null, types: types ? new Set(types) : null };
}

function write({ log }: OperatedSystem, { accounts, types, from, to }: Selection, file: EventFile): Promise<number> {
  const [only, ...others] = accounts ?? [];
  const pages = only !== undefined && others.length === 0 ? log.readAccount(only, 0, { position: to }) : log.read(from);
  const isWanted = ({ position, subject, type }: RecordedEvent): boolean =>
    position > from && position <= to && (accounts?.has(subject) ?? true) && (types?.has(type) ?? true);
  return exportPages(pages, isWanted, { from, to }, file);
}
