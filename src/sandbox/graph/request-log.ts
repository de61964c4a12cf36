import type { SandboxRules } from './options.ts';
import type { KeepableBody } from './redact.ts';
import { createRing } from './ring.ts';

/** One request to the Graph API as the sandbox remembers it: no token, no proof. */
export interface RequestEntry {
  readonly id: number;
  /** Unix milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly tokenInUrl: boolean;
  /** Events in `data`, valid or not. */
  readonly events: number;
  readonly bytes: number;
  /** Undefined until it is answered; it stays so when a fault swallows the answer. */
  status?: number;
  /** Code and subcode of the error that was answered: `100/2804050`. */
  error?: string;
  /** The kind of the fault that decided the answer. */
  fault?: string;
  /** Undefined when a newer request took its place. */
  body?: KeepableBody;
  /** Only the start of the body was kept. */
  readonly cut: boolean;
}

export interface RequestCounts {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byCode: Readonly<Record<string, number>>;
  readonly unanswered: number;
  readonly tokensInUrl: number;
}

type NewRequest = Omit<RequestEntry, 'id' | 'cut' | 'status' | 'error' | 'fault'> & {
  readonly body: KeepableBody;
};

interface RequestAnswer {
  readonly status: number;
  readonly error?: string;
}

/** The newest requests with their bodies, bounded in number and bytes; counts of all. */
export interface RequestLog {
  add(request: NewRequest): RequestEntry;
  answered(entry: RequestEntry, answer: RequestAnswer): void;
  /** Oldest first. */
  entries(): Generator<RequestEntry, void, undefined>;
  counts(): RequestCounts;
  clear(): void;
}

/** A body above this is kept by its start alone. */
const maxKeptBody = 4 * 1024 * 1024;

export function createRequestLog(rules: SandboxRules): RequestLog {
  const newest = createRing<RequestEntry>(rules.keepRequests);
  let withBody: RequestEntry[] = [];
  let bodyBytes = 0;
  let counts = noCounts();
  let lastId = 0;
  let clearedTo = 0;

  function keepBody(entry: RequestEntry): void {
    withBody.push(entry);
    bodyBytes += entry.body?.bytes.length ?? 0;
    while (bodyBytes > rules.keepRequestBytes && withBody.length > 1) forgetBody(withBody.shift());
  }

  function forgetBody(entry: RequestEntry | undefined): void {
    if (entry?.body === undefined) return;
    bodyBytes -= entry.body.bytes.length;
    delete entry.body;
  }

  return {
    add(request) {
      lastId += 1;
      const cut = request.body.bytes.length > maxKeptBody;
      const entry: RequestEntry = { id: lastId, ...request, body: cut ? startOf(request.body) : request.body, cut };
      const displaced = newest.push(entry);
      if (displaced !== undefined && withBody[0] === displaced) withBody.shift();
      forgetBody(displaced);
      keepBody(entry);
      counts.total += 1;
      if (entry.tokenInUrl) counts.tokensInUrl += 1;
      return entry;
    },
    answered(entry, { status, error }) {
      entry.status = status;
      if (error !== undefined) entry.error = error;
      if (entry.id <= clearedTo) return;
      increment(counts.byStatus, String(status));
      counts.answered += 1;
      if (error !== undefined) increment(counts.byCode, error);
    },
    entries: newest.items,
    counts: () => ({
      total: counts.total,
      byStatus: Object.fromEntries(counts.byStatus),
      byCode: Object.fromEntries(counts.byCode),
      unanswered: counts.total - counts.answered,
      tokensInUrl: counts.tokensInUrl,
    }),
    clear() {
      newest.clear();
      withBody = [];
      bodyBytes = 0;
      counts = noCounts();
      clearedTo = lastId;
    },
  };
}

function noCounts() {
  return {
    total: 0,
    answered: 0,
    tokensInUrl: 0,
    byStatus: new Map<string, number>(),
    byCode: new Map<string, number>(),
  };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A copy, so that the whole body is not held by its start. */
function startOf(body: KeepableBody): KeepableBody {
  return { kind: 'text', bytes: Buffer.from(body.bytes.subarray(0, maxKeptBody)) };
}
