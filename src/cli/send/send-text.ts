import type { Failure } from '../../core/outcome.ts';
import type { ShownAnswer } from '../../connector/test-event.ts';

/** One request as it is shown: identifiers are kept back where they are to be. */
export interface ShownRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly answer?: ShownAnswer;
  readonly error?: ShownError;
}

export type ShownError = Pick<Failure, 'code' | 'message' | 'fix'>;

/** What was sent for one subscription. One member of the JSON. */
export interface SentFor {
  readonly destination: string;
  readonly subscription: string;
  readonly action: string;
  readonly status: 'accepted' | 'refused' | 'not_sent';
  readonly requests: readonly ShownRequest[];
  /** Why nothing was sent, or it was not accepted. */
  readonly error?: ShownError;
  /** Why the subscription wants nothing of the event. */
  readonly reason?: string;
  /** Where to look at Meta. */
  readonly where?: string;
}

const marks = { accepted: '✓', refused: '✗', not_sent: '-' } as const;

export function renderSent({
  destination,
  subscription,
  action,
  status,
  requests,
  error,
  reason,
  where,
}: SentFor): string {
  return [
    `${marks[status]} ${subscription} (${action} → ${destination}): ${status.replace('_', ' ')}${reason === undefined ? '' : ` (${reason})`}`,
    ...(error === undefined ? [] : errorLines(error, '  ')),
    ...requests.flatMap((request) => [...requestLines(request)]),
    ...(where === undefined ? [] : [`  look at  ${where}`]),
  ].join('\n');
}

function* requestLines({ method, path, body, answer, error }: ShownRequest): Generator<string> {
  yield `  request  ${method} ${path}`;
  yield `           ${JSON.stringify(body)}`;
  if (answer !== undefined) {
    yield `  answer   HTTP ${answer.status}${answer.body === undefined ? '' : ` ${JSON.stringify(answer.body)}`}`;
    if (answer.traceId !== undefined) yield `  trace id ${answer.traceId}`;
  }
  if (error !== undefined) yield* errorLines(error, '  ');
}

function errorLines({ code, message, fix }: ShownError, indent: string): readonly string[] {
  return [`${indent}error    ${message} [${code}]`, ...(fix === undefined ? [] : [`${indent}fix      ${fix}`])];
}
