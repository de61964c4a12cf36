import {
  block,
  type ErrorRow,
  type NumberOrRange,
  noAction,
  type PlainRow,
  reject,
  retry,
  throttleApp,
} from './error-row.ts';
import { accessErrors } from './errors-access.ts';
import { audienceErrors } from './errors-audiences.ts';
import { conversionErrors } from './errors-conversions.ts';
import { generalErrors } from './errors-general.ts';
import type { NetworkReason } from './graph-reply.ts';

/** Every error of Meta's that has a meaning here. `docs/reference/errors.md` is the same table for people. */
export const graphErrors: readonly ErrorRow[] = [
  ...accessErrors,
  ...generalErrors,
  ...conversionErrors,
  ...audienceErrors,
];

/** Code 100 without a subcode and with an unknown text: it may be the destination's fault, so no record pays for it. */
export const unrecognized: PlainRow = {
  outcome: block,
  name: 'Parameter refused',
  meaning: 'Meta refused a parameter of the request without saying whose fault it is.',
  fix: 'Check the ids in the destination file; look at what is sent with `meta-actions explain`.',
};

/** A code that no row describes. Told from the record's fault by sending each record alone. */
export const unknownError: PlainRow = {
  outcome: reject,
  name: 'Unknown code',
  meaning: 'Meta refused the request with a code that this version does not know.',
  fix: "Look the code up in Meta's error reference.",
};

const gateway = 'Meta, or something on the way to it,';
const checkUrl = 'Check META_GRAPH_URL and the proxy in front of Meta.';

/** An answer that is not Meta's and says nothing that is known. No record is at fault for it. */
export const refusedByAnother: PlainRow = {
  outcome: block,
  name: 'Refused by another',
  meaning: 'Something on the way to Meta refused the request: the answer is not from Meta.',
  fix: checkUrl,
};

/** Answers without a readable error of Meta's, by HTTP status or range of it; the first that fits. */
export const httpErrors: readonly (PlainRow & { readonly status: NumberOrRange })[] = [
  {
    status: [200, 299],
    outcome: { kind: 'blocked', ambiguous: true },
    name: "Not Meta's answer",
    meaning: 'The answer says success, but it is not from Meta: a log-in page of a proxy, perhaps.',
    fix: checkUrl,
  },
  {
    status: [300, 399],
    outcome: block,
    name: 'Redirected',
    meaning: `${gateway} redirects the request.`,
    fix: checkUrl,
  },
  {
    status: 401,
    outcome: block,
    name: 'Not authorized',
    meaning: `${gateway} wants other credentials.`,
    fix: checkUrl,
  },
  { status: 403, outcome: block, name: 'Forbidden', meaning: `${gateway} forbids the request.`, fix: checkUrl },
  {
    status: [404, 405],
    outcome: block,
    name: 'Not found',
    meaning: `${gateway} does not know the address.`,
    fix: checkUrl,
  },
  { status: 407, outcome: block, name: 'Proxy not authorized', meaning: 'The proxy wants credentials.', fix: checkUrl },
  {
    status: 408,
    outcome: { kind: 'retryable', ambiguous: true },
    name: 'Time-out',
    meaning: `${gateway} waited too long.`,
    fix: noAction,
  },
  {
    status: [413, 414],
    outcome: reject,
    name: 'Too large',
    meaning: 'The request is too large; a request of several records is sent again in halves.',
    fix: 'Lower `batch.max_bytes`. A single record that is too large can not be sent.',
  },
  { status: 425, outcome: retry, name: 'Too early', meaning: `${gateway} wants the request later.`, fix: noAction },
  {
    status: 429,
    outcome: throttleApp,
    name: 'Too many requests',
    meaning: `${gateway} limits the requests.`,
    fix: noAction,
  },
  { status: [400, 499], ...refusedByAnother },
  {
    status: [500, 599],
    outcome: { kind: 'retryable', ambiguous: true },
    name: 'Server error',
    meaning: `${gateway} failed.`,
    fix: noAction,
  },
];

/** The same for answers with the headers of Meta, which come before those above. */
export const unreadableErrors: readonly (PlainRow & { readonly status: NumberOrRange })[] = [
  {
    status: [200, 299],
    outcome: { kind: 'retryable', ambiguous: true },
    name: 'Answer unreadable',
    meaning: 'The answer says success, but its body is empty, cut off or no JSON.',
    fix: `The connector sends it again. If it lasts: ${checkUrl}`,
  },
  {
    status: 400,
    outcome: retry,
    name: 'Refusal unreadable',
    meaning: 'Meta refused the request, and why can not be read: the body is empty, cut off or no JSON.',
    fix: `The connector sends it again. If it lasts: ${checkUrl}`,
  },
];

/** An answer whose body would be as unreadable the next time. Sent again and again, Meta would take it every time. */
export const unreadableForGood: PlainRow = {
  outcome: { kind: 'blocked', ambiguous: true },
  name: 'Answer unreadable',
  meaning: 'The answer is too long, or compressed in a way that the connector does not know and has not asked for.',
  fix: checkUrl,
};

/** No answer at all. Whether Meta may have the request is known apart from the reason. */
export const networkErrors: Readonly<Record<NetworkReason, PlainRow>> = {
  dns: {
    outcome: retry,
    name: 'Host not found',
    meaning: "The host's name can not be resolved.",
    fix: 'Check DNS and META_GRAPH_URL.',
  },
  tls: {
    outcome: block,
    name: 'Certificate refused',
    meaning: 'The certificate of the other side is not trusted.',
    fix: 'Check the clock, META_GRAPH_URL and the proxy; give the certificate of a proxy in NODE_EXTRA_CA_CERTS.',
  },
  connect: {
    outcome: retry,
    name: 'No connection',
    meaning: 'No connection could be made.',
    fix: 'Check the network and META_GRAPH_URL.',
  },
  reset: { outcome: retry, name: 'Connection lost', meaning: 'The connection ended before the answer.', fix: noAction },
  timeout: { outcome: retry, name: 'Time-out', meaning: 'No answer came in time.', fix: noAction },
  aborted: {
    outcome: retry,
    name: 'Given up',
    meaning: 'The connector gave the request up, because it stops.',
    fix: noAction,
  },
  withheld: {
    outcome: retry,
    name: 'Withheld',
    meaning: 'The connector kept the request back, because its partition may be with another process by now.',
    fix: noAction,
  },
};

/** The row for an error of Meta's: the most exact one. `message` is read for code 100 without a subcode alone. */
export function graphErrorRow(code: number, subcode: number | undefined, message: string): ErrorRow | undefined {
  const rows = graphErrors.filter((row) => within(row.code, code));
  const special =
    subcode === undefined
      ? rows.find((row) => row.message?.test(message))
      : // Rows of one subcode stand before rows of a range.
        rows.find((row) => row.subcode !== undefined && within(row.subcode, subcode));
  const general = rows.filter((row) => row.subcode === undefined && row.message === undefined);
  return special ?? general.find((row) => row.code === code) ?? general[0];
}

export function within(range: NumberOrRange, value: number): boolean {
  return typeof range === 'number' ? range === value : value >= range[0] && value <= range[1];
}
