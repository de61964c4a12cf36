import { createHash } from 'node:crypto';
import type { Failure } from './outcome.ts';

/** The program failed on a record, which is set aside. */
export const bugCode = 'BUG';

/** A place in the program: `src/mapping/compile.ts:12`, below whatever folder it is installed in. */
const place = /(?:src|actions|node_modules)\/[\w./@-]+:\d+/;
const errorNames: ReadonlySet<string> = new Set([
  ...['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError', 'EvalError', 'ConnectorError'],
]);

/**
 * What is said of an exception of ours about one record: its kind, and where it came from. Not its message, which may
 * hold what is in the record. The fingerprint is the same for the same way through the program.
 */
export function bugOf(error: unknown): Failure {
  const kind = error instanceof Error && errorNames.has(error.name) ? error.name : 'an exception';
  const frames = error instanceof Error ? framesOf(error) : [];
  const fingerprint = createHash('sha256')
    .update([kind, ...frames].join('\n'))
    .digest('hex')
    .slice(0, 8);
  return {
    code: bugCode,
    message: `The program failed on this record: ${kind} at ${frames[0] ?? 'an unknown place'} (fingerprint ${fingerprint}).`,
    fix: 'Report it with the fingerprint and the version, and replay the dead letter with a version that has it mended.',
  };
}

/** The places that its stack names, which begins with the message: what looks like a place in there is none. */
function framesOf(error: Error): readonly string[] {
  const lines = behindMessage(error)?.split('\n') ?? [];
  return lines.flatMap((line) => (/^\s+at /.test(line) ? (place.exec(line)?.[0] ?? []) : []));
}

/**
 * The stack of whatever was thrown, for whoever is to mend the program. Without its message where the language or Node
 * makes that: it quotes what it was given, which may be of a record. Those of the system and of ours name files and
 * ports, and stay.
 */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "something was thrown that is no error (what it says may be somebody's data)";
  const { name, message, stack = '' } = thrown;
  if (!quotesValues(thrown)) return stack === '' ? message : stack;
  const frames = behindMessage(thrown);
  return frames === undefined ? name : `${name} (what it says may be somebody's data)${frames}`;
}

const ofLanguage = [TypeError, RangeError, SyntaxError, URIError];

/** Node's own codes begin with ERR_; the system's, such as EADDRINUSE, are of files and ports. */
function quotesValues(error: Error): boolean {
  const code: unknown = Reflect.get(error, 'code');
  if (code === undefined) return ofLanguage.some((kind) => error instanceof kind);
  if (code === 'ERR_UNHANDLED_REJECTION') return true;
  return typeof code === 'string' && code.startsWith('ERR_') && ofLanguage.some((kind) => error instanceof kind);
}

/** What the stack says behind the message; undefined: it doesn't begin with that, so that nobody knows where it ends. */
function behindMessage(error: Error): string | undefined {
  const { name, message, stack = '' } = error;
  const code = `[${String(Reflect.get(error, 'code'))}]`;
  const heads = message === '' ? [name] : [`${name}: ${message}`, `${name} ${code}: ${message}`];
  const head = heads.find((each) => stack.startsWith(each));
  return head === undefined ? undefined : stack.slice(head.length);
}
