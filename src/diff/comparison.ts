import { fingerprint } from '../core/fingerprint.ts';
import { isObject, own } from '../core/json.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import { type DecodeOptions, decodeRecord } from '../pipeline/route/decode.ts';
import { type EventPlan, planEvents, type SubscriptionDecision } from '../pipeline/route/plan.ts';
import { createIdSet, type IdSet } from './id-set.ts';
import { count, emptyDiff, type SideCounts, type SubscriptionDiff } from './subscription-diff.ts';

export interface ComparisonOptions {
  readonly old: readonly Destination[];
  readonly new: readonly Destination[];
  readonly decode: DecodeOptions;
}

/** What two configurations make of the same events. */
export interface Comparison {
  /** The event's own time counts as now, so that a history isn't too old. */
  take(record: SourceRecord): void;
  result(): ComparisonResult;
}

export interface ComparisonResult {
  readonly records: number;
  readonly events: number;
  /** Records that are no event, for both sides alike. */
  readonly undecodable: number;
  /** In the order of the new configuration, then what only the old one has. */
  readonly subscriptions: readonly SubscriptionDiff[];
}

/** Examples of a changed field. */
const maxExamples = 3;
/** More would be no difference that a person reads. */
const maxFields = 200;

export function createComparison(options: ComparisonOptions): Comparison {
  const diffs = new Map<string, SubscriptionDiff>();
  for (const { name, subscriptions } of [...options.new, ...options.old]) {
    for (const { id } of subscriptions) {
      const key = subscriptionKey(name, id);
      if (!diffs.has(key)) diffs.set(key, emptyDiff(name, id));
    }
  }
  const seen = { old: createIdSet(), new: createIdSet() };
  let records = 0;
  let events = 0;
  let undecodable = 0;

  function take(record: SourceRecord): void {
    records += 1;
    const now = timeOf(record, options.decode);
    const before = planEvents(record, options.old, options, now, nothingIsDone);
    const after = planEvents(record, options.new, options, now, nothingIsDone);
    for (const oldPlan of before) {
      const newPlan: EventPlan | undefined = after.next().value ?? undefined;
      if (oldPlan.decoded?.kind === 'undecodable') undecodable += 1;
      else events += 1;
      compare(bySubscription(oldPlan), bySubscription(newPlan));
    }
  }

  function compare(before: Decisions, after: Decisions): void {
    for (const key of before.size === 0 ? after.keys() : new Set([...before.keys(), ...after.keys()])) {
      const diff = diffs.get(key);
      if (diff !== undefined) compareOne(diff, before.get(key), after.get(key), seen);
    }
  }

  return {
    take,
    result: () => ({ records, events, undecodable, subscriptions: [...diffs.values()] }),
  };
}

const nothingIsDone = () => false;

type Decisions = ReadonlyMap<string, SubscriptionDecision>;

const none: Decisions = new Map();

function bySubscription(plan: EventPlan | undefined): Decisions {
  if (plan === undefined || plan.decisions.length === 0) return none;
  return new Map(plan.decisions.flatMap((each) => ('subscription' in each ? [[each.key, each] as const] : [])));
}

function timeOf(record: SourceRecord, decode: DecodeOptions): number {
  const decoded = decodeRecord(record, decode);
  const given = decoded.kind === 'event' ? Date.parse(String(own(decoded.event, 'timestamp'))) : Number.NaN;
  return Number.isNaN(given) ? record.timestamp : given;
}

function compareOne(
  diff: SubscriptionDiff,
  before: SubscriptionDecision | undefined,
  after: SubscriptionDecision | undefined,
  seen: { readonly old: IdSet; readonly new: IdSet },
): void {
  const [oldSent, newSent] = [sentOf(before), sentOf(after)];
  // One text in both: read once.
  const isSame = oldSent !== undefined && oldSent.text === newSent?.text;
  if (oldSent !== undefined && isSame) newSent.parsed = parsedOf(oldSent);
  note(diff.old, before, oldSent, seen.old);
  note(diff.new, after, newSent, seen.new);
  if (oldSent === undefined && newSent !== undefined) diff.gained += 1;
  if (oldSent !== undefined && newSent === undefined) diff.lost += 1;
  const [oldCode, newCode] = [codeOf(before), codeOf(after)];
  if (newCode !== undefined && newCode !== oldCode) count(diff.deadLettersAppear, newCode);
  if (oldCode !== undefined && newCode !== oldCode) count(diff.deadLettersGo, oldCode);
  if (oldSent === undefined || newSent === undefined || isSame) return;
  const differences = differencesOf(parsedOf(oldSent), parsedOf(newSent));
  if (differences.length === 0) return;
  diff.changed += 1;
  for (const { path, old, new: now } of differences) {
    noteChange(diff, newSent.event, path, old, now);
    const [, key] = matchKey.exec(path) ?? [];
    if (key !== undefined && old === undefined) count(diff.keysGained, key);
    if (key !== undefined && now === undefined) count(diff.keysLost, key);
  }
}

