import { hideTokens } from '../config/hide-secrets.ts';
import type { JsonObject } from '../core/json.ts';
import type { Entry } from './ledger.ts';

/** A subscription on its way into a destination file. */
export interface SubscriptionDraft {
  readonly name: string;
  readonly action: string;
  readonly enabled: boolean;
  readonly trigger?: string;
  readonly mapping: JsonObject;
  readonly inTheClear?: readonly string[];
}

export interface DestinationDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly settings: JsonObject;
  /** The topic that its records come from; absent: all. */
  readonly topic?: string;
  readonly subscriptions: readonly SubscriptionDraft[];
}

/** What an export comes to. */
export interface Imported {
  readonly destinations: readonly DestinationDraft[];
  readonly entries: readonly Entry[];
}

/** The JSON of the file; what goes without saying is left out. */
export function destinationJson({ name, enabled, settings, topic, subscriptions }: DestinationDraft): JsonObject {
  const taken = new Set<string>();
  return {
    name,
    ...(!enabled && { enabled: false }),
    ...(topic !== undefined && { topics: [topic] }),
    settings,
    subscriptions: subscriptions.map((each) => subscriptionJson(each, taken)),
  };
}

function subscriptionJson(draft: SubscriptionDraft, taken: Set<string>): JsonObject {
  const name = uniqueName(draft.name, taken);
  return {
    name,
    action: draft.action,
    ...(!draft.enabled && { enabled: false }),
    ...(draft.trigger !== undefined && { trigger: draft.trigger }),
    ...(Object.keys(draft.mapping).length > 0 && { mapping: draft.mapping }),
    ...(draft.inTheClear !== undefined && draft.inTheClear.length > 0 && { in_the_clear: draft.inTheClear }),
  };
}

/** The name, or the name with a number behind it; it is taken from then on. */
function uniqueName(name: string, taken: Set<string>): string {
  const wanted = name.trim() === '' ? 'Unnamed' : hideTokens(name.trim());
  let unique = wanted;
  for (let number = 2; taken.has(unique); number += 1) unique = `${wanted} (${number})`;
  taken.add(unique);
  return unique;
}

/** A name that a destination may have, and a file. */
export function destinationName(text: string, taken: Set<string>): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const wanted = plain === '' ? 'imported' : plain;
  let unique = wanted;
  for (let number = 2; taken.has(unique); number += 1) unique = `${wanted}-${number}`;
  taken.add(unique);
  return unique;
}
