import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runIn } from '../../src/cli/command/surroundings.ts';
import { runProgram as run } from '../../src/cli/program.ts';
import { type Finished, programEnvironment } from './program.ts';

/**
 * Does in this process what `runProgram` does in one of its own, which takes a third of a second of the processor to
 * start. What is about the process itself (signals, its end, V8, the current folder) needs one.
 */
export async function runHere(
  parameters: readonly string[],
  options: {
    readonly input?: string | Buffer;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Finished> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  // What a command that was left at once goes on to say is not heard.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  let code = 0;
  let isGone = false;
  const others = {
    environment: programEnvironment(options.environment),
    stdin: Readable.from([Buffer.from(options.input ?? '')]),
    stdout,
    stderr,
    leave(left: number, withinMillis?: number) {
      // What comes after the end comes to nothing.
      if (!isGone) code = left;
      isGone ||= withinMillis === 0;
    },
    onStop: () => undefined,
    isOwnProcess: false,
  };
  await runIn(others, () => run(parameters));
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}
