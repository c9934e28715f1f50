import type { RecordedEvent } from '@core/contracts/event';
import type { LogFilter } from '@core/event-log/log-filter';
import { LogSearch } from '@core/event-log/log-search';
import { whileNothingMoves } from '@core/event-log/detached/detached-ranges';
import { csvHead, csvLine } from '@core/operations/event-rows';
import { Option, type Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { describeEvent } from '@core/operations/describe-event';
import { eventAt } from '@core/operations/event-at';
import { beginningOf, exportFormatOf, exportPages } from './export-file.ts';
import { filtering, logFilterIn, type FilterOptions } from './log-filtering.ts';
import { addLogAttach } from './log-attach.ts';
import { addLogDetach } from './log-detach.ts';
import { addLogProof } from './log-proof.ts';
import { prefixOf } from '@core/operations/lookup';
import { facts, shortTime, type Output } from './output.ts';
import { printable } from './table.ts';
import type { OperatedSystem } from './system.ts';

const LINES = 20;
const LINES_MAX = 10_000;
const PAGE = 1_000;
const FOLLOW_PAUSE_MS = 500;
const TYPE_WIDTH = 24;

/** `ops log …`: what was recorded, as it was recorded. */
export function addLog(program: Command): void {
  const log = group(program, 'log', 'what was recorded');

  filtering(log.command('tail'))
    .description('the last events, and with --follow those that come')
    .option('-n, --lines <number>', 'how many', String(LINES))
    .option('-f, --follow', 'go on with what comes; Ctrl-C ends it')
    .addOption(new Option('--format <name>', 'text for people, or json or csv').choices(['text', 'json', 'csv']))
    .action(
      withSystem<FilterOptions & { lines: string; follow?: true; format?: LineFormat }>(
        async (system, output, options) => {
          const filter = await logFilterIn(system, options);
          const lines = numberOf(options.lines);
          const print = printer(output, options.format);
          const search = new LogSearch(system.pool, system.log.detached);
          const head = await system.log.head();
          print((await search.page(filter, { before: head + 1, limit: lines })).toReversed());
          if (options.follow) await follow(search, filter, head, print);
        },
      ),
    );

  filtering(log.command('export <file>'))
    .description('what is filtered, into a file: .ndjson, .csv or .parquet')
    .addOption(new Option('--format <name>', 'of a file that is named otherwise').choices(['ndjson', 'csv', 'parquet']))
    .option('--resume', 'go on with a file that was cut short')
    .action(
      withSystem<FilterOptions & { format?: string; resume?: true }>(async (system, output, options, [path = '']) => {
        const format = exportFormatOf(path, options.format);
        const filter = await logFilterIn(system, options);
        const after = await beginningOf(path, options.resume === true, format.positionOf);
        const range = { from: after?.position ?? (filter.from ?? 1) - 1, to: filter.to ?? (await system.log.head()) };
        const pages = pagesOf(new LogSearch(system.pool, system.log.detached), { ...filter, to: range.to }, range.from);
        const events = await exportPages(pages, () => true, range, await format.open(path));
        output.say({ file: path, events, ...range }, () => `${events} events in ${path}`);
      }),
    );

  log
    .command('show <event>')
    .description('one event, by position or id')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const event = await eventNamed(system, text);
        output.say(event, () => inFull(event));
      }),
    );

  addLogProof(log);
  addLogDetach(log);
  addLogAttach(log);
}

type Print = (events: readonly RecordedEvent[]) => void;

/** A line for each event. */
function printer(output: Output, format: LineFormat | undefined): Print {
  const line = output.json ? LINE_FORMATS.json : LINE_FORMATS[format ?? 'text'];
  let isFirst = true;
  return (events) => {
    if (isFirst && line === csvLine) console.log(csvHead());
    isFirst = false;
    for (const event of events) console.log(line(event));
  };
}

/** Asks the log, so that following needs no service either. */
async function follow(search: LogSearch, filter: LogFilter, from: number, print: Print): Promise<never> {
  for (let after = from; ; await pause(FOLLOW_PAUSE_MS)) {
    for await (const page of pagesOf(search, filter, after)) {
      print(page);
      after = page.at(-1)?.position ?? after;
    }
  }
}

/** What is filtered after a position, from the oldest on, as far as the log has come. */
async function* pagesOf(search: LogSearch, filter: LogFilter, from: number): AsyncIterable<readonly RecordedEvent[]> {
  for (let after = from; ;) {
    const page = (await search.page(filter, { after, limit: PAGE })).toReversed();
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.position ?? after;
  }
}

async function eventNamed(system: OperatedSystem, text: string): Promise<RecordedEvent> {
  const position = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : await positionOf(system, text);
  if (position > (await system.log.head())) throw new BadInput(`the log ends before ${position}`);
  return eventAt(system.log, position);
}

async function positionOf({ pool, log }: OperatedSystem, text: string): Promise<number> {
  const prefix = prefixOf(text);
  const positions = await whileNothingMoves(pool, async (ranges) => {
    const { rows } = await pool.query<{ position: string }>(
      `select position from core.event_identity where event_id::text like $1 || '%'
       union select position from core.event
       where position <= (select ids_to from core.retention) and event_id::text like $1 || '%' limit 2`,
      [prefix],
    );
    const detached = await log.detached.places(ranges, prefix, prefix + AFTER_ALL_DIGITS);
    return new Set([...rows.map(({ position }) => Number(position)), ...detached.values()]);
  });
  const [position] = positions;
  if (positions.size > 1) throw new BadInput(`${text} may be several events: give more of its digits`);
  if (position === undefined) throw new BadInput(`there is no event ${text}`);
  return position;
}

const AFTER_ALL_DIGITS = 'g';

const lineOf = (event: RecordedEvent): string =>
  printable(
    [
      String(event.position).padStart(8),
      shortTime(event.recordedtime),
      event.subject.slice(0, 8),
      event.type.padEnd(TYPE_WIDTH),
      describeEvent(event),
    ].join('  '),
  );

const LINE_FORMATS = { text: lineOf, json: (event: RecordedEvent) => JSON.stringify(event), csv: csvLine } as const;
type LineFormat = keyof typeof LINE_FORMATS;

const inFull = (event: RecordedEvent): string =>
  `${facts([
    ['position', event.position],
    ['account', event.subject],
    ['version', event.version],
    ['type', event.type],
    ['id', event.id],
    ['happened', event.time],
    ['recorded', event.recordedtime],
    ['correlation', event.correlationid],
    ['cause', event.causationid],
    ['source', event.source],
  ])}\n${JSON.stringify(event.data, null, 2)}`;

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > LINES_MAX)
    throw new BadInput(`--lines is a number from 1 to ${LINES_MAX}, not ${text}`);
  return number;
}
