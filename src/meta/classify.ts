import { isObject, own } from '../core/json.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { retryAfterMillis } from '../core/retry-after.ts';
import type { PlainRow, Verdict } from './error-row.ts';
import {
  graphErrorRow,
  httpErrors,
  networkErrors,
  refusedByAnother,
  unknownError,
  unreadableErrors,
  unreadableForGood,
  unrecognized,
  within,
} from './error-table.ts';
import { type GraphError, graphErrorOf, isFromMeta, saidByMeta, traceIdOf } from './graph-error.ts';
import { type AnsweredReply, type FailedReply, type GraphReply, headerOf } from './graph-reply.ts';
import { type Caller, usageOf } from './usage.ts';

/**
 * How a request ended, decided on Meta's code, then its subcode, then `is_transient`, then the HTTP status. Never on
 * `error_user_title` or `error_user_msg`: they are localized (Meta: Handling errors). A readable answer without an
 * error and with status 2xx is `delivered` here; whether the numbers in it are right is for the sink to see.
 * A `throttled` outcome's scope is a `ThrottleScope`.
 */
export function classify(reply: GraphReply, caller: Caller): Outcome {
  if (reply.kind === 'failed') return classifyFailure(reply);
  const error = graphErrorOf(reply.json);
  if (error !== undefined) return classifyError(reply, error, caller);
  if (succeeded(reply)) return { kind: 'delivered' };
  return classifyStatus(reply, caller);
}

function succeeded(reply: AnsweredReply): boolean {
  return reply.status >= 200 && reply.status < 300 && isObject(reply.json) && own(reply.json, 'error') === undefined;
}

function classifyFailure(reply: FailedReply): Outcome {
  const row = networkErrors[reply.reason];
  const failure: Failure = {
    code: `NETWORK_${reply.reason.toUpperCase()}`,
    message: reply.cause === undefined ? row.meaning : `${row.meaning} (${reply.cause})`,
    fix: row.fix,
  };
  return outcomeOf(row.outcome, failure, { ambiguous: reply.sent });
}

/**
 * The outcome of an answer that looks like success and lacks the numbers that Meta gives: undefined when it is Meta's
 * all the same.
 */
export function answeredByAnother(reply: AnsweredReply): Outcome | undefined {
  return isFromMeta(reply) ? undefined : classifyStatus(reply, undefined);
}

function classifyStatus(reply: AnsweredReply, caller: Caller | undefined): Outcome {
  const row = statusRow(reply) ?? refusedByAnother;
  const target = redirectTarget(reply);
  const failure: Failure = {
    code: `HTTP_${reply.status}`,
    message: `${row.meaning} (HTTP ${reply.status}${target === undefined ? '' : ` to ${target}`})`,
    fix: row.fix,
    meta: metaOf(reply),
  };
  return outcomeOf(row.outcome, failure, { waitMillis: waitMillis(reply, caller) });
}

function classifyError(reply: AnsweredReply, error: GraphError, caller: Caller): Outcome {
  const described = graphErrorRow(error.code, error.subcode, error.message);
  // Gateways write `{"error":{"code":404}}`, too.
  if (described === undefined && !error.typed && !error.transient && !isFromMeta(reply))
    return classifyStatus(reply, caller);
  const row = described ?? undescribed(reply, error);
  const said = saidByMeta(error);
  const field = error.field ?? described?.field;
  const failure: Failure = {
    code: error.subcode === undefined ? `META_${error.code}` : `META_${error.code}_${error.subcode}`,
    message: said === undefined ? row.meaning : `${row.meaning} Meta says: ${said}`,
    ...(field === undefined ? {} : { field }),
    fix: row.fix,
    meta: metaOf(reply, error),
  };
  return outcomeOf(row.outcome, failure, {
    ambiguous: reply.status === 502 || reply.status === 504,
    known: row !== unknownError,
    ...(error.index === undefined ? {} : { index: error.index }),
    waitMillis: waitMillis(reply, caller),
  });
}

/** Only these statuses say more than an unknown code does. */
const tellingStatuses: readonly (number | readonly [number, number])[] = [408, [413, 414], 425, 429, [500, 599]];

function undescribed(reply: AnsweredReply, error: GraphError): PlainRow {
  if (error.transient) return { ...unknownError, outcome: { kind: 'retryable' } };
  if (error.code === 100 && error.subcode === undefined) return unrecognized;
  const telling = tellingStatuses.some((range) => within(range, reply.status));
  return (telling ? httpRow(reply.status) : undefined) ?? unknownError;
}

/** Of an answer without a readable error: who gave it decides, then its status. */
function statusRow(reply: AnsweredReply): PlainRow | undefined {
  const { status, unreadable } = reply;
  if (unreadable !== undefined && within([200, 299], status)) return unreadableForGood;
  const telling = tellingStatuses.some((range) => within(range, status));
  const ofMeta = isFromMeta(reply) && !telling ? unreadableErrors.find((row) => within(row.status, status)) : undefined;
  return ofMeta ?? httpRow(status);
}

/** Where a redirect leads to: the host alone, since the rest may hold anything. */
function redirectTarget({ status, headers }: AnsweredReply): string | undefined {
  if (!within([300, 399], status)) return undefined;
  const host = URL.parse(headerOf(headers, 'location') ?? '')?.hostname;
  return host !== undefined && /^[a-z0-9.-]{1,100}$/.test(host) ? host : undefined;
}

function httpRow(status: number): PlainRow | undefined {
  return httpErrors.find((row) => within(row.status, status));
}

interface Details {
  readonly ambiguous?: boolean;
  readonly known?: boolean;
  readonly index?: number;
  readonly waitMillis?: number | undefined;
}

function outcomeOf(verdict: Verdict, failure: Failure, details: Details): Outcome {
  switch (verdict.kind) {
    case 'retryable': {
      const ambiguous = verdict.ambiguous === true || details.ambiguous === true;
      const lasting = verdict.mayLast === true ? ({ mayLast: true } as const) : {};
      return { kind: 'retryable', failure, ambiguous, halve: verdict.halve === true, ...lasting };
    }
    case 'throttled': {
      const wait = details.waitMillis ?? verdict.waitMillis;
      return { kind: 'throttled', failure, scope: verdict.scope, ...(wait === undefined ? {} : { waitMillis: wait }) };
    }
    case 'rejected': {
      const index = details.index === undefined ? {} : { index: details.index };
      return { kind: 'rejected', failure, whole: true, known: details.known !== false, ...index };
    }
    case 'blocked':
      return verdict.ambiguous === true ? { kind: 'blocked', failure, ambiguous: true } : { kind: 'blocked', failure };
  }
}

/** The time that Meta, or a proxy, names for the next request. */
function waitMillis({ headers }: AnsweredReply, caller: Caller | undefined): number | undefined {
  const usage = caller === undefined ? undefined : usageOf(headers, caller);
  return usage?.regainMillis ?? retryAfterMillis(headerOf(headers, 'retry-after'), headerOf(headers, 'date'));
}

function metaOf(reply: AnsweredReply, error?: GraphError): NonNullable<Failure['meta']> {
  const fbtraceId = traceIdOf(reply);
  return {
    status: reply.status,
    ...(error === undefined ? {} : { code: error.code }),
    ...(error?.subcode === undefined ? {} : { subcode: error.subcode }),
    ...(fbtraceId === undefined ? {} : { fbtraceId }),
  };
}
