import type { Command } from 'commander';

/** What can be typed behind a command, or a command of a command. */
export interface CommandWords {
  /** `audiences list` */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly string[];
  readonly options: readonly OptionWords[];
  /** What its first argument may be, where that is one of a few words. */
  readonly choices: readonly string[];
}

export interface OptionWords {
  readonly name: string;
  readonly description: string;
  /** A word has to follow; `choices`: one of these, `path`: a file or folder. */
  readonly takes?: 'anything' | 'path' | readonly string[];
}

/** A command and those in it. */
export function commandWords(command: Command, before = ''): readonly CommandWords[] {
  const path = `${before} ${command.name()}`.trim();
  const own: CommandWords = {
    path,
    description: command.description(),
    commands: command.commands.map((each) => each.name()),
    options: [
      ...command.options
        .filter(({ hidden }) => !hidden)
        .map((option) => ({
          name: option.long ?? option.flags,
          description: option.description,
          ...((option.required || option.optional) && { takes: taken(option) }),
        })),
      { name: '--help', description: 'display help for command' },
    ],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
  return [own, ...command.commands.flatMap((each) => commandWords(each, path))];
}

const paths = /<(path|file|files|folder)(\.\.\.)?>/;

function taken({ argChoices, flags }: Command['options'][number]): NonNullable<OptionWords['takes']> {
  if (argChoices !== undefined) return argChoices;
  return paths.test(flags) ? 'path' : 'anything';
}
