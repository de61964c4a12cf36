import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { classify as classifyFor } from '../../src/meta/classify.ts';
import type { GraphReply, NetworkReason } from '../../src/meta/graph-reply.ts';
import { growth } from '../support/growth.ts';

interface ErrorBody {
  readonly code: unknown;
  readonly error_subcode?: unknown;
  readonly message?: unknown;
  readonly type?: string;
  readonly is_transient?: boolean;
  readonly [more: string]: unknown;
}

const classify = (reply: GraphReply) => classifyFor(reply, { useCase: 'ads_management' });

function answered(status: number, json?: unknown, headers: Record<string, string> = {}): GraphReply {
  return { kind: 'answered', status, headers, ...(json === undefined ? {} : { json }) };
}

function error(body: ErrorBody, status = 400, headers: Record<string, string> = {}): Outcome {
  return classify(
    answered(status, { error: { message: 'Invalid parameter', type: 'OAuthException', ...body } }, headers),
  );
}

function failureOf(outcome: Outcome) {
  if (outcome.kind === 'delivered') throw new Error('There is no failure.');
  return outcome.failure;
}

const businessMessaging = [64, 66, 69, 71, 72, 75, 79, 81, 87];
const throttleCodes = [80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014];

type Decision = readonly [code: number, subcode: number | undefined, status: number, outcome: string, text?: string];

/** Meta's codes as documented and observed: [code, subcode, HTTP status, outcome, text]. */
const decisions: readonly Decision[] = [
  [1, undefined, 500, 'halve'],
  [1, undefined, 500, 'halve', "Please reduce the amount of data you're asking for, then retry your request"],
  [1, 99, 400, 'halve', 'An unknown error occurred'],
  [2, undefined, 400, 'retryable', 'An unexpected error has occurred. Please retry your request later.'],
  [2, undefined, 500, 'retryable'],
  [2, undefined, 503, 'retryable', '(#2) Service temporarily unavailable'],
  [3, undefined, 400, 'blocked'],
  [4, undefined, 403, 'throttled app', '(#4) Application request limit reached'],
  [4, 1504022, 400, 'throttled app'],
  [4, 1504039, 400, 'throttled app'],
  [4, 2446079, 400, 'throttled app'],
  [10, undefined, 403, 'blocked'],
  [17, 2446079, 400, 'throttled account', 'User request limit reached'],
  [32, undefined, 400, 'throttled account'],
  [100, undefined, 400, 'rejected', '(#100) The parameter data is required'],
  [100, undefined, 400, 'rejected', '(#100) Data is missing or does not match schema'],
  [100, undefined, 400, 'blocked', 'API calls from the server require an appsecret_proof argument'],
  [100, undefined, 400, 'blocked', 'Invalid appsecret_proof provided in the API argument'],
  [100, undefined, 400, 'blocked', '(#100) Missing Permission'],
  [100, undefined, 400, 'blocked', '(#100) Something that nobody has seen before'],
  [100, undefined, 400, 'blocked', '(#100) Value-Based Custom Audience requires LOOKALIKE_VALUE attribute.'],
  [100, 33, 400, 'blocked', "Unsupported post request. Object with ID '1' does not exist"],
  [100, 34, 404, 'blocked'],
  ...[1, 3, 4, 7, 8, 9, 10, 11, 16, 17, 19, 23, 30, 36, 43, 48, 50].map(
    (last): Decision => [100, 2804000 + last, 400, 'rejected'],
  ),
  ...businessMessaging.map((last): Decision => [100, 2804000 + last, 400, 'rejected']),
  [100, 2804116, 400, 'rejected'],
  [100, 2804117, 400, 'rejected'],
  [100, 2804131, 400, 'blocked'],
  [100, 2804132, 400, 'blocked'],
  [100, 2804099, 400, 'rejected'],
  [100, 2804199, 400, 'rejected'],
  [100, 1713098, 400, 'blocked'],
  [100, 1713228, 400, 'blocked'],
  [100, 1713230, 400, 'blocked'],
  [100, 1713231, 400, 'blocked'],
  [102, undefined, 400, 'blocked'],
  [104, undefined, 400, 'blocked', 'An access token is required to request this resource.'],
  [105, undefined, 400, 'rejected'],
  [190, undefined, 401, 'blocked', 'Invalid OAuth access token - Cannot parse access token'],
  ...[458, 459, 460, 463, 464, 467, 492].map((subcode): Decision => [190, subcode, 400, 'blocked']),
  [194, undefined, 400, 'rejected'],
  [200, undefined, 403, 'blocked', '(#200) Provide valid app ID'],
  [200, 1870034, 400, 'blocked'],
  [200, 1870050, 400, 'blocked'],
  [200, 1870090, 400, 'blocked'],
  [200, 1870092, 403, 'blocked'],
  [250, undefined, 400, 'blocked'],
  [299, undefined, 400, 'blocked'],
  [270, undefined, 400, 'blocked'],
  [294, undefined, 400, 'blocked'],
  [341, undefined, 400, 'throttled app'],
  [368, undefined, 400, 'throttled app'],
  [506, undefined, 400, 'rejected'],
  [613, undefined, 400, 'throttled account', '(#613) Calls to this api have exceeded the rate limit.'],
  [613, 1487742, 400, 'throttled account'],
  [613, 5044001, 400, 'throttled account'],
  [803, undefined, 404, 'blocked'],
  [2500, undefined, 400, 'blocked', 'Unknown path components: /x'],
  [2635, undefined, 400, 'blocked'],
  [2650, undefined, 400, 'retryable', 'Failed to update the custom audience'],
  [2650, 1870145, 400, 'retryable'],
  [2650, 1870148, 400, 'retryable'],
  [2650, 1870144, 400, 'blocked'],
  [2654, 1713092, 400, 'blocked'],
  [2655, undefined, 400, 'blocked'],
  [2656, undefined, 400, 'blocked'],
  [2663, undefined, 400, 'blocked'],
  [2664, undefined, 400, 'blocked'],
  [5000, undefined, 500, 'retryable'],
  [21009, undefined, 500, 'retryable'],
  [-1, undefined, 500, 'retryable'],
  [-3, undefined, 400, 'retryable'],
  ...throttleCodes.map((code): Decision => [code, undefined, 400, 'throttled useCase']),
  [80000, 2446079, 400, 'throttled useCase'],
  [1404078, undefined, 400, 'blocked'],
  [2859015, undefined, 400, 'blocked'],
  [1404163, undefined, 400, 'blocked'],
  [1487301, undefined, 400, 'blocked'],
  [1487366, undefined, 400, 'blocked'],
  [3910001, undefined, 400, 'retryable'],
];

