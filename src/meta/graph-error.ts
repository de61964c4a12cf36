import { isObject, own } from '../core/json.ts';
import { type AnsweredReply, headerOf } from './graph-reply.ts';
import { recognizedText } from './recognized-text.ts';

/** The members of Meta's error envelope that may be decided on (Meta: Handling errors); never its localized texts. */
export interface GraphError {
  readonly code: number;
  readonly subcode?: number;
  readonly transient: boolean;
  /** It says of what type it is, as Meta's errors do (`OAuthException`, `GraphMethodException`). */
  readonly typed: boolean;
  /** As it came: for matching alone, never for a log. */
  readonly message: string;
  /** The event that the message names, as a place in `data`. */
  readonly index?: number;
  /** The field that Meta blames: `custom_data.currency`. */
  readonly field?: string;
}

/** Meta's error in an answer, or undefined when there is none that can be read. */
export function graphErrorOf(json: unknown): GraphError | undefined {
  const error = own(json, 'error');
  const code = integerOf(own(error, 'code'));
  if (code === undefined) return undefined;
  const subcode = integerOf(own(error, 'error_subcode'));
  const message = textOf(own(error, 'message'));
  const index = indexOf(message);
  const field = blamedField(own(error, 'error_data')) ?? fieldOf(message);
  return {
    code,
    ...(subcode === undefined || subcode === 0 ? {} : { subcode }),
    transient: own(error, 'is_transient') === true,
    typed: /Exception$/.test(textOf(own(error, 'type'))),
    message,
    ...(index === undefined ? {} : { index }),
    ...(field === undefined ? {} : { field }),
  };
}

/** Meta's trace id of the answer, from the error, the body or the header. */
export function traceIdOf(reply: AnsweredReply): string | undefined {
  const candidates = [
    own(own(reply.json, 'error'), 'fbtrace_id'),
    own(reply.json, 'fbtrace_id'),
    headerOf(reply.headers, 'x-fb-request-id'),
  ];
  return candidates.find((id): id is string => typeof id === 'string' && /^[\w-]{1,64}$/.test(id));
}

/** Of every answer of the Graph API; a proxy's own answer has none of them. */
const metaHeaders = ['x-fb-request-id', 'x-fb-trace-id', 'x-fb-rev', 'x-fb-debug', 'facebook-api-version'];

/** The answer came from Meta itself and not from something on the way, as far as can be told. */
export function isFromMeta(reply: AnsweredReply): boolean {
  return traceIdOf(reply) !== undefined || metaHeaders.some((name) => reply.headers[name] !== undefined);
}

/** Meta's own text, when it says more than that something was invalid. Fit for a log. */
export function saidByMeta(error: GraphError): string | undefined {
  const text = recognizedText(error.message);
  return text === '' || /^invalid parameter\.?$/i.test(text) ? undefined : text;
}

// `Unexpected key "name" on param "$['data'][0]['custom_data']['contents'][0]"`
const dataPath = /\$\['data'\]\[(\d{1,6})\]((?:\[(?:'\w{1,64}'|\d{1,6})\])*)/;

function indexOf(message: string): number | undefined {
  const digits = dataPath.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function fieldOf(message: string): string | undefined {
  const names = [...(dataPath.exec(message)?.[2] ?? '').matchAll(/'(\w+)'/g)].map((match) => match[1]);
  return names.length === 0 ? undefined : names.join('.');
}

/** `error_data` is an object or the JSON text of one. */
function blamedField(errorData: unknown): string | undefined {
  const specs = own(typeof errorData === 'string' ? parsed(errorData) : errorData, 'blame_field_specs');
  const first: unknown = Array.isArray(specs) ? specs[0] : undefined;
  const path = (Array.isArray(first) ? first : []).filter(
    (part) => typeof part === 'string' && /^\w{1,64}$/.test(part),
  );
  return path.length === 0 ? undefined : path.slice(0, 5).join('.');
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
