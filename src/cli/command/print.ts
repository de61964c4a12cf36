import { visible } from '../../core/visible.ts';

/** To stdout: what the command was asked for. What a terminal would obey in it is shown instead. */
export function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

/** To stderr: everything else that people are to read. */
export function printAside(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}