function summary(outcome: Outcome): string {
  if (outcome.kind === 'throttled') return `throttled ${outcome.scope}`;
  return outcome.kind === 'retryable' && outcome.halve ? 'halve' : outcome.kind;
}

function expectDecision([code, subcode, status, expected, message]: Decision): void {
  const body = {
    code,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    ...(message === undefined ? {} : { message }),
  };
  const outcome = error(body, status);
  expect(summary(outcome)).toBe(expected);
  const failure = failureOf(outcome);
  expect(failure.code).toBe(subcode === undefined ? `META_${code}` : `META_${code}_${subcode}`);
  expect(failure.fix).toBeTruthy();
  expect(failure.meta).toMatchObject({ status, code });
  if (outcome.kind === 'rejected') expect(outcome).toMatchObject({ whole: true, known: true });
}

describe('an error of Meta', () => {
  for (const decision of decisions) {
    it(decision.join(' '), () => expectDecision(decision));
  }

  it('rule 11: is decided by the code before the flag and the status', () => {
    expect(error({ code: 190, is_transient: true }, 500).kind).toBe('blocked');
    expect(error({ code: 100, error_subcode: 2804003, is_transient: true }, 503).kind).toBe('rejected');
    expect(error({ code: 80004 }, 200).kind).toBe('throttled');
  });

  it('rule 11: with an unknown code is retried when it is transient', () => {
    expect(error({ code: 987, is_transient: true })).toMatchObject({ kind: 'retryable', ambiguous: false });
    expect(error({ code: 100, is_transient: true, message: 'new' }).kind).toBe('retryable');
  });

  it('rule 11: with an unknown code is decided by a status that tells', () => {
    expect(error({ code: 987 }, 500).kind).toBe('retryable');
    expect(error({ code: 987 }, 408).kind).toBe('retryable');
    expect(error({ code: 987 }, 429).kind).toBe('throttled');
  });

  it.each([400, 401, 403, 404, 200])('rule 14: with an unknown code and HTTP %s is refused as unknown', (status) => {
    expect(error({ code: 987, error_subcode: 654 }, status)).toMatchObject({
      kind: 'rejected',
      whole: true,
      known: false,
      failure: { code: 'META_987_654' },
    });
  });

  it('rule 14: with an unknown subcode of code 100 is refused as unknown', () => {
    expect(error({ code: 100, error_subcode: 555 })).toMatchObject({ kind: 'rejected', known: false });
  });

  it('rule 11: never looks at the localized texts', () => {
    const texts = { error_user_title: 'Missing Permission', error_user_msg: "appsecret_proof $['data'][3]" };
    expect(error({ code: 100, error_subcode: 2804019, ...texts })).not.toHaveProperty('index');
    expect(error({ code: 100, ...texts, message: '(#100) The parameter data is required' }).kind).toBe('rejected');
    expect(JSON.stringify(error({ code: 987, ...texts }))).not.toContain('Permission');
  });

  it('gives the place of the event and the field that the message names', () => {
    const message = `Unexpected key "name" on param "$['data'][17]['custom_data']['contents'][0]"`;
    expect(error({ code: 100, error_subcode: 2804019, message })).toMatchObject({
      kind: 'rejected',
      index: 17,
      failure: { field: 'custom_data.contents' },
    });
  });

  it('gives the field that Meta blames, from an object or its JSON text', () => {
    const blame = { blame_field_specs: [['custom_data', 'currency']] };
    for (const error_data of [blame, JSON.stringify(blame)]) {
      expect(failureOf(error({ code: 100, error_subcode: 2804011, error_data })).field).toBe('custom_data.currency');
    }
    expect(failureOf(error({ code: 100, error_subcode: 2804003, error_data: '{' })).field).toBe('event_time');
  });

  it('gives the trace id of the error, or of the header', () => {
    expect(failureOf(error({ code: 2, fbtrace_id: 'AbC-1_2' })).meta?.fbtraceId).toBe('AbC-1_2');
    expect(failureOf(error({ code: 2 }, 400, { 'x-fb-request-id': 'XyZ' })).meta?.fbtraceId).toBe('XyZ');
    expect(failureOf(error({ code: 2, fbtrace_id: 'a b@c' })).meta).not.toHaveProperty('fbtraceId');
  });

  it('waits for the time that the usage headers name', () => {
    const usage = JSON.stringify({
      '1': [{ type: 'ads_management', call_count: 100, estimated_time_to_regain_access: 7 }],
    });
    const outcome = error({ code: 80004 }, 400, { 'x-business-use-case-usage': usage });
    expect(outcome).toMatchObject({ kind: 'throttled', waitMillis: 420_000 });
    expect(error({ code: 80004 })).not.toHaveProperty('waitMillis');
    expect(error({ code: 368 })).toMatchObject({ waitMillis: 3_600_000 });
    for (const code of [4, 17, 613]) expect(error({ code })).not.toHaveProperty('waitMillis');
  });

  it('rule 23: is ambiguous with 502 and 504, and not with 500 or 503', () => {
    const ambiguous = [500, 502, 503, 504].map((status) => {
      const outcome = error({ code: 2 }, status);
      return outcome.kind === 'retryable' && outcome.ambiguous;
    });
    expect(ambiguous).toEqual([false, true, false, true]);
  });

  it('takes numbers written as text, and nothing else, for numbers', () => {
    expect(error({ code: '190', error_subcode: '463' }).kind).toBe('blocked');
    expect(failureOf(error({ code: 'x' }, 400)).code).toBe('HTTP_400');
    expect(failureOf(error({ code: 190, error_subcode: 0 })).code).toBe('META_190');
  });

  it('keeps no identifier, token or long number of the message', () => {
    const message =
      'Bad value jane.doe+x@example.com for +1 (650) 555-1212, act_1234567890, ' +
      `token EAAGm0PX4ZCpsBAKZC9 at 192.168.10.20 ${'ab'.repeat(32)} access_token=abc`;
    const { message: kept } = failureOf(error({ code: 987, message }));
    expect(kept).toContain('Bad value');
    expect(kept).not.toMatch(/jane|example|650|1234|EAAG|192|abab|=abc/);
  });

  it('cuts a long message', () => {
    const { message } = failureOf(error({ code: 987, message: 'word '.repeat(100_000) }));
    expect(message.length).toBeLessThan(320);
  });

  it('takes no quadratic time over a hostile message', () => {
    const read = (length: number) => error({ code: 987, message: 'a1'.repeat(length / 2) });
    expect(growth(read, 1_000_000, 50)).toBeLessThan(500);
  });
});

