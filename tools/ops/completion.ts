import { Argument, type Command } from 'commander';
import { completionPlaces, type CompletionPlace } from './completion-words.ts';

const SCRIPTS = { bash, zsh, fish } as const;
type Shell = keyof typeof SCRIPTS;

/** `ops completion …`: what the shell needs to know so that Tab goes on with a verb or an option. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('what makes Tab complete verbs and options of a command `ops`')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      '\nbash: source <(ops completion bash)\nzsh:  source <(ops completion zsh)\nfish: ops completion fish | source',
    )
    .action((shell: Shell) => console.log(SCRIPTS[shell](completionPlaces(program))));
}

/** What was said so far is followed as far as it names verbs; what may come next is one list of words. */
function bash(places: readonly CompletionPlace[]): string {
  const paths = places.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]));
  const cases = places.map(
    ({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map(({ word }) => word).join(' '))} ;;`,
  );
  return `_ops_complete() {
  local path='' word words='' n
  for ((n = 1; n < COMP_CWORD; n++)); do
    word="\${path:+$path }\${COMP_WORDS[n]}"
    case "$word" in
    ${paths.join(' | ')}) path="$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _ops_complete ops`;
}

function zsh(places: readonly CompletionPlace[]): string {
  return `autoload -U +X compinit && compinit -u
autoload -U +X bashcompinit && bashcompinit
${bash(places)}`;
}

function fish(places: readonly CompletionPlace[]): string {
  const paths = places.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]));
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, about }) => {
      const what = word.startsWith('--')
        ? `-l ${word.slice(2)}`
        : word.startsWith('-')
          ? `-s ${word.slice(1)}`
          : `-a ${word}`;
      return `complete -c ops -n "__ops_at ${quoted(path)}" ${what} -d ${quoted(about)}`;
    }),
  );
  return `function __ops_at
    set -l path
    for word in (commandline -opc)[2..-1]
        contains -- (string join ' ' $path $word) ${paths.join(' ')}; and set -a path $word
    end
    test (string join ' ' $path) = "$argv[1]"
end
complete -c ops -f
${lines.join('\n')}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`;
