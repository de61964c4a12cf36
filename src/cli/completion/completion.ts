import { Argument, Command } from 'commander';
import { print } from '../command/print.ts';
import { bashScript } from './bash.ts';
import { commandWords } from './command-words.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

const notes = `
  bash   meta-actions completion bash > ~/.local/share/bash-completion/completions/meta-actions
  zsh    meta-actions completion zsh > "\${fpath[1]}/_meta-actions"
  fish   meta-actions completion fish > ~/.config/fish/completions/meta-actions.fish`;

/** @param all The commands of the program, itself included. */
export function completionCommand(all: () => Promise<readonly Command[]>): Command {
  return new Command('completion')
    .description('Prints a script by which a shell completes commands and options.')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText('after', notes)
    .action(async (shell: keyof typeof scripts) => {
      print(scripts[shell]((await all()).flatMap((command) => commandWords(command))));
    });
}
