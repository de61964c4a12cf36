import { createInterface } from 'node:readline/promises';

/** Whether somebody has agreed: by `--yes`, or at the terminal. Elsewhere nobody is there to be asked. */
export async function agreed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C and Ctrl-D are a no.
    const answer = await terminal.question(`${question} (yes/no) `).catch(() => 'no');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
