import type { RecordedEvent } from '@core/contracts/event';
import { stateChanges, type FieldChange } from '@core/projection-runner/state-changes';
import { accountOverview } from '@core/projections/overview';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { withSystem } from './cli.ts';
import { describeEvent } from '@core/operations/describe-event';
import { rangeIn } from './moment-in-log.ts';
import { shortTime, shownValue, tree } from './output.ts';

/** Which event a moment was, beside its time and position: for machines, who get it. */
const REFERENCES: readonly (string | undefined)[] = ['eventId', 'correlationId', 'causationId'];

/** `ops diff …`: what became of an account between two moments, and through what. */
export function addDiff(program: Command): void {
  program
    .command('diff <account>')
    .description('what changed in an account between two moments, by the event that left it so')
    .requiredOption('--from <position|time>', 'a position of the log, or a moment: 2026-01-05T10:00:00Z')
    .option('--to <position|time>', 'the same; now where it is left out')
    .action(
      withSystem<{ from: string; to?: string }>(async (system, output, { from, to }, [text = '']) => {
        const account = await accountNamed(system, text);
        const range = await rangeIn(system.log, { from, to });
        const changes = await stateChanges(system.log, accountOverview, account, range);
        output.say(changes.map(forMachines), () => inWords(changes));
      }),
    );
}

const forMachines = ({ path, left, right, first, last, times }: FieldChange) => ({
  path,
  before: left,
  after: right,
  first: first.position,
  last: last.position,
  event: last,
  times,
});

/** By event, in the order of the log. */
function inWords(changes: readonly FieldChange[]): string {
  const byEvent = new Map<number, { readonly event: RecordedEvent; readonly fields: string[] }>();
  for (const change of changes.toSorted((left, right) => left.last.position - right.last.position)) {
    const known = byEvent.get(change.last.position) ?? { event: change.last, fields: [] };
    if (!REFERENCES.includes(change.path.at(-1))) known.fields.push(fieldOf(change));
    byEvent.set(change.last.position, known);
  }
  if (byEvent.size === 0) return 'nothing changed';
  const leaf = (text: string) => ({ text, branches: [] });
  return [...byEvent.values()]
    .map(({ event, fields }) => tree({ text: eventLine(event), branches: fields.map(leaf) }))
    .join('\n');
}

const eventLine = (event: RecordedEvent): string =>
  `${event.position}  ${shortTime(event.recordedtime)}  ${event.type}  ${describeEvent(event)}`;

function fieldOf({ path, left, right, first, times }: FieldChange): string {
  const often = times > 1 ? ` (${times} times since ${first.position})` : '';
  return `${path.join('.')}: ${shownValue(left)} → ${shownValue(right)}${often}`;
}
