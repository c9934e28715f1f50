import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import { BadNews, group, withSystem } from './cli.ts';
import { describeEvent } from './describe-event.ts';
import { accountNamed } from './account-named.ts';
import { prefixOf } from './lookup.ts';
import { facts, printable, shortTime } from './output.ts';
import type { OperatedSystem } from './system.ts';

const LINES = 20;
const LINES_MAX = 10_000;
const FOLLOW_PAUSE_MS = 500;
const TYPE_WIDTH = 24;

/** `ops log …`: what was recorded, as it was recorded. */
export function addLog(program: Command): void {
  const log = group(program, 'log', 'what was recorded');

  log
    .command('tail')
    .description('the last events')
    .option('-n, --lines <number>', 'how many', String(LINES))
    .option('-f, --follow', 'go on with what comes; Ctrl-C ends it')
    .option('--account <id>', 'of one account only')
    .action(
      withSystem<{ lines: string; follow?: true; account?: string }>(async (system, output, options) => {
        const account = options.account === undefined ? null : await accountNamed(system, options.account);
        const print = (events: readonly RecordedEvent[]): void => {
          for (const event of events) output.say(event, () => lineOf(event));
        };
        const last = await lastEvents(system, numberOf(options.lines), account);
        print(last.events);
        if (options.follow) await follow(system, last.head, account, print);
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

  log
    .command('verify')
    .description('recompute every digest; says where the log is not what was committed')
    .action(
      withSystem(async (system, output) => {
        const verdict = await system.log.verify();
        output.say(verdict, () =>
          verdict.ok
            ? `${verdict.events} events in ${verdict.batches} batches are what was committed; digest ${verdict.digest}`
            : `position ${verdict.position}: ${verdict.why}`,
        );
        if (!verdict.ok) throw new BadNews();
      }),
    );
}

async function lastEvents(
  system: OperatedSystem,
  count: number,
  account: AccountId | null,
): Promise<{ readonly events: RecordedEvent[]; readonly head: number }> {
  const head = await system.log.head();
  let events: RecordedEvent[] = [];
  const pages =
    account === null
      ? system.log.read(Math.max(0, head - count))
      : system.log.readAccount(account, Math.max(0, (await versionOf(system, account)) - count));
  for await (const page of pages) events = [...events, ...page].slice(-count);
  return { events, head: Math.max(head, events.at(-1)?.position ?? 0) };
}

async function versionOf({ pool }: OperatedSystem, account: AccountId): Promise<number> {
  const query = 'select version from core.account_head where account_id = $1';
  const { rows } = await pool.query<{ version: string }>(query, [account]);
  return Number(rows[0]?.version ?? 0);
}

/** Asks the log, so that following needs no service either. */
async function follow(
  system: OperatedSystem,
  from: number,
  account: AccountId | null,
  print: (events: readonly RecordedEvent[]) => void,
): Promise<never> {
  for (let position = from; ; await pause(FOLLOW_PAUSE_MS)) {
    for await (const page of system.log.read(position)) {
      print(account === null ? page : page.filter(({ subject }) => subject === account));
      position = page.at(-1)?.position ?? position;
    }
  }
}

async function eventNamed(system: OperatedSystem, text: string): Promise<RecordedEvent> {
  const position = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : await positionOf(system, text);
  if (position > (await system.log.head())) throw new BadInput(`the log ends before ${position}`);
  for await (const [event] of system.log.read(position - 1)) if (event) return event;
  throw new BadInput(`there is no event ${text}`);
}

async function positionOf({ pool }: OperatedSystem, text: string): Promise<number> {
  const prefix = prefixOf(text);
  const { rows } = await pool.query<{ position: string }>(
    `select position from core.event_identity where event_id::text like $1 || '%' limit 2`,
    [prefix],
  );
  if (rows.length > 1) throw new BadInput(`${text} may be several events: give more of its digits`);
  if (!rows[0]) throw new BadInput(`there is no event ${text}`);
  return Number(rows[0].position);
}

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