/** The path of an identifier, in a conversion or in a row of an audience. */
const matchKey = /^(?:user_data|.*rows\[\])\.(\w+)$/;

/** What is sent of an event; `parsed` once it is needed. */
interface Sent {
  readonly kind: 'conversion' | 'audience';
  readonly event: string;
  readonly text: string;
  parsed?: unknown;
}

function sentOf(decision: SubscriptionDecision | undefined): Sent | undefined {
  if (decision?.kind === 'deliver') {
    const { body, eventId } = decision.ready;
    return { kind: 'conversion', event: fingerprint(eventId), text: body };
  }
  if (decision?.kind !== 'change') return undefined;
  const changes = decision.updates.map(({ target, changes: each }) => ({
    audience: target.kind === 'id' ? target.id : target.name,
    changes: each.map(({ operation, rows }) => ({ operation, rows })),
  }));
  return { kind: 'audience', event: '', text: JSON.stringify(changes) };
}

function parsedOf(sent: Sent): unknown {
  sent.parsed ??= JSON.parse(sent.text) as unknown;
  return sent.parsed;
}

function codeOf(decision: SubscriptionDecision | undefined): string | undefined {
  if (decision?.kind === 'reject') return decision.failure.code;
  return decision?.kind === 'change' ? decision.failure?.code : undefined;
}

function note(side: SideCounts, decision: SubscriptionDecision | undefined, sent: Sent | undefined, ids: IdSet): void {
  const code = codeOf(decision);
  if (code !== undefined) count(side.rejected, code);
  if (decision?.kind === 'skip') count(side.skipped, decision.reason);
  if (sent === undefined) return;
  side.sent += 1;
  if (sent.kind === 'audience') noteChanges(side, parsedOf(sent));
  else noteConversion(side, parsedOf(sent), ids);
}

function noteConversion(side: SideCounts, event: unknown, ids: IdSet): void {
  const custom = own(event, 'custom_data');
  const [value, currency] = [own(custom, 'value'), own(custom, 'currency')];
  if (typeof value === 'number') {
    const day = new Date(Number(own(event, 'event_time')) * 1000).toISOString().slice(0, 10);
    const key = `${day} ${typeof currency === 'string' ? currency : '(no currency)'}`;
    const sum = side.sums.get(key) ?? { events: 0, value: 0 };
    sum.events += 1;
    sum.value += value;
    side.sums.set(key, sum);
  }
  if (!ids.add(`${String(own(event, 'event_name'))}\n${String(own(event, 'event_id'))}`)) side.duplicates += 1;
}

function noteChanges(side: SideCounts, updates: unknown): void {
  for (const update of Array.isArray(updates) ? updates : []) {
    for (const change of list(own(update, 'changes'))) {
      count(side.audience, String(own(change, 'operation')));
    }
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

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
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      differencesOf(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, old: before, new: after }];
}

function noteChange(diff: SubscriptionDiff, event: string, path: string, before: unknown, after: unknown): void {
  const known = diff.fields.get(path);
  if (known === undefined && diff.fields.size >= maxFields) return;
  const change = known ?? { count: 0, examples: [] };
  change.count += 1;
  if (change.examples.length < maxExamples) {
    change.examples.push({ event, before: shown(path, before), after: shown(path, after) });
  }
  diff.fields.set(path, change);
}

const maxShown = 80;

/** Values that can't be a person's; everything else is named by its fingerprint. */
const harmless =
  /^(event_name|event_time|action_source|custom_data\.(value|currency|num_items|content_type)|audience|.*operation)$/;

function shown(path: string, value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  if (typeof value === 'boolean' || harmless.test(path)) return text.slice(0, maxShown);
  return `(${fingerprint(text)})`;
}
