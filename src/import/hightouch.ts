import type { Action } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { type DestinationDraft, destinationName, type Imported } from './draft.ts';
import { isEnabled } from './enabled.ts';
import { formReasons } from './form-reasons.ts';
import { formSettings } from './form-settings.ts';
import { syncMapping } from './hightouch-mapping.ts';
import type { ImportOptions } from './import-options.ts';
import type { InputDocument, Keys } from './input.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';

/** Destination files of syncs of Hightouch, as its Git sync writes them: one file each, since each has rows of its own. */
export function importHightouch(documents: readonly InputDocument[], options: ImportOptions): Imported {
  const taken = new Set<string>();
  const ledgers = documents.map((document) => createLedger(document));
  const destinations = ledgers.flatMap((ledger) => {
    const draft = syncDraft(ledger, options, taken);
    return draft === undefined ? [] : [draft];
  });
  return { destinations, entries: ledgers.flatMap((ledger) => ledger.entries()) };
}

/** Members of a sync that say when it runs, and what it is called there. */
const schedules = ['schedule', 'scheduling', 'schedules', 'alerts'];
const names = ['id', 'slug', 'source', 'primaryKey', 'createdAt', 'updatedAt', 'labels', 'folder'];

function syncDraft(ledger: Ledger, options: ImportOptions, taken: Set<string>): DestinationDraft | undefined {
  const root = ledger.document.value;
  const config = root['config'] ?? root['configuration'];
  const at: Keys = [Object.hasOwn(root, 'config') ? 'config' : 'configuration'];
  if (!isObject(config)) {
    // A model, or the list of sources and destinations that Git sync writes.
    for (const key of Object.keys(root)) ledger.changed([key], reasons.otherProduct);
    return undefined;
  }
  const action = actionOf(config, options);
  if (action === undefined) {
    ledger.decision(at, formReasons.unknownSync);
    return undefined;
  }
  for (const key of schedules) if (Object.hasOwn(root, key)) ledger.changed([key], formReasons.schedule);
  for (const key of names) if (Object.hasOwn(root, key)) ledger.changed([key], reasons.noMeaning);
  const isAudience = action.definition.audience === true;
  const model = typeof root['model'] === 'string' ? root['model'] : undefined;
  const topic = model !== undefined && topicName.test(model) ? model : undefined;
  if (topic !== undefined) ledger.changed(['model'], formReasons.rows, { to: 'topics' });
  else ledger.decision(['model'], formReasons.noTopic);
  noteAnchors(root, ledger);
  const name = [root['name'], root['destination'], model].find((each) => typeof each === 'string') ?? 'hightouch';
  for (const key of ['name', 'destination']) if (Object.hasOwn(root, key)) ledger.carried([key], 'name');
  const mapping = syncMapping(config, at, action, ledger);
  return {
    name: destinationName(String(name), taken),
    enabled: true,
    settings: formSettings(config, at, ledger, isAudience),
    ...(topic !== undefined && { topic }),
    subscriptions: [
      {
        name: String(root['name'] ?? model ?? action.definition.title),
        action: action.key,
        // Without a topic it would take the rows of every model.
        enabled: isRunning(root, ledger) && topic !== undefined,
        trigger: isAudience
          ? 'type = "track" and event in ["new", "updated", "deleted"]'
          : 'type = "track" and event = "new"',
        mapping,
      },
    ],
  };
}

/** Members that hold what anchors are made of, and the version of the form. */
function noteAnchors(root: JsonObject, ledger: Ledger): void {
  for (const key of Object.keys(root)) if (key.startsWith('x-')) ledger.changed([key], reasons.noMeaning);
  for (const key of ['config', 'configuration']) {
    if (own(root[key], 'configVersion') !== undefined) ledger.changed([key, 'configVersion'], reasons.noMeaning);
  }
}

/** What a topic of Kafka may be called. */
const topicName = /^[\w.-]{1,249}$/;

/** An audience has one; an event has a name. */
function actionOf(config: JsonObject, { actions }: ImportOptions): Action | undefined {
  const keys = Object.keys(config).map((key) => key.toLowerCase());
  if (keys.some((key) => key.includes('audience'))) return actions.get('sync-audience');
  return keys.includes('eventname') || keys.includes('event_name') ? actions.get('custom-event') : undefined;
}

/** A switch that isn't understood is off, and needs a decision. */
function isRunning(root: JsonObject, ledger: Ledger): boolean {
  let isOn = isEnabled(root, [], ledger);
  for (const key of ['schedulePaused', 'isPaused', 'paused', 'disabled']) {
    if (!Object.hasOwn(root, key)) continue;
    const isPaused = root[key];
    if (isPaused === false) ledger.carried([key], '(nothing: it is on)');
    else if (isPaused === true) ledger.changed([key], formReasons.paused, { to: 'enabled' });
    else ledger.decision([key], reasons.unclearSwitch, { to: 'enabled' });
    isOn &&= isPaused === false;
  }
  return isOn;
}
