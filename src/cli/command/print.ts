import { visible } from '../../core/visible.ts';
import { painted } from './painted.ts';

/** To stdout: what the command was asked for. What a terminal would obey in it is shown instead. */
export function print(text: string): void {
  process.stdout.write(`${painted(visible(text), process.stdout)}\n`);
}

/** To stderr: everything else that people are to read. */
export function printAside(text: string): void {
  process.stderr.write(`${painted(visible(text), process.stderr)}\n`);
}
