import { parseExactly } from '../core/exact-json.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { type InputDocument, type Keys, pathText } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';
import { segmentReasons } from './segment-reasons.ts';

/** A subscription or destination of the export, and where it stands. */
export interface SegmentResource {
  readonly value: JsonObject;
  readonly path: Keys;
  readonly ledger: Ledger;
  /** Of a subscription its destination's, of a destination its own. */
  readonly destinationId: string | undefined;
}

export interface SegmentResources {
  readonly subscriptions: readonly SegmentResource[];
  readonly destinations: readonly SegmentResource[];
  /** The slugs of actions by their ids, where the export has the catalog's entry of a destination. */
  readonly actionSlugs: ReadonlyMap<string, string>;
}

interface Found {
  readonly ledger: Ledger;
  readonly subscriptions: SegmentResource[];
  readonly destinations: SegmentResource[];
  readonly actionSlugs: Map<string, string>;
}

/** Everything of Segment's that the files hold: blocks of its Terraform provider, and answers of its Public API. */
export function segmentResources(ledgers: readonly Ledger[]): SegmentResources {
  const all = { subscriptions: [], destinations: [], actionSlugs: new Map<string, string>() };
  for (const ledger of ledgers) {
    const found: Found = { ...all, ledger };
    if (/\.tf$/i.test(ledger.document.file)) fromTerraform(found);
    else fromAnswer(ledger.document.value, [], found, undefined);
  }
  return all;
}

/** The document with settings as objects where they are the JSON of one as a text. */
export function withSettings(document: InputDocument): InputDocument {
  return { ...document, value: settingsRead(document.value) as JsonObject };
}

function settingsRead(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settingsRead);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === 'settings' ? objectIn(member) : settingsRead(member)]),
  );
}

function objectIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const read = parseExactly(value);
    return isObject(read) ? read : value;
  } catch {
    return value;
  }
}

/** Blocks that say how Terraform works, not what Segment does. */
const terraformBlocks = ['import', 'terraform', 'provider', 'variable', 'locals', 'output', 'data', 'moved', 'removed'];

/** Blocks of what is left out of events, or changed in them, on their way to a destination. */
const rules = ['segment_destination_filter', 'segment_insert_function_instance', 'segment_transformation'];

function fromTerraform({ ledger, subscriptions, destinations }: Found): void {
  const root = ledger.document.value;
  for (const key of terraformBlocks) {
    if (Object.hasOwn(root, key)) ledger.changed([key], segmentReasons.terraform);
  }
  for (const [type, named] of Object.entries(isObject(root['resource']) ? root['resource'] : {})) {
    for (const [label, value] of Object.entries(isObject(named) ? named : {})) {
      const path = ['resource', type, label];
      if (!isObject(value)) continue;
      if (type === 'segment_destination_subscription') {
        const destinationId = textOf(value['destination_id']) ?? referredFrom([...path, 'destination_id'], ledger);
        subscriptions.push({ value, path, ledger, destinationId });
      } else if (type === 'segment_destination') {
        destinations.push({ value, path, ledger, destinationId: idOfLabel(label) });
      } else if (rules.includes(type)) ledger.decision(path, segmentReasons.rule);
      else ledger.changed(path, reasons.otherProduct);
    }
  }
}

/** Git sync names a block by the id of what it is. */
function idOfLabel(label: string): string {
  return label.replace(/^id-/, '');
}

/** The destination that a reference to a block of it means; undefined: none stands there. */
function referredFrom(path: Keys, { document }: Ledger): string | undefined {
  const unread = document.unread.find((each) => pathText(each.path) === pathText(path));
  const label = /^segment_destination\.([\w-]+)\.id$/.exec(unread?.reference ?? '')?.[1];
  return label === undefined ? undefined : idOfLabel(label);
}

/** The members in which answers of the Public API hold what they hold. */
const wrappers = ['data', 'list', 'destinations', 'destination', 'subscriptions', 'subscription'];

function fromAnswer(value: unknown, path: Keys, found: Found, destinationId: string | undefined): void {
  const { ledger, subscriptions, destinations } = found;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) fromAnswer(item, [...path, index], found, destinationId);
    return;
  }
  if (!isObject(value)) return;
  if (typeof value['trigger'] === 'string' || 'actionSlug' in value || 'actionId' in value) {
    subscriptions.push({ value, path, ledger, destinationId: textOf(value['destinationId']) ?? destinationId });
    return;
  }
  let owner = destinationId;
  if (isObject(value['metadata']) && isObject(value['settings'])) {
    owner = textOf(value['id']) ?? `${ledger.document.file} ${path.join(' ')}`;
    destinations.push({ value, path, ledger, destinationId: owner });
  }
  for (const key of ['metadata', 'destinationMetadata', 'destinationsCatalog']) {
    if (Object.hasOwn(value, key)) readCatalog(value[key], [...path, key], found);
  }
  if (Object.hasOwn(value, 'pagination')) ledger.changed([...path, 'pagination'], reasons.noMeaning);
  for (const key of wrappers) {
    if (Object.hasOwn(value, key)) fromAnswer(value[key], [...path, key], found, owner);
  }
}

/** The catalog's entry of a destination tells the slugs of its actions. */
function readCatalog(value: unknown, path: Keys, { ledger, actionSlugs }: Found): void {
  ledger.changed(path, reasons.noMeaning);
  for (const entry of Array.isArray(value) ? value : [value]) {
    const listed = own(entry, 'actions');
    for (const action of Array.isArray(listed) ? listed : []) {
      const [id, slug] = [textOf(own(action, 'id')), textOf(own(action, 'slug'))];
      if (id !== undefined && slug !== undefined) actionSlugs.set(id, slug);
    }
  }
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
