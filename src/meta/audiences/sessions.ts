import { own } from '../../core/json.ts';
import { type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';

/** An upload to an audience, as Meta counts it (Meta: Custom audience, sessions). */
export interface UploadSession {
  readonly id: string;
  /** Unix seconds. */
  readonly started: number;
  /** Absent: not ended, which an upload whose last batch has come may stay for long. */
  readonly ended?: number;
  readonly received: number;
  /** Absent: not known yet. */
  readonly matched?: number;
  readonly invalid: number;
  readonly stage: string;
}

/** The uploads that Meta remembers, newest first; with `id`: that one, if it does. */
export async function uploadSessions(
  options: AudienceCallOptions,
  caller: Caller,
  { audienceId, id }: { readonly audienceId: string; readonly id?: string },
  signal: AbortSignal,
): Promise<{ readonly kind: 'found'; readonly sessions: readonly UploadSession[] } | Refused> {
  const query = id === undefined ? '' : `?${new URLSearchParams({ session_id: id })}`;
  const path = `/${caller.settings.apiVersion}/${encodeURIComponent(audienceId)}/sessions${query}`;
  const answer = await audienceCall(options, caller, { method: 'GET', path }, 0, signal);
  if (answer.kind !== 'answered') return answer;
  const data: unknown = own(answer.reply.json, 'data');
  return { kind: 'found', sessions: Array.isArray(data) ? data.map(sessionOf) : [] };
}

/** Every value is text. */
function sessionOf(entry: unknown): UploadSession {
  const [ended, matched] = [numberOf(entry, 'end_time'), numberOf(entry, 'num_matched')];
  return {
    id: String(own(entry, 'session_id') ?? ''),
    started: numberOf(entry, 'start_time'),
    ...(ended > 0 && { ended }),
    received: numberOf(entry, 'num_received'),
    ...(matched >= 0 && { matched }),
    invalid: numberOf(entry, 'num_invalid_entries'),
    stage: String(own(entry, 'stage') ?? ''),
  };
}

function numberOf(entry: unknown, name: string): number {
  const number = Number(own(entry, name) ?? 0);
  return Number.isFinite(number) ? number : 0;
}
