import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../../config/environment.ts';

/** What a command has of the process that it runs in. */
export interface Surroundings {
  readonly environment: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly rows?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /**
   * The command has said all it has to say, and this is its exit code.
   *
   * @param withinMillis How long what it has left open may go on; undefined: as long as it likes.
   */
  leave(code: number, withinMillis?: number): void;
  /** `asked` hears of each SIGTERM and SIGINT. */
  onStop(asked: (signal: NodeJS.Signals) => void): void;
  /** Nobody else is in it: V8 may be set to what the command needs. */
  readonly isOwnProcess: boolean;
}

/** Those of this process, for the program as users start it. */
const ofThisProcess: Surroundings = {
  environment: process.env,
  // Each opens the stream when it is first asked for.
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  leave(code, withinMillis) {
    process.exitCode = code;
    if (withinMillis === 0) process.exit();
    if (withinMillis !== undefined) setTimeout(() => process.exit(), withinMillis).unref();
  },
  onStop(asked) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => asked(signal));
  },
  isOwnProcess: true,
};

const given = new AsyncLocalStorage<Surroundings>();

/**
 * Those of the command that asks. They are not handed from function to function, because nearly every one of a command
 * prints, or calls one that does.
 */
export function surroundings(): Surroundings {
  return given.getStore() ?? ofThisProcess;
}

/** Runs a command, and all that it calls, in other surroundings than this process: several may run beside each other. */
export function runIn<T>(others: Surroundings, command: () => T): T {
  return given.run(others, command);
}
