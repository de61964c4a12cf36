/** Why no answer came. */
export type NetworkReason = 'dns' | 'tls' | 'connect' | 'reset' | 'timeout' | 'aborted' | 'withheld';

/** An HTTP answer, from the Graph API or from something in between. */
export interface AnsweredReply {
  readonly kind: 'answered';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReplyHeaders;
  /** The parsed body; absent when it isn't JSON, is cut off, empty or too long to keep. */
  readonly json?: unknown;
  /** The body can't be read, and that of the same answer never could: its encoding is unknown, or it is too long. */
  readonly unreadable?: 'encoding' | 'length';
}

/** No answer. `sent`: the request may have reached Meta, so Meta may have acted on it. */
export interface FailedReply {
  readonly kind: 'failed';
  readonly reason: NetworkReason;
  readonly sent: boolean;
  /** The system's own code (`ECONNREFUSED`), when there was one. */
  readonly cause?: string;
}

export type ReplyHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type GraphReply = AnsweredReply | FailedReply;

/** One header as text; of a repeated header the first. */
export function headerOf(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
