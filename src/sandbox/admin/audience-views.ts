import type { JsonObject } from '../../core/json.ts';
import type { Pieces } from './admin-views.ts';
import type { Audience } from '../audiences/audience.ts';
import { allFields } from '../audiences/audience-fields.ts';
import { keyKind, keyValue, memberKey } from '../audiences/member-keys.ts';

/** An audience with what Meta would not tell. Times are Unix seconds. */
export interface AudienceView {
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly subtype: string;
  readonly operation_status: number;
  readonly members: number;
  /** Users of a replacement under way. */
  readonly replacing: number | undefined;
  /** Batches that came after their session had timed out. */
  readonly discarded_batches: number;
  readonly audience_labels: readonly string[];
  readonly shared: boolean;
  readonly editable: boolean;
  readonly deleted: boolean;
  /** Every field that Meta has. */
  readonly fields: JsonObject;
}

export function audienceView(audience: Audience): AudienceView {
  return {
    id: audience.id,
    account_id: audience.accountId,
    name: audience.name,
    subtype: audience.subtype,
    operation_status: audience.operationStatus,
    members: audience.members.size(),
    replacing: audience.replacement?.members.size(),
    discarded_batches: audience.discardedBatches,
    audience_labels: audience.labels,
    shared: audience.shared,
    editable: audience.editable,
    deleted: audience.deleted,
    fields: allFields(audience),
  };
}

/** Each user by the first key in naming order. */
export function* memberNames(audience: Audience | undefined): Generator<string, void, undefined> {
  for (const [first] of audience?.members.users() ?? []) if (first !== undefined) yield keyValue(first);
}

export interface MemberFilter {
  /** SHA-256 of an e-mail or phone. */
  readonly hash: string | undefined;
  readonly externalId: string | undefined;
  readonly limit: number;
}

/** One line per user with all that is known of it: `{"EXTERN_ID": ["u-1"], "EMAIL": ["…"]}`. */
export function* membersView(audience: Audience, filter: MemberFilter): Pieces {
  let lines: string[] = [];
  let left = filter.limit;
  for (const keys of wanted(audience, filter)) {
    if (left <= 0) break;
    left -= 1;
    lines.push(JSON.stringify(memberView(keys)));
    if (lines.length < 1000) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** By hash or external id a user is found without looking at the others. */
function wanted({ members }: Audience, { hash, externalId }: MemberFilter): Iterable<readonly string[]> {
  if (hash === undefined && externalId === undefined) return members.users();
  const keys = [
    ...(isHash(hash) ? [memberKey('EMAIL', hash), memberKey('PHONE', hash)] : []),
    ...(externalId === undefined ? [] : [memberKey('EXTERN_ID', externalId)]),
  ];
  return new Set(keys.map((key) => members.find(key)).filter((found) => found !== undefined));
}

function isHash(text: string | undefined): text is string {
  return /^[0-9a-f]{64}$/.test(text ?? '');
}

function memberView(keys: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const view: Record<string, string[]> = {};
  for (const key of keys) {
    const kind = keyKind(key);
    view[kind] = [...(view[kind] ?? []), keyValue(key)];
  }
  return view;
}
