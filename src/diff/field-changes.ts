import { fingerprint } from '../core/fingerprint.ts';
import { isObject, own } from '../core/json.ts';
import { count, type SubscriptionDiff } from './subscription-diff.ts';

/** Examples of a changed field. */
const maxExamples = 3;
/** More would be no difference that a person reads. */
const maxFields = 200;

/**
 * Counts the fields in which what both sides send of an event differs, each once; false: in none.
 *
 * @param eventId Undefined: it has none.
 */
export function countFieldChanges(
  diff: SubscriptionDiff,
  eventId: string | undefined,
  before: unknown,
  after: unknown,
): boolean {
  const differences = new Map<string, Difference>();
  for (const difference of differencesOf(before, after)) {
    if (!differences.has(difference.path)) differences.set(difference.path, difference);
  }
  for (const difference of differences.values()) {
    const { path, old, new: now } = difference;
    noteChange(diff, eventId, difference);
    const [, key] = matchKey.exec(path) ?? [];
    if (key !== undefined && old === undefined) count(diff.keysGained, key);
    if (key !== undefined && now === undefined) count(diff.keysLost, key);
  }
  return differences.size > 0;
}

/** The path of an identifier, in a conversion or in a row of an audience. */
const matchKey = /^(?:user_data|.*rows\[\])\.(\w+)$/;

interface Difference {
  readonly path: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** Places of lists don't count: `contents[].id`. */
function differencesOf(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differencesOf(item, after[index], `${path}[]`));
  }
  // What one side lacks as a whole is told by its members.
  const [old, now] = [before ?? (isObject(after) ? {} : before), after ?? (isObject(before) ? {} : after)];
  if (isObject(old) && isObject(now)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    return [...keys].flatMap((key) =>
      differencesOf(own(old, key), own(now, key), path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, old: before, new: after }];
}

function noteChange(diff: SubscriptionDiff, eventId: string | undefined, { path, old, new: now }: Difference): void {
  const known = diff.fields.get(path);
  if (known === undefined && diff.fields.size >= maxFields) return;
  const change = known ?? { count: 0, examples: [] };
  change.count += 1;
  if (change.examples.length < maxExamples) {
    const event = eventId === undefined ? '' : fingerprint(eventId);
    change.examples.push({ event, before: shown(path, old), after: shown(path, now) });
  }
  diff.fields.set(path, change);
}

const maxShown = 80;

/** Values that can't be a person's; everything else is named by its fingerprint. */
const harmless =
  /^(dataset|test_event_code|upload_tag|event_name|event_time|action_source|custom_data\.(value|currency|num_items|content_type)|\[\]\.(audience|ad_account)|.*operation)$/;

function shown(path: string, value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  if (typeof value === 'boolean' || harmless.test(path)) return text.slice(0, maxShown);
  return `(${fingerprint(text)})`;
}
