import type { CommandWords, OptionWords } from './command-words.ts';

/** A script for fish: one line for each word. */
export function fishScript(words: readonly CommandWords[]): string {
  const first = words.filter(({ path }) => !path.includes(' '));
  return [
    '# Completions of meta-actions for fish, made by: meta-actions completion fish',
    ...first.map(
      ({ path, description }) =>
        `complete -c meta-actions -n __fish_use_subcommand -f -a ${path} -d ${quoted(description)}`,
    ),
    'complete -c meta-actions -n __fish_use_subcommand -l version -d "print the version"',
    ...words.flatMap((command) => [...linesOf(command)]),
  ].join('\n');
}

function* linesOf({ path, commands, choices, options }: CommandWords): Generator<string> {
  const seen = path
    .split(' ')
    .map((name) => `__fish_seen_subcommand_from ${name}`)
    .join('; and ');
  const when = `complete -c meta-actions -n ${quoted(seen)}`;
  const known = [...commands, ...choices];
  if (known.length > 0) yield `${when} -f -a ${quoted(known.join(' '))}`;
  for (const option of options) yield `${when} ${optionOf(option)}`;
}

function optionOf({ name, description, takes }: OptionWords): string {
  const what =
    takes === undefined
      ? ''
      : takes === 'path'
        ? ' -r -F'
        : ` -x${typeof takes === 'string' ? '' : ` -a ${quoted(takes.join(' '))}`}`;
  return `-l ${name.slice(2)}${what} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
