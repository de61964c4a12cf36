import { ConnectorError } from '../core/errors.ts';
import type { Action } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { type DestinationDraft, destinationName, type Imported, type SubscriptionDraft } from './draft.ts';
import { isEnabled } from './enabled.ts';
import { createFieldBook } from './field-book.ts';
import { formReasons } from './form-reasons.ts';
import { formSettings } from './form-settings.ts';
import type { ImportOptions } from './import-options.ts';
import type { InputDocument, Keys } from './input.ts';
import { fieldFor } from './labels.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';
import { actionTitles, appDataFields } from './segment-fields.ts';
import { noteTrigger } from './trigger-differences.ts';
import { validTrigger } from './valid-draft.ts';

/**
 * Destination files of integrations of Customer.io, which exports none: the form of docs/from-customerio-hightouch.md,
 * filled in from its pages. Labels are as they stand there.
 */
export function importCustomerio(documents: readonly InputDocument[], options: ImportOptions): Imported {
  const ledgers = documents.map((document) => createLedger(document));
  const taken = new Set<string>();
  const destinations = ledgers.flatMap((ledger) => {
    const root = ledger.document.value;
    const listed = Array.isArray(root['list'])
      ? root['list'].map((item, index) => [item, ['list', index]] as const)
      : [[root, []] as const];
    return listed.flatMap(([item, path]) =>
      isObject(item) ? integrationDraft(item, path, ledger, options, taken) : [],
    );
  });
  return { destinations, entries: ledgers.flatMap((ledger) => ledger.entries()) };
}

function integrationDraft(
  value: JsonObject,
  path: Keys,
  ledger: Ledger,
  options: ImportOptions,
  taken: Set<string>,
): readonly DestinationDraft[] {
  const actions = value['actions'];
  if (!Array.isArray(actions)) {
    throw new ConnectorError('IMPORT_UNREADABLE', `${ledger.document.file}: it has no list "actions"`);
  }
  for (const key of ['integration', 'name']) if (Object.hasOwn(value, key)) ledger.carried([...path, key], 'name');
  const drafts = actions.flatMap((item, index): readonly SubscriptionDraft[] => {
    const draft = isObject(item) ? actionDraft(item, [...path, 'actions', index], ledger, options) : undefined;
    return draft === undefined ? [] : [draft];
  });
  const enabled = isEnabled(value, path, ledger);
  const isAudience = (draft: SubscriptionDraft) => options.actions.get(draft.action)?.definition.audience === true;
  const groups = [drafts.filter((draft) => !isAudience(draft)), drafts.filter(isAudience)];
  const name = String(value['name'] ?? value['integration'] ?? 'customerio');
  return groups.flatMap((subscriptions, index): readonly DestinationDraft[] => {
    if (subscriptions.length === 0) return [];
    const isOfAudiences = index === 1;
    const form = own(value, 'settings');
    const settings = {
      ...formSettings(isObject(form) ? form : {}, [...path, 'settings'], ledger, isOfAudiences),
      integration_names: [isOfAudiences ? 'Facebook Custom Audiences (Actions)' : 'Facebook Conversions API (Actions)'],
    };
    return [{ name: destinationName(name, taken), enabled, settings, subscriptions }];
  });
}

function actionDraft(
  value: JsonObject,
  path: Keys,
  ledger: Ledger,
  options: ImportOptions,
): SubscriptionDraft | undefined {
  const title = String(value['action'] ?? '');
  const key = own(actionTitles, title) ?? (options.actions.has(title) ? title : undefined);
  const action = typeof key === 'string' ? options.actions.get(key) : undefined;
  if (action === undefined) {
    ledger.decision(path, formReasons.unknownAction, { detail: `It is called "${title}".` });
    return undefined;
  }
  ledger.carried([...path, 'action'], 'action');
  if (Object.hasOwn(value, 'name')) ledger.carried([...path, 'name'], 'name');
  const enabled = isEnabled(value, path, ledger);
  const trigger = triggerOf(value['trigger'], [...path, 'trigger'], action, ledger);
  if (trigger === undefined) {
    ledger.decision(path, reasons.leftOut);
    return undefined;
  }
  const mapping = mappingOf(value['data'], [...path, 'data'], action, ledger, options);
  return { name: String(value['name'] ?? title), action: action.key, enabled, trigger, mapping };
}

/** Their documents write triggers with typographic quotes. */
function triggerOf(value: unknown, path: Keys, action: Action, ledger: Ledger): string | undefined {
  const { defaultTrigger } = action.definition;
  if (value === undefined || value === null || value === '') {
    if (defaultTrigger === undefined) ledger.decision(path.slice(0, -1), formReasons.noTrigger);
    else if (value !== undefined) ledger.changed(path, formReasons.defaultTrigger, { to: 'trigger' });
    return defaultTrigger;
  }
  const text = String(value).replace(/[“”„]/g, '"');
  const tree = validTrigger(text, path, ledger);
  if (tree === undefined) return undefined;
  if (text !== value) ledger.changed(path, formReasons.quotes, { to: 'trigger' });
  noteTrigger(text, tree, path, ledger);
  return text;
}

function mappingOf(value: unknown, path: Keys, action: Action, ledger: Ledger, options: ImportOptions): JsonObject {
  const book = createFieldBook(ledger);
  for (const [label, given] of Object.entries(isObject(value) ? value : {})) {
    const from = [...path, label];
    const field = fieldFor(label, action);
    if (field === undefined) ledger.decision(from, formReasons.noField);
    else if (typeof given === 'string' && given.includes('{{')) ledger.decision(from, formReasons.placeholders);
    else if (field === 'app_data' && isObject(given)) book.put(field, appData(given), from);
    else if (field === 'data_processing_options' && typeof given === 'boolean') {
      book.put(field, given ? ['LDU'] : null, from);
    } else book.put(field, mappedValue(given), from);
  }
  return book.mapping(action, options.keepDefaults);
}

/** A text that is a path is one; everything else is as in a mapping. */
function mappedValue(given: unknown): unknown {
  return typeof given === 'string' && given.startsWith('$.') ? { '@path': given } : given;
}

function appData(given: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [String(own(appDataFields, key) ?? key), mappedValue(value)]),
  );
}