describe('an answer without an error of Meta', () => {
  const statuses: readonly (readonly [number, string])[] = [
    [200, 'blocked'],
    [204, 'blocked'],
    [301, 'blocked'],
    [400, 'blocked'],
    [401, 'blocked'],
    [403, 'blocked'],
    [404, 'blocked'],
    [407, 'blocked'],
    [408, 'retryable'],
    [413, 'rejected'],
    [414, 'rejected'],
    [422, 'blocked'],
    [425, 'retryable'],
    [429, 'throttled'],
    [500, 'retryable'],
    [502, 'retryable'],
    [503, 'retryable'],
    [504, 'retryable'],
    [599, 'retryable'],
    [999, 'blocked'],
  ];

  it.each(statuses)('HTTP %s is %s', (status, kind) => {
    for (const json of [undefined, [], 'text', null, 7]) {
      const outcome = classify(answered(status, json));
      expect(outcome.kind).toBe(kind);
      expect(failureOf(outcome).code).toBe(`HTTP_${status}`);
    }
  });

  it.each([400, 401, 403, 404, 200])(
    "HTTP %s with the error of a gateway in the shape of Meta's is blocked",
    (status) => {
      const json = { error: { code: 404, message: 'Not found', status: 'NOT_FOUND' } };
      expect(classify(answered(status, json))).toMatchObject({ kind: 'blocked', failure: { code: `HTTP_${status}` } });
      expect(classify(answered(status, { error: { ...json.error, fbtrace_id: 'A1' } })).kind).toBe('rejected');
      expect(classify(answered(status, json, { 'x-fb-trace-id': 'A1' })).kind).toBe('rejected');
    },
  );

  it('is too large for halving to be the unknown kind', () => {
    expect(classify(answered(413))).toMatchObject({ whole: true, known: true });
  });

  it('is sent again where it has the headers of Meta: the next one may be readable', () => {
    for (const [name, value] of [
      ['x-fb-trace-id', 'C1'],
      ['facebook-api-version', 'v27.0'],
      ['x-fb-request-id', 'Aa'],
    ] as const) {
      expect(classify(answered(200, undefined, { [name]: value }))).toMatchObject({
        kind: 'retryable',
        ambiguous: true,
        failure: { code: 'HTTP_200' },
      });
      expect(classify(answered(400, undefined, { [name]: value }))).toMatchObject({
        kind: 'retryable',
        ambiguous: false,
      });
      expect(classify(answered(401, undefined, { [name]: value }))).toMatchObject({ kind: 'blocked' });
    }
  });

  it('is not sent again and again where the next one would be as unreadable, from Meta or not', () => {
    for (const unreadable of ['encoding', 'length'] as const) {
      const reply = { kind: 'answered', status: 200, headers: { 'x-fb-trace-id': 'C1' }, unreadable } as const;
      expect(classify(reply)).toMatchObject({ kind: 'blocked', ambiguous: true, failure: { code: 'HTTP_200' } });
      expect(classify({ ...reply, status: 500 })).toMatchObject({ kind: 'retryable' });
    }
  });

  it('tells the host that a redirect leads to, and nothing else of its address', () => {
    const to = (location: string) => failureOf(classify(answered(302, undefined, { location }))).message;
    expect(to('https://login.example.com/?return=me%40example.com')).toMatch(/\(HTTP 302 to login\.example\.com\)$/);
    for (const location of ['', '/log-in', 'nonsense']) expect(to(location)).toMatch(/\(HTTP 302\)$/);
  });

  it('may have reached Meta when it looks like success or failed behind a gateway', () => {
    for (const status of [200, 204, 502, 504]) expect(classify(answered(status))).toMatchObject({ ambiguous: true });
  });

  it('waits for the time of Retry-After', () => {
    expect(classify(answered(429, undefined, { 'retry-after': '30' }))).toMatchObject({ waitMillis: 30_000 });
    expect(classify(answered(429, undefined, { 'retry-after': 'soon' }))).not.toHaveProperty('waitMillis');
    const headers = { date: 'Sun, 06 Nov 1994 08:49:37 GMT', 'retry-after': 'Sun, 06 Nov 1994 08:50:07 GMT' };
    expect(classify(answered(429, undefined, headers))).toMatchObject({ waitMillis: 30_000 });
  });

  it('is delivered with an object and 2xx', () => {
    expect(classify(answered(200, { events_received: 1 }))).toEqual({ kind: 'delivered' });
    expect(classify(answered(200, { error: 'odd' })).kind).toBe('blocked');
    expect(classify(answered(500, { events_received: 1 })).kind).toBe('retryable');
  });
});

