import type { Command } from 'commander';

/** A place in the tree of verbs, and what may be said there. */
export interface CompletionPlace {
  /** The words that lead there, with a blank between: empty at the beginning. */
  readonly path: string;
  readonly words: readonly CompletionWord[];
}

interface CompletionWord {
  /** A verb, or an option with its dashes. */
  readonly word: string;
  readonly about: string;
}

/** Everything that may be said, as the program itself knows it. */
export function completionPlaces(program: Command, path = ''): readonly CompletionPlace[] {
  const help = program.createHelp();
  const verbs = help
    .visibleCommands(program)
    .map((each) => ({ word: each.name(), about: help.subcommandDescription(each) }));
  const own = [...help.visibleOptions(program), ...globalOptions(program)];
  const options = own.map((option) => ({ word: option.long ?? option.short ?? '', about: option.description }));
  const below = program.commands.flatMap((each) => completionPlaces(each, `${path} ${each.name()}`.trim()));
  return [{ path, words: [...verbs, ...options] }, ...below];
}

/** Those of the verbs above. */
const globalOptions = ({ parent }: Command): readonly Command['options'][number][] =>
  parent === null ? [] : [...parent.options, ...globalOptions(parent)];
