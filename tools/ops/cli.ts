import { Command, CommanderError } from 'commander';
import { AskedWrongly } from '@core/operations/asked-wrongly';
import { BadInput } from './bad-input.ts';
import { failureLine } from './failure-line.ts';
import { outputOf, type Output } from './output.ts';
import { CellsAtHand } from './move/cells-at-hand.ts';
import { addressesOf, OperatedSystem } from './system.ts';

const BAD_INPUT = 2;
const FAILURE = 1;

interface Globals {
  readonly data?: string;
  readonly cell?: string;
  readonly json?: true;
}

/** What a command does with a system. */
export type CommandAction<Options> = (
  system: OperatedSystem,
  output: Output,
  options: Options,
  args: readonly string[],
) => Promise<void>;

/** The answer was printed, and it is bad news: nothing more to say, but the exit code. */
export class BadNews extends Error {}

export const newProgram = (): Command =>
  naming(new Command('ops'))
    .description('the operator’s command line of a trading core: its log, its accounts, its switches')
    .option('--data <folder>', 'data folder of a running system; otherwise DATABASE_URL and NATS_URL, or .data')
    .option('--cell <name>', 'the cell that is asked, of a data folder with several')
    .option('--json', 'one JSON value for machines instead of tables')
    .addHelpText(
      'after',
      '\nIds may be shortened to their first digits, times are in UTC. Exit codes: 1 it failed, 2 it was asked wrongly.\n' +
        'Reading needs Postgres only; commands to the ledger and changes that running services hear of need NATS too.',
    )
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(false);

/** A command that only holds others. */
export const group = (program: Command, name: string, about: string): Command =>
  naming(program.command(name)).description(about);

/** Alone, or with a name it does not hold, it names what it holds. */
function naming(holder: Command): Command {
  return holder.allowExcessArguments().action((_options: unknown, { args }: Command) => {
    const names = holder.commands.map((each) => each.name()).join(', ');
    throw new BadInput(args[0] === undefined ? `say one of ${names}` : `there is no ${args[0]}: say one of ${names}`);
  });
}

/** Runs an action with the system that the options name, and closes what it opened. */
export const withSystem =
  <Options extends object>(action: CommandAction<Options>) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1);
    if (!(command instanceof Command)) throw new Error('commander calls actions with their command');
    const { data, cell, json, ...options } = command.optsWithGlobals<Globals & Options>();
    const system = new OperatedSystem(addressesOf(data, process.env, cell));
    try {
      await action(system, outputOf(json === true), options as Options, command.args);
    } finally {
      await system.close();
    }
  };

/** The same with every cell that is reached from here. */
export const withCells =
  <Options extends object>(
    action: (cells: CellsAtHand, output: Output, options: Options, args: readonly string[]) => Promise<void>,
  ) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1);
    if (!(command instanceof Command)) throw new Error('commander calls actions with their command');
    const { data, cell, json, ...options } = command.optsWithGlobals<Globals & Options>();
    const cells = new CellsAtHand(data, process.env, cell);
    try {
      await action(cells, outputOf(json === true), options as Options, command.args);
    } finally {
      await cells.close();
    }
  };

/** Runs the program and returns its exit code; every failure is one line. */
export async function run(program: Command, args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof BadNews) return FAILURE;
    console.error(`ops: ${failureLine(error)}`);
    return error instanceof CommanderError || error instanceof AskedWrongly ? BAD_INPUT : FAILURE;
  }
}
