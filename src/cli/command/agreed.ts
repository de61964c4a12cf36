import { createInterface } from 'node:readline/promises';
import { surroundings } from './surroundings.ts';

/** Whether somebody has agreed: by `--yes`, or at the terminal. Elsewhere nobody is there to be asked. */
export async function agreed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  const { stdin, stderr } = surroundings();
  if (stdin.isTTY !== true || stderr.isTTY !== true) return false;
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    // Ctrl-C and Ctrl-D are a no.
    const answer = await terminal.question(`${question} (yes/no) `).catch(() => 'no');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
