import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { ShadowTally, type Dealt, type ShadowComparison } from '@core/operations/shadow-comparison';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { withSystem } from './cli.ts';
import { rangeIn } from './moment-in-log.ts';
import type { OperatedSystem } from './system.ts';
import { table } from './table.ts';

interface ShadowOptions {
  readonly from: string;
  readonly to?: string;
  readonly beside?: string;
}

/** `ops shadow …`: what an account would have traded in shadow, beside what was traded. */
export function addShadow(program: Command): void {
  program
    .command('shadow <account>')
    .description('what an account would have traded in shadow, beside what it, or another one, did trade')
    .option('--from <position|time>', 'a position of the log, or a moment: 2026-01-05T10:00:00Z', '0')
    .option('--to <position|time>', 'the same; now where it is left out')
    .option('--beside <account>', 'the account that traded; the same one where it is left out')
    .action(
      withSystem<ShadowOptions>(async (system, output, { from, to, beside }, [text = '']) => {
        const account = await accountNamed(system, text);
        const other = beside === undefined ? account : await accountNamed(system, beside);
        const range = await rangeIn(system.log, to === undefined ? { from } : { from, to });
        const tally = new ShadowTally(range.from);
        for await (const event of eventsOf(system, account, range.to)) {
          tally.would(event);
          if (other === account) tally.done(event);
        }
        if (other !== account) for await (const event of eventsOf(system, other, range.to)) tally.done(event);
        const rows = tally.comparison();
        output.say({ account, beside: other, ...range, rows }, () => inWords(rows));
      }),
    );
}

async function* eventsOf({ log }: OperatedSystem, account: AccountId, until: number): AsyncGenerator<RecordedEvent> {
  for await (const page of log.readAccount(account, 0, { position: until })) yield* page;
}

function inWords(rows: readonly ShadowComparison[]): string {
  if (rows.length === 0) return 'nothing was traded, and nothing would have been';
  return table(
    ['instrument', 'side', 'would', 'lots', 'average', 'of which wait', 'done', 'lots', 'average'],
    rows.map(({ instrument, side, would, waiting, done }) => [
      ...[instrument, side, ...cells(would)],
      ...[waiting === 0 ? '' : String(waiting), ...cells(done)],
    ]),
  );
}

const cells = ({ deals, lots, averagePrice }: Dealt): readonly string[] =>
  deals === 0 ? ['', '', ''] : [String(deals), lots, averagePrice ?? 'unknown'];