describe('no answer', () => {
  const reasons: readonly (readonly [NetworkReason, string])[] = [
    ['dns', 'retryable'],
    ['tls', 'blocked'],
    ['connect', 'retryable'],
    ['reset', 'retryable'],
    ['timeout', 'retryable'],
    ['aborted', 'retryable'],
  ];

  it.each(reasons)('because of %s is %s', (reason, kind) => {
    for (const sent of [true, false]) {
      const outcome = classify({ kind: 'failed', reason, sent, cause: 'ECODE' });
      expect(outcome).toMatchObject({ kind, failure: { code: `NETWORK_${reason.toUpperCase()}` } });
      if (outcome.kind === 'retryable') expect(outcome.ambiguous).toBe(sent);
      expect(failureOf(outcome).message).toContain('ECODE');
    }
  });
});

describe('whatever comes back', () => {
  it('has exactly one outcome, and a message without addresses that is not long', () => {
    const anyReply = fc.record({
      kind: fc.constant('answered' as const),
      status: fc.integer({ min: 100, max: 599 }),
      headers: fc.dictionary(
        fc.constantFrom(
          'retry-after',
          'x-app-usage',
          'x-ad-account-usage',
          'x-business-use-case-usage',
          'x-fb-request-id',
        ),
        fc.oneof(fc.string(), fc.json()),
      ),
      json: fc.oneof(
        fc.jsonValue(),
        fc.record({
          error: fc.record(
            {
              code: fc.oneof(fc.integer(), fc.jsonValue()),
              error_subcode: fc.oneof(fc.integer(), fc.jsonValue()),
              message: fc.oneof(fc.string(), fc.emailAddress(), fc.jsonValue()),
              is_transient: fc.oneof(fc.boolean(), fc.jsonValue()),
              error_data: fc.oneof(fc.json(), fc.jsonValue()),
              fbtrace_id: fc.jsonValue(),
            },
            { requiredKeys: [] },
          ),
        }),
      ),
    });
    fc.assert(
      fc.property(anyReply, (reply) => {
        const outcome = classify(reply);
        if (outcome.kind === 'delivered') return reply.status >= 200 && reply.status < 300;
        const { message, code } = outcome.failure;
        return message.length < 400 && !message.includes('@') && /^[A-Z]+_-?\d+(_-?\d+)?$/.test(code);
      }),
      { numRuns: 2_000 },
    );
  });
});
