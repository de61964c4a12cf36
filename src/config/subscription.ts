import type { Action } from '../core/action.ts';
import { type EventType, eventTypes } from '../core/event.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Subscription } from '../core/subscription.ts';
import { suggest } from '../core/suggest.ts';
import { compileProgram } from '../mapping/compile.ts';
import type { Program } from '../mapping/values/compiled.ts';
import { triggerCandidates } from '../trigger/candidates.ts';
import { compilePredicate } from '../trigger/compile.ts';
import { lintTrigger } from '../trigger/lint.ts';
import { parseTrigger } from '../trigger/parse.ts';
import { placeAt } from '../trigger/place.ts';
import { bothOf } from '../trigger/relation.ts';
import type { TriggerNode } from '../trigger/tree.ts';
import { checkFields } from './check-fields.ts';
import type { Report } from './document.ts';
import { inTheClearOf } from './in-the-clear.ts';
import { mergedMapping } from './mapping-merge.ts';
import { recordReads } from './record-reads.ts';
import { bothFilters, type TopicFilter, topicsOf } from './subscription-topics.ts';

/** A subscription with what was written of its mapping, for those who explain it. */
export interface ConfiguredSubscription extends Subscription {
  /** The file's own mapping: what is not in it is the action's default. */
  readonly mapping: JsonObject;
}

/** A subscription that is sound, with what it takes to compare it with others. */
export interface ValidSubscription {
  readonly subscription: ConfiguredSubscription;
  /** Trigger and consent together. */
  readonly condition: TriggerNode;
  /** Defaults and overrides. */
  readonly merged: JsonObject;
  /** Undefined: all. */
  readonly topics: TopicFilter | undefined;
}

interface Surroundings {
  /** Where the subscription stands in the file. */
  readonly base: readonly (string | number)[];
  readonly actions: ReadonlyMap<string, Action>;
  /** The destination's consent expression, parsed. */
  readonly consent: TriggerNode | undefined;
  /** The destination's. */
  readonly topics: TopicFilter | undefined;
  readonly report: Report;
}

/**
 * Checks and compiles one subscription of a file, whose shape may be wrong: all that can be looked at is looked at.
 * Undefined when anything is in the way of using it; that has been reported, here or by the check of the structure.
 */
export function compileSubscription(value: unknown, surroundings: Surroundings): ValidSubscription | undefined {
  if (!isObject(value)) return undefined;
  const { base, report } = surroundings;
  const action = actionOf(value['action'], surroundings);
  const trigger = triggerOf(value, action, surroundings);
  const consent =
    typeof value['consent'] === 'string'
      ? parsed(value['consent'], [...base, 'consent'], report)
      : surroundings.consent;
  const mapping = isObject(value['mapping']) ? value['mapping'] : {};
  const diagnostics = checkFields(mapping, action, typesOf(trigger?.tree));
  for (const diagnostic of diagnostics) report(diagnostic, [...base, 'mapping']);
  const topics = bothFilters(surroundings.topics, topicsOf(value, base, report));
  const inTheClear = inTheClearOf(value['in_the_clear'], action);
  for (const diagnostic of inTheClear.diagnostics) report(diagnostic, base);
  const unsound = [...diagnostics, ...inTheClear.diagnostics].some(({ severity }) => severity === 'error');
  const { id, name } = value;
  if (action === undefined || trigger === undefined || unsound || typeof name !== 'string') return undefined;
  const merged = mergedMapping(action.definition, mapping);
  const program = compileProgram(merged);
  const subscription: ConfiguredSubscription = {
    id: typeof id === 'string' ? id : name,
    name,
    action,
    trigger: trigger.text,
    candidates: triggerCandidates(trigger.tree),
    matches: compilePredicate(trigger.tree),
    resolve: (event) => program.run(event) as JsonObject,
    fields: fieldsOf(action, program),
    fixedFields: fixedFieldsOf(program),
    mapped: new Set(Object.keys(mapping).filter((field) => mapping[field] !== null)),
    ...(topics !== undefined && { takesTopic: topics.takes }),
    ...recordReads(action, merged, consent === undefined ? [trigger.tree] : [trigger.tree, consent]),
    inTheClear: inTheClear.fields,
    ...(consent !== undefined && { consents: compilePredicate(consent) }),
    mapping,
  };
  const condition = consent === undefined ? trigger.tree : bothOf(trigger.tree, consent);
  return { subscription, condition, merged, topics };
}

/** What the mapping gives of itself. */
function fixedFieldsOf(program: Program): JsonObject {
  try {
    return program.run({}) as JsonObject;
  } catch {
    // It exceeds its limits, as it will for an event, which becomes a dead letter then.
    return {};
  }
}

/** From the event straight to the action's fields: no object is made of the mapping's members in between. */
function fieldsOf(action: Action, { run, members }: Program): Subscription['fields'] {
  if (members === undefined) return (event) => action.parse(run(event));
  const parse = action.parser(members.members);
  return (event) => parse(members.read(event));
}

function actionOf(key: unknown, { actions, base, report }: Surroundings): Action | undefined {
  if (typeof key !== 'string') return undefined;
  const action = actions.get(key);
  if (action !== undefined) return action;
  const meant = suggest(key, actions.keys());
  report(
    {
      severity: 'error',
      code: 'UNKNOWN_ACTION',
      path: ['action'],
      message: `there is no action "${key}"`,
      fix: meant === undefined ? `use one of ${[...actions.keys()].join(', ')}` : `did you mean "${meant}"?`,
    },
    base,
  );
  return undefined;
}

interface WrittenTrigger {
  readonly text: string;
  readonly tree: TriggerNode;
}

function triggerOf(
  value: JsonObject,
  action: Action | undefined,
  { base, report }: Surroundings,
): WrittenTrigger | undefined {
  const isOwn = value['trigger'] !== undefined;
  const text = isOwn ? value['trigger'] : action?.definition.defaultTrigger;
  if (typeof text === 'string') {
    const tree = parsed(text, [...base, isOwn ? 'trigger' : 'action'], report);
    return tree && { text, tree };
  }
  if (!isOwn && action !== undefined) {
    report(
      {
        severity: 'error',
        code: 'TRIGGER_MISSING',
        path: ['action'],
        message: `the action "${action.key}" has no default trigger`,
        fix: 'add "trigger": which events it is for',
      },
      base,
    );
  }
  return undefined;
}

/** The tree of a trigger or consent expression; its mistakes and warnings are reported. */
export function parsed(text: string, path: readonly (string | number)[], report: Report): TriggerNode | undefined {
  const result = parseTrigger(text);
  if ('tree' in result) {
    for (const warning of lintTrigger(result.tree)) report(warning, path);
    return result.tree;
  }
  for (const mistake of result.diagnostics) {
    report({ ...mistake, message: mistake.message + lineWithin(text, mistake.offset ?? 0) }, path);
  }
  return undefined;
}

/** A JSON string has one line in the file, whatever number of lines the trigger has. */
function lineWithin(text: string, offset: number): string {
  if (!text.includes('\n')) return '';
  const { line, column } = placeAt(text, offset);
  return ` (line ${line}, column ${column} of the trigger)`;
}

/** The types of event that reach the mapping; undefined when the trigger doesn't say. */
function typesOf(tree: TriggerNode | undefined): readonly EventType[] | undefined {
  if (tree === undefined) return undefined;
  const { types } = triggerCandidates(tree);
  const known = eventTypes.filter((type) => types?.includes(type));
  return known.length > 0 && known.length === types?.length ? known : undefined;
}
