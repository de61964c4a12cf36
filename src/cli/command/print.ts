import { visible } from '../../core/visible.ts';
import { painted } from './painted.ts';
import { surroundings } from './surroundings.ts';

/** To stdout: what the command was asked for. What a terminal would obey in it is shown instead. */
export function print(text: string): void {
  write(text, surroundings().stdout);
}

/** To stderr: everything else that people are to read. */
export function printAside(text: string): void {
  write(text, surroundings().stderr);
}

function write(text: string, stream: NodeJS.WritableStream): void {
  stream.write(`${painted(visible(text), stream)}\n`);
}
