import type { Version } from './options.ts';

/** An error of the Graph API before it is written as an envelope. */
export interface GraphError {
  /** HTTP status: a weak signal at Meta, so several codes share 400. */
  readonly status: number;
  readonly type: 'OAuthException' | 'GraphMethodException';
  readonly code: number;
  readonly subcode?: number;
  readonly message: string;
  readonly isTransient?: boolean;
  /** The error is about what was sent: the envelope then has a title and a message for people. */
  readonly validation?: boolean;
  /** Replaces the message for people: the part that holds a path. */
  readonly detail?: string;
  /** Keys from the event to the place at fault, for `blame_field_specs`. */
  readonly blame?: readonly string[];
}

function oauth(status: number, code: number, message: string, subcode?: number): GraphError {
  return { status, type: 'OAuthException', code, message, ...(subcode === undefined ? {} : { subcode }) };
}

/** A rule about the content of an event (subcodes 2804xxx): the whole request is refused. */
export function validationError(subcode: number, blame?: readonly string[]): GraphError {
  const error: GraphError = { ...oauth(400, 100, 'Invalid parameter', subcode), validation: true };
  return blame === undefined ? error : { ...error, blame };
}

/** 2804019, the only error that names the place inside the request. */
export function parameterError(detail: string): GraphError {
  return { ...validationError(2804019), detail };
}

/** A request as a whole that can't be understood: code 100 without a subcode. */
export function requestError(text: string): GraphError {
  return oauth(400, 100, `(#100) ${text}`);
}

/** Meta: Custom audience users, error codes. */
export function missingParameter(name: string): GraphError {
  return oauth(400, 194, `(#194) Requires all of the params: ${name}`);
}

/** Any error of the Graph API, for faults. */
export function graphError(status: number, code: number, subcode: number | undefined, message: string): GraphError {
  const error = oauth(status, code, message, subcode);
  return subcode === undefined ? error : { ...error, validation: true };
}

export function missingToken(): GraphError {
  return oauth(400, 104, 'An access token is required to request this resource.');
}

export function unreadableToken(): GraphError {
  return oauth(401, 190, 'Invalid OAuth access token - Cannot parse access token');
}

export function expiredToken(nowMillis: number): GraphError {
  const expired = new Date(nowMillis - 3_600_000).toUTCString();
  const current = new Date(nowMillis).toUTCString();
  const message = `Error validating access token: Session has expired on ${expired}. The current time is ${current}.`;
  return oauth(400, 190, message, 463);
}

export function missingProof(): GraphError {
  return { ...oauth(400, 100, 'API calls from the server require an appsecret_proof argument'), ...graphMethod };
}

export function wrongProof(): GraphError {
  return { ...oauth(400, 100, 'Invalid appsecret_proof provided in the API argument'), ...graphMethod };
}

const graphMethod = { type: 'GraphMethodException' } as const;

/** 100/33: what Meta answers for an object that this token can't reach, existing or not. */
export function unsupportedRequest(method: string, objectId: string): GraphError {
  const message =
    `Unsupported ${method.toLowerCase()} request. Object with ID '${objectId}' does not exist, cannot be loaded due to ` +
    'missing permissions, or does not support this operation. Please read the Graph API documentation at ' +
    'https://developers.facebook.com/docs/graph-api';
  return { ...oauth(400, 100, message, 33), ...graphMethod };
}

export function missingPermission(): GraphError {
  return requestError('Missing Permission');
}

export function permissionsError(): GraphError {
  return oauth(403, 200, '(#200) Permissions error');
}

export function termsNotAccepted(): GraphError {
  return oauth(403, 200, '(#200) The Meta Business Tools terms have not been accepted.', 1870092);
}

export function deprecatedVersion(newest: Version): GraphError {
  const latest = `v${newest.major}.${newest.minor}`;
  const message = `(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: ${latest}.`;
  return oauth(400, 2635, message);
}

export function unknownPath(path: string): GraphError {
  return oauth(400, 2500, `Unknown path components: ${path}`);
}

export function temporaryError(): GraphError {
  const message = 'An unexpected error has occurred. Please retry your request later.';
  return { ...oauth(500, 2, message), isTransient: true };
}

const tooManyCalls =
  'There have been too many calls to this ad-account. Wait a bit and try again. For more info, please refer to ' +
  'https://developers.facebook.com/docs/graph-api/overview/rate-limiting';

/** 80003 is for custom audiences, 80004 for everything else of ad accounts. */
const throttleMessages: ReadonlyMap<number, string> = new Map([
  [4, 'Application request limit reached'],
  [17, 'User request limit reached'],
  [80003, `${tooManyCalls}#custom-audience.`],
  [80004, `${tooManyCalls}.`],
  [613, 'Calls to this api have exceeded the rate limit.'],
]);

export const throttleCodes: readonly number[] = [...throttleMessages.keys()];

/** Throttles arrive as 403 for the app's limit and as 400 for every other one. */
export function throttled(code: number, subcode: number | undefined): GraphError {
  const message = `(#${code}) ${throttleMessages.get(code) ?? 'Too many calls.'}`;
  const error = oauth(code === 4 ? 403 : 400, code, message, subcode);
  return code === 4 ? { ...error, isTransient: true } : error;
}
