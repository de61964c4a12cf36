import { ConnectorError } from '../../core/errors.ts';
import { type Locale, locales } from '../graph/error-texts.ts';
import {
  expiredToken,
  type GraphError,
  graphError,
  permissionsError,
  temporaryError,
  termsNotAccepted,
  throttleCodes,
  throttled,
  unreadableToken,
  unsupportedRequest,
  validationError,
} from '../graph/graph-errors.ts';
import type { JsonMembers } from '../graph/json-members.ts';
import type { Packing } from '../graph/graph-answer.ts';
import type { UsageLevel } from '../graph/usage-headers.ts';

/**
 * What a fault does to a request. `delay`, `locale` and `error_data` change how it is answered and go together with
 * everything; of the others only one decides a request.
 */
export type FaultEffect =
  | { readonly kind: 'delay'; readonly millis: number }
  | { readonly kind: 'locale'; readonly locale: Locale }
  | { readonly kind: 'error_data' }
  | DecidingEffect;

/** `error` and `raw` answer before the request is looked at; `refuse` only what would have been accepted. */
export type DecidingEffect =
  | { readonly kind: 'error'; readonly error: MakeError; readonly usage?: UsageLevel }
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly location?: string;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'apply_late'; readonly millis: number }
  | { readonly kind: 'reset'; readonly applied: boolean }
  | { readonly kind: 'refuse'; readonly eventIds: ReadonlySet<string>; readonly error: GraphError }
  | { readonly kind: 'short'; readonly value: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'packed'; readonly encoding: Packing };

/** An error may name the time or the object. */
type MakeError = (at: { readonly nowMillis: number; readonly objectId: string }) => GraphError;

type ReadEffect = (members: JsonMembers) => FaultEffect;

const html502 =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>';

const kinds: Readonly<Record<string, ReadEffect>> = {
  latency: (members) => ({ kind: 'delay', millis: readMillis(members) }),
  hang: () => ({ kind: 'hang' }),
  hang_then_apply: (members) => ({ kind: 'apply_late', millis: readMillis(members) }),
  reset_before: () => ({ kind: 'reset', applied: false }),
  reset_after: () => ({ kind: 'reset', applied: true }),
  status: readStatus,
  redirect: readRedirect,
  packed: readPacked,
  html_502: () => ({ kind: 'raw', status: 502, contentType: 'text/html', body: html502 }),
  error_500: () => always(temporaryError()),
  throttle: readThrottle,
  token_expired: () => ({ kind: 'error', error: ({ nowMillis }) => expiredToken(nowMillis) }),
  token_invalid: () => always(unreadableToken()),
  permission: () => always(permissionsError()),
  terms_withdrawn: () => always(termsNotAccepted()),
  missing_dataset: () => ({ kind: 'error', error: ({ objectId }) => unsupportedRequest('POST', objectId) }),
  events_received: (members) => ({ kind: 'short', value: members.requiredNumber('value', 0) }),
  refuse_event: readRefusal,
  graph_error: readGraphError,
  localized: readLocale,
  error_data_string: () => ({ kind: 'error_data' }),
  invalid_json: () => ({ kind: 'cut' }),
  empty_body: () => ({ kind: 'empty' }),
};

const faultKinds: readonly string[] = Object.keys(kinds);

/** The effect of a kind with its own members. Throws `SANDBOX_REQUEST` for an unknown kind or a wrong member. */
export function readEffect(kind: string | undefined, members: JsonMembers): FaultEffect {
  const read = kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (read !== undefined) return read(members);
  throw new ConnectorError('SANDBOX_REQUEST', `fault: kind must be one of ${faultKinds.join(', ')}`);
}

/** Bounded by what a timer can wait for. */
function readMillis(members: JsonMembers): number {
  const millis = members.requiredNumber('millis', 0);
  if (millis <= 3_600_000) return millis;
  throw new ConnectorError('SANDBOX_REQUEST', 'fault: millis must be at most 3600000 (an hour)');
}

function always(error: GraphError): FaultEffect {
  return { kind: 'error', error: () => error };
}

function readStatus(members: JsonMembers): FaultEffect {
  const status = members.requiredNumber('status', 200);
  if (!Number.isInteger(status) || status > 599) {
    throw new ConnectorError('SANDBOX_REQUEST', 'fault: status must be an integer from 200 to 599');
  }
  const body = members.any('body') ?? '';
  if (typeof body === 'string') return { kind: 'raw', status, contentType: 'text/html', body };
  return { kind: 'raw', status, contentType: 'application/json; charset=UTF-8', body: JSON.stringify(body) };
}

/** As a proxy does that asks people to log in. */
function readRedirect(members: JsonMembers): FaultEffect {
  const status = members.number('status', 300) ?? 302;
  if (!Number.isInteger(status) || status > 399) {
    throw new ConnectorError('SANDBOX_REQUEST', 'fault: status must be an integer from 300 to 399');
  }
  const location = members.text('location') ?? 'https://log-in.example/';
  if (!URL.canParse(location)) throw new ConnectorError('SANDBOX_REQUEST', 'fault: location must be a URL');
  return { kind: 'raw', status, contentType: 'text/html', body: '<html>Log in</html>', location };
}

function readPacked(members: JsonMembers): FaultEffect {
  return { kind: 'packed', encoding: members.oneOf('encoding', ['gzip', 'deflate', 'br']) ?? 'gzip' };
}

const accountThrottles: ReadonlySet<number> = new Set([17, 80003, 80004]);

function readThrottle(members: JsonMembers): FaultEffect {
  const code = members.number('code', 1) ?? 80004;
  if (!throttleCodes.includes(code)) {
    throw new ConnectorError('SANDBOX_REQUEST', `fault: code must be one of ${throttleCodes.join(', ')}`);
  }
  const subcode = members.number('subcode', 1) ?? (accountThrottles.has(code) ? 2446079 : undefined);
  const error = throttled(code, subcode);
  const regainMinutes = members.number('regainMinutes', 0) ?? 0;
  return { kind: 'error', error: () => error, usage: { percent: 100, regainMinutes } };
}

/** The answer names no place, so that the sender has to search for the guilty event. */
function readRefusal(members: JsonMembers): FaultEffect {
  const eventIds = new Set([...(members.texts('event_id') ?? []), ...(members.texts('event_ids') ?? [])]);
  if (eventIds.size === 0) {
    throw new ConnectorError('SANDBOX_REQUEST', 'fault: refuse_event needs event_id or event_ids');
  }
  const code = members.number('code', 1) ?? 100;
  const subcode = members.number('subcode', 1) ?? (code === 100 ? 2804050 : undefined);
  const { subcode: _, ...plain } = validationError(2804050, ['user_data']);
  return { kind: 'refuse', eventIds, error: { ...plain, code, ...(subcode === undefined ? {} : { subcode }) } };
}

function readGraphError(members: JsonMembers): FaultEffect {
  const code = members.requiredNumber('code', 0);
  const subcode = members.number('subcode', 0);
  const status = members.number('status', 400) ?? 400;
  if (!Number.isInteger(status) || status > 599) {
    throw new ConnectorError('SANDBOX_REQUEST', 'fault: status must be an integer from 400 to 599');
  }
  return always(graphError(status, code, subcode, members.text('message') ?? 'Scripted error'));
}

function readLocale(members: JsonMembers): FaultEffect {
  const locale = locales.find((known) => known === (members.text('locale') ?? 'fr'));
  if (locale !== undefined) return { kind: 'locale', locale };
  throw new ConnectorError('SANDBOX_REQUEST', `fault: locale must be one of ${locales.join(', ')}`);
}
