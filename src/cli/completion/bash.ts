import type { CommandWords } from './command-words.ts';

/** A script for bash: words by the command on the line, files wherever no word is known. */
export function bashScript(words: readonly CommandWords[]): string {
  const first = words.filter(({ path }) => !path.includes(' ')).map(({ path }) => path);
  return `# Completions of meta-actions for bash, made by: meta-actions completion bash
_meta_actions() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${[...first, 'help', '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  case "$command \${COMP_WORDS[2]}" in
${words
  .filter(({ path }) => path.includes(' '))
  .map(({ path }) => `    ${quoted(path)}) command=${quoted(path)} ;;`)
  .join('\n')}
  esac
  case "$command $before" in
${words.flatMap((command) => [...valueCases(command)]).join('\n')}
  esac
  case "$command" in
${words.map(({ path, commands, choices, options }) => `    ${quoted(path)}) set -- '${[...commands, ...choices].join(' ')}' '${options.map(({ name }) => name).join(' ')}' ;;`).join('\n')}
    help) set -- '${first.join(' ')}' '' ;;
    *) set -- '' '' ;;
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$2" -- "$word")) ;;
    *) if [ -n "$1" ]; then COMPREPLY=($(compgen -W "$1" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
  esac
}
complete -o filenames -F _meta_actions meta-actions`;
}

/** What follows an option that wants a word. */
function* valueCases({ path, options }: CommandWords): Generator<string> {
  for (const { name, takes } of options) {
    if (takes === undefined) continue;
    const found =
      typeof takes === 'string'
        ? takes === 'path'
          ? '$(compgen -f -- "$word")'
          : ''
        : `$(compgen -W '${takes.join(' ')}' -- "$word")`;
    yield `    ${quoted(`${path} ${name}`)}) COMPREPLY=(${found}); return ;;`;
  }
}

function quoted(text: string): string {
  return `'${text}'`;
}
