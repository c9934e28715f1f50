import { isGrave } from '@core/operations/gravity';
import { extentInWords, extentOf, type Concerned } from '@core/operations/whom';
import type { Registry } from '@core/registry/registry';
import type { Command } from 'commander';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { BadInput } from './bad-input.ts';
import type { Output } from './output.ts';

export interface ConsentOptions {
  /** Asked for at a keyboard where it is left out. */
  readonly note?: string;
  readonly operator: string;
  readonly yes?: true;
  readonly dryRun?: true;
}

const TEXT_MAX = 512;

/** A verb that changes something: it says who and why, and whom it concerns before it is carried out. */
export const changing = (command: Command): Command =>
  command
    .option('--note <text>', 'why; it is recorded, and asked for at a keyboard')
    .option('--operator <name>', 'who; it is recorded', userInfo().username)
    .option('--dry-run', 'say whom it would concern, and do nothing')
    .option('--yes', 'do not ask once more, where it concerns everyone or a live account');

/** What an operator has agreed to, and what is recorded of it. Whoever changes something needs one. */
export class Consent {
  private constructor(
    /** Who decided, and why. */
    readonly decision: { readonly operator: string; readonly note: string },
  ) {}

  /**
   * Null where nothing is to be done: of a dry run, which says whom it would concern, and of a no. What concerns everyone
   * or a live account is asked once more at a keyboard, and refused without `--yes` where there is none.
   */
  static async to(
    source: { registry(): Promise<Pick<Registry, 'accounts'>> },
    output: Output,
    concerned: Concerned,
    options: ConsentOptions,
  ): Promise<Consent | null> {
    const { operator, note = await whyAtKeyboard() } = options;
    const decision = decisionOf({ operator, note });
    const extent = extentOf(concerned, await (await source.registry()).accounts());
    const { accounts, live } = extent;
    const whom = extentInWords(extent);
    if (options.dryRun === true) {
      output.say({ dryRun: true, accounts, live }, () => `would concern ${whom}`);
      return null;
    }
    if (options.yes !== true && isGrave(extent)) {
      if (!process.stdin.isTTY) throw new BadInput(`this concerns ${whom}: say --yes`);
      if (!/^y(es)?$/i.test(await typed(`This concerns ${whom}. Go on? [y/N] `))) return null;
    }
    return new Consent(decision);
  }
}

function decisionOf({ note, operator }: Consent['decision']): Consent['decision'] {
  if (note.trim() === '' || !operator) throw new BadInput('--note says why, and --operator who');
  for (const text of [note, operator])
    if (text.length > TEXT_MAX) throw new BadInput(`notes have up to ${TEXT_MAX} characters`);
  return { operator, note };
}

/** Whoever pastes a command that somebody else wrote says himself why; a script has to bring it. */
const whyAtKeyboard = async (): Promise<string> =>
  process.stdin.isTTY ? typed('Why? It is recorded with your name: ') : '';

async function typed(question: string): Promise<string> {
  const keyboard = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await keyboard.question(question)).trim();
  } finally {
    keyboard.close();
  }
}
