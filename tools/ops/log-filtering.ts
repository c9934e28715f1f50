import type { LogFilter } from '@core/event-log/log-filter';
import { instantFromMs } from '@core/kernel/instant';
import { logFilterOf } from '@core/operations/log-query';
import type { Command } from 'commander';
import { ZodError } from 'zod';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { eventTypeNamed } from './event-type-named.ts';
import { momentFromText } from '@core/operations/moment';
import type { OperatedSystem } from './system.ts';

export interface FilterOptions {
  readonly type?: readonly string[];
  readonly notType?: readonly string[];
  readonly noise?: true;
  readonly account?: string;
  readonly instrument?: string;
  readonly since?: string;
  readonly until?: string;
  readonly from?: string;
  readonly to?: string;
  readonly producer?: string;
  readonly grep?: string;
}

/** What of the log a verb shows: the same words as the console's page of the log. */
export const filtering = (verb: Command): Command =>
  verb
    .option('--type <name...>', 'of these types only')
    .option('--not-type <name...>', 'of all but these types')
    .option('--noise', 'samples of equity too')
    .option('--account <id>', 'of one account only')
    .option('--instrument <name>', 'what concerns it, orders and positions in it too')
    .option('--since <time>', 'recorded then or later')
    .option('--until <time>', 'recorded before')
    .option('--from <position>', 'from this position on')
    .option('--to <position>', 'up to this position')
    .option('--producer <name>', 'stated by who is named so, or begins so')
    .option('--grep <text>', 'with this text somewhere in what it tells');

export async function logFilterIn(system: OperatedSystem, options: FilterOptions): Promise<LogFilter> {
  const { type, notType, noise, account, instrument, since, until, from, to, producer, grep: text } = options;
  const given = {
    ...{ types: typesIn(type), notTypes: typesIn(notType), noise: noise && 'on' },
    account: account === undefined ? undefined : await accountNamed(system, account),
    ...{ instrument, producer, text, from: positionIn('--from', from), to: positionIn('--to', to) },
    ...{ since: instantIn('--since', since), until: instantIn('--until', until) },
  };
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  try {
    return logFilterOf(Object.fromEntries(said));
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    throw new BadInput(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
}

const typesIn = (names: readonly string[] | undefined): string | undefined => names?.map(eventTypeNamed).join(',');

function positionIn(option: string, text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d{1,15}$/.test(text))
    throw new BadInput(`${option} is a position, not ${text}: moments are --since and --until`);
  return text;
}

function instantIn(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = momentFromText(text);
  if (ms === null) throw new BadInput(`${option} is a moment like 2026-01-05T10:00:00Z, not ${text}`);
  return instantFromMs(ms);
}
