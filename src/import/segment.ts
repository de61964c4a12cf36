import type { Action } from '../core/action.ts';
import { isObject, own } from '../core/json.ts';
import type { Imported, SubscriptionDraft } from './draft.ts';
import { isEnabled } from './enabled.ts';
import type { ImportOptions } from './import-options.ts';
import type { InputDocument, Keys } from './input.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';
import { actionTitles, segmentActions } from './segment-fields.ts';
import { segmentMapping } from './segment-mapping.ts';
import { segmentReasons } from './segment-reasons.ts';
import { noteDestination, segmentDestination } from './segment-destination.ts';
import { type SegmentResource, segmentResources, textOf, withSettings } from './segment-resources.ts';
import { noteTrigger } from './trigger-differences.ts';
import { validTrigger } from './valid-draft.ts';

/** Destination files of what Segment's Git sync, Terraform provider or Public API gives. */
export function importSegment(documents: readonly InputDocument[], options: ImportOptions): Imported {
  const ledgers = documents.map((document) => createLedger(withSettings(document)));
  const { subscriptions, destinations, actionSlugs } = segmentResources(ledgers);
  const groups = new Map<string, Group>();
  for (const subscription of subscriptions) {
    const draft = draftOf(subscription, actionSlugs, options);
    if (draft === undefined) continue;
    const isAudience = options.actions.get(draft.action)?.definition.audience === true;
    const key = JSON.stringify([subscription.destinationId ?? '', isAudience]);
    const owner = destinations.find(({ destinationId }) => destinationId === subscription.destinationId);
    const group = groups.get(key) ?? { owner, isAudience, drafts: [] };
    groups.set(key, { ...group, drafts: [...group.drafts, draft] });
  }
  const taken = new Set<string>();
  const drafts = [...groups.values()].map(({ owner, drafts: listed, isAudience }) =>
    segmentDestination(owner, listed, isAudience, taken),
  );
  const owners = new Set([...groups.values()].map(({ owner }) => owner));
  for (const destination of destinations) {
    if (owners.has(destination)) noteDestination(destination);
    else destination.ledger.changed(destination.path, reasons.otherProduct);
  }
  return { destinations: drafts, entries: ledgers.flatMap((ledger) => ledger.entries()) };
}

interface Group {
  readonly owner: SegmentResource | undefined;
  readonly isAudience: boolean;
  readonly drafts: readonly SubscriptionDraft[];
}

function draftOf(
  subscription: SegmentResource,
  slugs: ReadonlyMap<string, string>,
  options: ImportOptions,
): SubscriptionDraft | undefined {
  const { value, path, ledger } = subscription;
  const action = actionOf(subscription, slugs, options);
  if (action === undefined) return undefined;
  const settings = value['settings'];
  const trigger = triggerOf(value['trigger'], [...path, 'trigger'], ledger);
  if (trigger === undefined || !isObject(settings)) {
    if (!isObject(settings)) ledger.decision([...path, 'settings'], segmentReasons.wrongSettings);
    ledger.decision(path, reasons.leftOut);
    return undefined;
  }
  noteRest(subscription);
  return {
    name: textOf(value['name']) ?? action.definition.title,
    action: action.key,
    // Another destination may be off, or is not the one that all of these would be put into.
    enabled: isEnabled(value, path, ledger) && !isOfUnknown(subscription),
    trigger,
    mapping: segmentMapping({
      settings,
      path: [...path, 'settings'],
      action,
      ledger,
      keepDefaults: options.keepDefaults,
    }),
  };
}

function triggerOf(value: unknown, path: Keys, ledger: Ledger): string | undefined {
  if (typeof value !== 'string') return undefined;
  const tree = validTrigger(value, path, ledger);
  if (tree === undefined) return undefined;
  noteTrigger(value, tree, path, ledger);
  return value;
}

/** By what the user says, the slug, the slug of the id, and at last the name. */
function actionOf(
  { value, path, ledger }: SegmentResource,
  slugs: ReadonlyMap<string, string>,
  { actions, actionIds }: ImportOptions,
): Action | undefined {
  const id = textOf(value['actionId'] ?? value['action_id']);
  const slug = textOf(value['actionSlug'] ?? value['action_slug']) ?? (id === undefined ? undefined : slugs.get(id));
  const idPath = [...path, Object.hasOwn(value, 'action_id') ? 'action_id' : 'actionId'];
  const slugPath = [...path, Object.hasOwn(value, 'action_slug') ? 'action_slug' : 'actionSlug'];
  const given = (id === undefined ? undefined : actionIds.get(id)) ?? own(segmentActions, slug ?? '');
  if (typeof given === 'string' && actions.has(given)) {
    if (id !== undefined) ledger.carried(idPath, 'action');
    if (Object.hasOwn(value, slugPath.at(-1) as string)) ledger.carried(slugPath, 'action');
    return actions.get(given);
  }
  const name = textOf(value['name']);
  const byName = slug === undefined ? own(actionTitles, (name ?? '').replace(/ V2$/, '')) : undefined;
  if (typeof byName === 'string') {
    ledger.changed(idPath, segmentReasons.actionByName, { to: 'action' });
    return actions.get(byName);
  }
  const said = name === undefined ? undefined : `It is called "${name}".`;
  ledger.decision(path, segmentReasons.unknownAction, said === undefined ? {} : { detail: said });
  return undefined;
}

/** Its destination is an expression that isn't worked out here. */
function isOfUnknown({ path, ledger, destinationId }: SegmentResource): boolean {
  return destinationId === undefined && ledger.isUnread([...path, 'destination_id']);
}

function noteRest(subscription: SegmentResource): void {
  const { value, path, ledger } = subscription;
  if (Object.hasOwn(value, 'name')) ledger.carried([...path, 'name'], 'name');
  for (const key of ['id', 'destination_id', 'destinationId']) {
    if (Object.hasOwn(value, key)) ledger.changed([...path, key], reasons.noMeaning);
  }
  if (isOfUnknown(subscription)) ledger.decision([...path, 'destination_id'], segmentReasons.unknownDestination);
  else if (ledger.isUnread([...path, 'destination_id'])) ledger.changed([...path, 'destination_id'], reasons.noMeaning);
  for (const key of ['model_id', 'modelId', 'reverse_etl_model_id', 'reverseETLModelId']) {
    if (!Object.hasOwn(value, key)) continue;
    if (value[key] === null || value[key] === '') ledger.changed([...path, key], reasons.noMeaning);
    else ledger.decision([...path, key], segmentReasons.model);
  }
  for (const key of ['reverse_etl_schedule', 'reverseETLSchedule']) {
    if (!Object.hasOwn(value, key)) continue;
    ledger.changed([...path, key], value[key] === null ? reasons.noMeaning : segmentReasons.schedule);
  }
}
