import { LogSearch } from '@core/event-log/log-search';
import { DECISIONS } from '@core/operations/decisions';
import { logLine } from '@core/operations/log-line';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';

const LINES = '50';
const LINES_MAX = 1_000;

interface AuditOptions {
  readonly lines: string;
  readonly account?: string;
}

/** `ops audit`: who changed what, when and why. */
export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('what operators decided and changed: who, when and why, the newest first')
    .option('-n, --lines <number>', 'how many', LINES)
    .option('--account <id>', 'of one account only; system for what is everyone’s')
    .action(
      withSystem<AuditOptions>(async (system, output, { lines, account }) => {
        const limit = Number(lines);
        if (!Number.isInteger(limit) || limit < 1 || limit > LINES_MAX)
          throw new BadInput(`--lines is a number from 1 to ${LINES_MAX}, not ${lines}`);
        const whose = account === undefined ? {} : { account: await accountNamed(system, account) };
        const window = { before: Number.MAX_SAFE_INTEGER, limit };
        const found = await new LogSearch(system.pool, system.log.detached).page(
          { types: DECISIONS, ...whose },
          window,
        );
        const told = found.map(logLine);
        const rows = told.map(({ position, recorded, type, account: of, words }) => [
          ...[position, shortTime(recorded), type, of, words],
        ]);
        const head = ['position', 'recorded', 'what', 'account', 'who and why'];
        output.say(told, () => table(head, rows, 'nobody has decided anything yet'));
      }),
    );
}
