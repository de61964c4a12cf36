/**
 * The one error class of the product. A thrown error is a wrong configuration or a bug; expected failures of a
 * delivery are returned as an `Outcome`. The message is for the person who must act: it names the place and the fix,
 * and never holds an identifier, a token or a payload.
 */
export class ConnectorError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConnectorError';
    this.code = code;
    this.details = details;
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A sink rejects with this if its signal aborts before everything is final: nothing of the call is settled then. */
export function abortedError(): ConnectorError {
  return new ConnectorError(
    'ABORTED',
    'The deliveries were given up before they were final; nothing of them is settled.',
  );
}
