import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { bashScript } from '../../src/cli/completion/bash.ts';
import { commandWords } from '../../src/cli/completion/command-words.ts';
import { fishScript } from '../../src/cli/completion/fish.ts';
import { zshScript } from '../../src/cli/completion/zsh.ts';
import { allCommands } from '../../src/cli/commands.ts';
import { runHere } from '../support/program-here.ts';

type Words = ReturnType<typeof commandWords>;
let words: Words;
beforeAll(async () => {
  words = (await allCommands()).flatMap((command) => commandWords(command));
});

/** What bash offers when Tab is pressed behind these words; the last one is begun. */
function offered(...line: readonly string[]): readonly string[] {
  const script = `${bashScript(words)}
COMP_WORDS=(meta-actions "$@"); COMP_CWORD=$#
_meta_actions
[ "\${#COMPREPLY[@]}" -eq 0 ] || printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['-c', script, 'bash', ...line], { encoding: 'utf8' });
  return printed.split('\n').filter((word) => word !== '');
}

describe('completions in bash', () => {
  it('are the commands, then what belongs to each', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['run', 'explain', 'audiences', 'init', 'completion']));
    expect(offered('ex')).toEqual(['explain']);
    expect(offered('explain', '--s')).toEqual(
      expect.arrayContaining(['--subscription', '--source', '--summary', '--show-identifiers']),
    );
    expect(offered('explain', '--s')).not.toContain('--once');
    expect(offered('audiences', 'li')).toEqual(['list']);
    expect(offered('audiences', 'replace', '--fi')).toEqual(['--file']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('are the words that an option takes, or files', () => {
    expect(offered('test', '--format', '')).toEqual(['text', 'tap', 'junit']);
    expect(offered('run', '--mappings', 'mappings/web-store.j')).toEqual(['mappings/web-store.json']);
    expect(offered('explain', 'README')).toEqual(['README.md']);
    expect(offered('run', '--destination', 'x')).toEqual([]);
  });
});

describe('completion', () => {
  it('prints a script that bash can read', async () => {
    const { code, stdout } = await runHere(['completion', 'bash']);
    expect(code).toBe(0);
    expect(stdout.trim()).toBe(bashScript(words).trim());
  });

  it('of zsh and fish names every command and option', () => {
    for (const script of [zshScript(words), fishScript(words)]) {
      for (const { path, options } of words) {
        expect(script).toContain(path.split(' ').at(-1));
        for (const { name } of options) expect(script).toContain(name.slice(2));
      }
    }
  });
});
