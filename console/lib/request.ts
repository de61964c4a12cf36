/** Asking the server that the page came from. */

/** An answer other than the one that was hoped for; `message` is for the reader. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
  }
}

/** The server is not there just now, or busy: what was asked may be answered after a while. */
export function isPassing(error: unknown): boolean {
  return error instanceof RequestError && (error.status === 0 || error.status === 503);
}

export const passingMillis = 3000;

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function ask(url: string, asking: Asking = {}): Promise<Response> {
  const { method = 'GET', body, headers = {}, signal } = asking;
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
      credentials: 'same-origin',
    });
  } catch (error) {
    if (signal?.aborted === true && !isOutOfPatience(signal)) throw error;
    throw new RequestError(0, 'NO_ANSWER', 'No answer: the process has ended, or its address has changed.');
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** The server ends a connection on which nothing has moved for a minute: later nothing comes any more. */
const patienceMillis = 65_000;

/** Aborts with another, and when a server that has gone without a word would never answer. */
export function patientSignal(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(patienceMillis)]);
}

function isOutOfPatience({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

async function refusal(answer: Response): Promise<RequestError> {
  const body: unknown = await answer.json().catch(() => undefined);
  const { code, message } = errorIn(body);
  return new RequestError(
    answer.status,
    code ?? `HTTP_${answer.status}`,
    message ?? `The answer was ${answer.status}.`,
  );
}

function errorIn(body: unknown): { readonly code?: string | undefined; readonly message?: string | undefined } {
  if (typeof body !== 'object' || body === null) return {};
  const { error, code, message } = body as Readonly<Record<string, unknown>>;
  if (typeof error === 'object' && error !== null) return errorIn(error);
  return { code: textOf(code), message: textOf(message) ?? textOf(error) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
