import type { FieldDifference } from '@core/kernel/json-difference';
import { FoldStepper, type FoldStep } from '@core/operations/fold-stepper';
import { foldNamed, noFoldOf, tablesNamed, type ProjectionCatalogue } from '@core/operations/projection-catalogue';
import type { AnyProjection } from '@core/projection-runner/build-states';
import type { Command } from 'commander';
import { createInterface, type Interface } from 'node:readline/promises';
import { accountNamed } from './account-named.ts';
import { BadNews, withSystem } from './cli.ts';
import { describeEvent } from '@core/operations/describe-event';
import { rangeIn } from './moment-in-log.ts';
import { shownValue, tree } from './output.ts';

interface StepperOptions {
  readonly version?: string;
  readonly against?: string;
  readonly from: string;
  readonly to?: string;
}

/** `ops projections stepper …`: a fold at work, event by event. */
export function addProjectionStepper(projections: Command, catalogue: ProjectionCatalogue): void {
  projections
    .command('stepper <projection> <account>')
    .description('what each event of an account does to a fold; on a terminal one at a time')
    .option('--version <number>', 'of the fold; the newest where it is left out')
    .option('--against <number>', 'another version, to see where the two part')
    .option('--from <position|time>', 'after it', '0')
    .option('--to <position|time>', 'up to it')
    .action(
      withSystem<StepperOptions>(async (system, output, options, [name = '', text = '']) => {
        const tables = tablesNamed(catalogue, name);
        if (tables) {
          console.error(noFoldOf(tables));
          throw new BadNews();
        }
        const account = await accountNamed(system, text);
        const { version, against, ...bounds } = options;
        const folds: [AnyProjection, AnyProjection | null] = [
          foldNamed(catalogue, name, version === undefined ? undefined : Number(version)),
          against === undefined ? null : foldNamed(catalogue, name, Number(against)),
        ];
        const { from, to } = await rangeIn(system.log, bounds);
        const stepper = new FoldStepper(...folds);
        const keys = process.stdin.isTTY && !output.json ? createInterface(process.stdin, process.stderr) : null;
        try {
          for await (const page of system.log.readAccount(account, 0, { position: to }))
            for (const event of page) {
              const step = stepper.take(event);
              if (event.position <= from) continue;
              output.say(step, () => inWords(step));
              if (keys && (await isEnough(keys))) return;
            }
        } finally {
          keys?.close();
        }
      }),
    );
}

const isEnough = async (keys: Interface): Promise<boolean> =>
  (await keys.question('Enter goes on, q ends: ')).trim().toLowerCase() === 'q';

function inWords({ event, changed, against }: FoldStep): string {
  const leaf = (text: string) => ({ text, branches: [] });
  const field = ({ path, left, right }: FieldDifference, arrow: string) =>
    leaf(`${path.join('.')}: ${shownValue(left)} ${arrow} ${shownValue(right)}`);
  const branches = changed.length === 0 ? [leaf('changes nothing')] : changed.map((each) => field(each, '→'));
  const parted = { text: 'the other version differs', branches: against.map((each) => field(each, '≠')) };
  return tree({
    text: `${event.position} ${event.type} ${describeEvent(event)}`,
    branches: against.length === 0 ? branches : [...branches, parted],
  });
}
