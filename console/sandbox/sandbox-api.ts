import { ask, type Asking } from '../lib/request.ts';
import type { Answer } from '../lib/use-answer.ts';
import { useAnswer } from '../lib/use-answer.ts';

/** The views under `/_sandbox`, as docs/sandbox.md lists them. */
export interface ReceivedRequest {
  readonly id: number;
  /** ISO 8601. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly events: number;
  readonly bytes: number;
  readonly status: number | null;
  readonly error?: string | null;
  readonly fault?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface NamedCounts {
  readonly dataset: string;
  readonly event_name: string;
  readonly accepted: number;
  readonly unique: number;
  readonly duplicates: number;
}

export interface Summary {
  readonly requests: {
    readonly total: number;
    readonly byStatus: Readonly<Record<string, number>>;
    readonly unanswered: number;
  };
  readonly events: { readonly accepted: number; readonly unique: number; readonly duplicates: number };
  readonly byName: readonly NamedCounts[];
  readonly audiences: { readonly audiences: number; readonly members: number };
  readonly faults: number;
}

export interface StoredEvent {
  readonly sequence: number;
  readonly dataset: string;
  readonly duplicate: boolean;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface SandboxAudience {
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly operation_status: number;
  readonly members: number;
  readonly deleted: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Fault {
  readonly id: number;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly applied: number;
  readonly spent: boolean;
}

export const base = '/_sandbox';

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await ask(`${base}${path}`, signal === undefined ? {} : { signal });
  return (await answer.json()) as T;
}

export async function getLines<T>(path: string, signal?: AbortSignal): Promise<readonly T[]> {
  const answer = await ask(`${base}${path}`, signal === undefined ? {} : { signal });
  const text = await answer.text();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

export async function send(path: string, asking: Asking): Promise<void> {
  await ask(`${base}${path}`, asking);
}

export function useSandbox<T>(path: string, everyMillis?: number): Answer<T> {
  return useAnswer<T>(path, get, everyMillis);
}
