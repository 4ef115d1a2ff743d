/** `meetbus completion`: the shell completes commands, options and values. Nothing of it asks AWS. */
import { Argument, Command } from 'commander';
import { footer } from '../output';
import { withChoices } from '../usage';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The name under which the shell must know the command. */
const NAME = 'meetbus';

export function completionCommand(): Command {
  return new Command('completion')
    .description('Print the script that lets a shell complete commands, options and values.')
    .addArgument(withChoices(new Argument('<shell>', 'for which shell'), SHELLS))
    .addHelpText('after', footer(HELP))
    .action(printScript);
}

const HELP = `
Bash:
  npx meetbus completion bash > ~/.meetbus-completion.bash
  echo 'source ~/.meetbus-completion.bash' >> ~/.bashrc

Zsh, in ~/.zshrc after compinit:
  npx meetbus completion zsh > ~/.meetbus-completion.zsh
  echo 'source ~/.meetbus-completion.zsh' >> ~/.zshrc

Fish:
  npx meetbus completion fish > ~/.config/fish/completions/meetbus.fish

The shell completes the command meetbus, not npx meetbus. So install Meetbus globally, or define a function of that name.

In ~/.bashrc or ~/.zshrc:
  meetbus() { npx meetbus "$@"; }

In ~/.config/fish/config.fish:
  function meetbus; npx meetbus $argv; end

Each Tab starts Meetbus once. It completes what this version knows, and the providers of the project in the current folder. It
does not ask AWS, so it does not know your stacks and rules.`;

/**
 * Before the script: the function that it takes from the package bash-completion, where that is not installed. The script is left
 * out where it ran before, because it makes constants, and bash complains when ~/.bashrc is sourced again.
 */
const BASH_BEFORE = `if ! type _get_comp_words_by_ref > /dev/null 2>&1; then
    _get_comp_words_by_ref() {
        words=("\${COMP_WORDS[@]:0:COMP_CWORD+1}")
        cword=$COMP_CWORD
        cur=\${COMP_WORDS[COMP_CWORD]#=}
        prev=\${COMP_WORDS[COMP_CWORD-1]}
    }
fi
if ! declare -F __${NAME}_complete > /dev/null; then`;

/** After the script, which leaves out that bash completes files where there is no other completion. */
const BASH_AFTER = `fi
complete -o default -F __${NAME}_complete ${NAME}`;

/**
 * What the script of bash calls. It has bash evaluate this with the words of the line behind it, as they stand there: a `$(…)` or a
 * `> file` in the line would take effect at the Tab. So this passes the words itself, and ends the subshell before they are read.
 */
const BASH_CALL = `${NAME} complete -- \\"\\\${words[@]:1:cword-1}\\" \\"\\$cur\\"
exit
`;

async function printScript(shell: (typeof SHELLS)[number]): Promise<void> {
  const { script } = await import('@bomb.sh/tab');
  if (shell === 'bash') console.log(BASH_BEFORE);
  script(shell, NAME, shell === 'bash' ? BASH_CALL : NAME);
  if (shell === 'bash') console.log(BASH_AFTER);
}

/** What the script calls at each Tab: `meetbus complete -- send re`. The last word is the one to complete, maybe empty. */
export function completeCommand(): Command {
  return new Command('complete').argument('[words...]').action(complete);
}

async function complete(words: readonly string[]): Promise<void> {
  const { answer } = await import('./completion/answer');
  await answer(words);
}
