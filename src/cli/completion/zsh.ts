import type { CommandWords, OptionWords } from './command-words.ts';

/** A script for zsh, whose `_arguments` knows options with and without a word. */
export function zshScript(words: readonly CommandWords[]): string {
  const first = words.filter(({ path }) => !path.includes(' '));
  return `#compdef meta-actions
# Completions of meta-actions for zsh, made by: meta-actions completion zsh
_meta_actions() {
  local -a commands
  commands=(
${first.map(({ path, description }) => `    ${quoted(`${path}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments '--help[show the commands]' '--version[print the version]'
    return
  fi
  local command=$words[2]
  case "$command $words[3]" in
${words
  .filter(({ path }) => path.includes(' '))
  .map(({ path }) => `    ${quoted(path)}) command=${quoted(path)}; (( CURRENT-- )); shift words ;;`)
  .join('\n')}
  esac
  (( CURRENT-- )); shift words
  case "$command" in
${words.map(caseOf).join('\n')}
  esac
}
_meta_actions "$@"`;
}

function caseOf({ path, commands, choices, options }: CommandWords): string {
  const known = [...commands, ...choices];
  const rest = known.length > 0 ? `'1: :(${known.join(' ')})'` : "'*: :_files'";
  return `    ${quoted(path)}) _arguments ${[...options.map(optionOf), rest].join(' ')} ;;`;
}

function optionOf({ name, description, takes }: OptionWords): string {
  const text = description.replaceAll(/[[\]:]/g, ' ');
  if (takes === undefined) return quoted(`${name}[${text}]`);
  const what = takes === 'path' ? ':path:_files' : takes === 'anything' ? ':value:' : `:value:(${takes.join(' ')})`;
  return quoted(`${name}[${text}]${what}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
