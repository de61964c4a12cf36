import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/json.ts';
import { identifierFields } from '../../identity/fields.ts';
import { hashIdentifier } from '../../identity/identify.ts';
import type { TriggerTrace } from '../../trigger/trace.ts';
import type { ExplainedDelivery, Explanation } from '../../explain/explain-event.ts';
import { keysOf, valueAt } from './json-path.ts';
import type { Expected } from './test-file.ts';

/** One thing that isn't as the test expects it; `path` leads from `expect` to the place in the test file. */
export interface Mismatch {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Everything of an event that isn't as expected, goldens aside. */
export function mismatches(expected: Expected, found: Explanation): readonly Mismatch[] {
  return [
    ...sentMismatches(expected, found),
    ...skipMismatches(expected, found),
    ...rejectMismatches(expected, found),
    ...undecodableMismatches(expected, found),
    ...partMismatches(expected, found, 'fields'),
    ...partMismatches(expected, found, 'body'),
    ...warningMismatches(expected, found),
  ];
}

function ready(found: Explanation, subscription?: string): readonly ExplainedDelivery[] {
  return found.deliveries.filter(
    (each) => each.status === 'ready' && (subscription === undefined || each.subscription === subscription),
  );
}

function sentMismatches({ sent }: Expected, found: Explanation): readonly Mismatch[] {
  if (sent === undefined) return [];
  const names = new Set(ready(found).map(({ subscription }) => subscription));
  const missing = sent.flatMap((name, index): readonly Mismatch[] =>
    names.has(name) ? [] : [{ path: ['sent', index], message: `"${name}" sends nothing: ${endOf(found, name)}` }],
  );
  const extra = [...names].filter((name) => !sent.includes(name));
  return [...missing, ...extra.map((name) => ({ path: ['sent'], message: `"${name}" sends too` }))];
}

function skipMismatches({ skipped = {} }: Expected, found: Explanation): readonly Mismatch[] {
  return Object.entries(skipped).flatMap(([name, reason]) => {
    const ends = found.skipped.filter(({ subscription }) => subscription === name).map((each) => each.reason);
    if (ends.includes(reason)) return [];
    return [{ path: ['skipped', name], message: `"${name}" is not skipped for "${reason}": ${endOf(found, name)}` }];
  });
}

function rejectMismatches({ rejected = {} }: Expected, found: Explanation): readonly Mismatch[] {
  return Object.entries(rejected).flatMap(([name, code]) => {
    const codes = found.deliveries.filter(({ subscription }) => subscription === name).map(({ error }) => error?.code);
    if (codes.includes(code)) return [];
    return [{ path: ['rejected', name], message: `"${name}" makes no dead letter ${code}: ${endOf(found, name)}` }];
  });
}

function undecodableMismatches({ undecodable }: Expected, { error }: Explanation): readonly Mismatch[] {
  if (undecodable === error?.code) return [];
  if (undecodable === undefined) {
    return [{ path: [], message: `the record is no event: ${error?.message ?? ''} [${error?.code ?? ''}]` }];
  }
  return [{ path: ['undecodable'], message: `expected ${undecodable}, found ${error?.code ?? 'an event'}` }];
}

function warningMismatches({ warnings = {} }: Expected, found: Explanation): readonly Mismatch[] {
  return Object.entries(warnings).flatMap(([name, codes]) => {
    const given = found.deliveries.filter(({ subscription }) => subscription === name).flatMap((each) => each.warnings);
    const all = [...new Set(given.map(({ code }) => code))].sort();
    if (isDeepStrictEqual(all, [...codes].sort())) return [];
    return [{ path: ['warnings', name], message: `"${name}" warns of ${all.join(', ') || 'nothing'}` }];
  });
}

/** Several requests of one subscription (an audience that is added to and removed from): one of them must do. */
function partMismatches(expected: Expected, found: Explanation, part: 'fields' | 'body'): readonly Mismatch[] {
  return Object.entries(expected[part] ?? {}).flatMap(([name, wanted]) => {
    const candidates = ready(found, name);
    if (candidates.length === 0) {
      return [{ path: [part, name], message: `"${name}" sends nothing: ${endOf(found, name)}` }];
    }
    const tried = candidates.map((delivery) =>
      Object.entries(wanted).flatMap(([path, value]) => partMismatch(delivery, part, name, path, value)),
    );
    return tried.find((each) => each.length === 0) ?? tried[0] ?? [];
  });
}

function partMismatch(
  delivery: ExplainedDelivery,
  part: 'fields' | 'body',
  name: string,
  path: string,
  wanted: unknown,
): readonly Mismatch[] {
  const keys = keysOf(path);
  const root = part === 'body' ? sentPart(delivery) : fieldValues(delivery);
  const value = valueAt(root, keys) ?? null;
  const plain = isObject(wanted) && typeof wanted['$hash'] === 'string' ? wanted['$hash'] : undefined;
  const hash = plain === undefined ? undefined : hashFor(keys, plain);
  if (isDeepStrictEqual(value, hash ?? wanted)) return [];
  const expectedText = plain === undefined ? JSON.stringify(wanted) : `the hash of ${JSON.stringify(plain)} (${hash})`;
  return [
    { path: [part, name, path], message: `${name}: ${path} is ${JSON.stringify(value)}, expected ${expectedText}` },
  ];
}

function fieldValues({ fields = {} }: ExplainedDelivery): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));
}

/** Of a conversion the event, of an audience the body. */
export function sentPart({ request }: ExplainedDelivery): unknown {
  const body = request?.body;
  const events = isObject(body) && Array.isArray(body['data']) ? body['data'] : undefined;
  return events?.length === 1 && isObject(events[0]) && 'event_name' in events[0] ? events[0] : body;
}

/** As the product hashes it: by the rules of the identifier that the path names, or else the text as it is. */
function hashFor(keys: readonly string[], plain: string): string {
  const field = keys.findLast((key) => Object.hasOwn(identifierFields, key));
  const byRule = field === undefined ? undefined : hashIdentifier(field, plain);
  return byRule ?? createHash('sha256').update(plain).digest('hex');
}

/** How an event ended for a subscription, in words. */
function endOf(found: Explanation, name: string): string {
  const skip = found.skipped.find(({ subscription }) => subscription === name);
  if (skip !== undefined) {
    if (skip.reason !== 'trigger') return `it is skipped (${skip.reason})`;
    const failed = skip.trigger === undefined ? undefined : failedPart(skip.trigger);
    return `its trigger is not met${failed === undefined ? '' : `: ${failed}`}`;
  }
  const delivery = found.deliveries.find(({ subscription }) => subscription === name);
  if (delivery === undefined) return 'the mappings have no such subscription, or the record is no event';
  if (delivery.error !== undefined) return `it is refused: ${delivery.error.message} [${delivery.error.code}]`;
  return 'it is sent';
}

/** The first condition that decided against the event, with what it saw. */
function failedPart(trace: TriggerTrace): string | undefined {
  if (trace.matched) return undefined;
  const inside = trace.parts?.map(failedPart).find((text) => text !== undefined);
  if (inside !== undefined) return inside;
  const saw = trace.saw === undefined ? '' : ` (saw ${JSON.stringify(trace.saw[0] ?? null)})`;
  return `${trace.text}${saw}`;
}
