import { isObject, type JsonObject, own } from '../core/json.ts';
import { isEnabled } from './enabled.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';
import { rudderReasons } from './rudderstack-reasons.ts';

export type RudderKind = 'conversions' | 'pixel' | 'audience';

/** A destination of the export, and where it stands. */
export interface RudderDestination {
  readonly kind: RudderKind;
  readonly name: string | undefined;
  readonly enabled: boolean;
  readonly ledger: Ledger;
  /** The settings that fields of its subscriptions are from. */
  readonly origins: Map<string, Keys>;
  /** A setting by the name that the workspace's configuration has for it; in YAML it is spelled with underscores. */
  setting(name: string): Setting | undefined;
}

export interface Setting {
  readonly value: unknown;
  readonly path: Keys;
}

const kinds: Readonly<Record<string, RudderKind>> = {
  facebook_conversions: 'conversions',
  facebook_pixel: 'pixel',
  fb_custom_audience: 'audience',
  facebook_custom_audience: 'audience',
};

/** Members of a destination that describe it there. */
const description = [
  'id',
  'sourceId',
  'destinationId',
  'destinationDefinition',
  'destinationDefinitionId',
  'workspaceId',
  'revisionId',
  'createdAt',
  'updatedAt',
  'createdBy',
  'definition_version',
  'type',
];

/** What it says of a destination of which the server sends nothing, whatever its own switch says. */
const switchedOff = { isConnectionEnabled: false, isProcessorEnabled: false, deleted: true } as const;

function isConnected(value: JsonObject): boolean {
  return Object.entries(switchedOff).every(([key, off]) => value[key] !== off);
}

/** The destinations of Meta in a workspace's configuration, or in files of the command line tool. */
export function rudderDestinations(ledgers: readonly Ledger[]): readonly RudderDestination[] {
  const found: RudderDestination[] = [];
  const ids = new Map<unknown, number>();
  for (const ledger of ledgers) {
    const root = ledger.document.value;
    if (isObject(root['spec'])) fromSpec(root, ledger, found);
    else fromWorkspace(root, [], ledger, found, ids);
  }
  return found;
}

/** A YAML file of the command line tool: one destination, or something else. */
function fromSpec(root: JsonObject, ledger: Ledger, found: RudderDestination[]): void {
  const spec = isObject(root['spec']) ? root['spec'] : {};
  for (const key of ['version', 'kind', 'metadata'])
    if (Object.hasOwn(root, key)) ledger.changed([key], reasons.noMeaning);
  const kind = kindOf(spec['type']);
  if (kind === undefined) ledger.changed(['spec'], reasons.otherProduct);
  else found.push(destinationOf(kind, spec, ['spec'], ledger, spec['display_name'] ?? spec['id'], 'display_name'));
}

function fromWorkspace(
  value: unknown,
  path: Keys,
  ledger: Ledger,
  found: RudderDestination[],
  ids: Map<unknown, number>,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) fromWorkspace(item, [...path, index], ledger, found, ids);
    return;
  }
  if (!isObject(value)) return;
  if (isObject(value['config']) && (isObject(value['destinationDefinition']) || typeof value['type'] === 'string')) {
    const kind = kindOf(own(value['destinationDefinition'], 'name') ?? value['type']);
    const known = value['id'] === undefined ? undefined : ids.get(value['id']);
    const before = known === undefined ? undefined : found[known];
    if (kind === undefined) ledger.changed(path, reasons.otherProduct);
    else if (known !== undefined && before !== undefined) {
      ledger.changed(path, rudderReasons.again);
      // Connected to one source, it is on.
      if (value['enabled'] === true && isConnected(value)) found[known] = { ...before, enabled: true };
    } else {
      ids.set(value['id'], found.length);
      found.push(destinationOf(kind, value, path, ledger, value['name'], 'name'));
    }
    return;
  }
  const holders = ['sources', 'source', 'destinations', 'destination', 'list', 'data'];
  for (const [key, member] of Object.entries(value)) {
    if (key === 'enabled' && member === false) ledger.decision([...path, key], rudderReasons.sourceOff);
    else if (holders.includes(key)) fromWorkspace(member, [...path, key], ledger, found, ids);
    else ledger.changed([...path, key], path.includes('sources') ? rudderReasons.source : reasons.noMeaning);
  }
}

function kindOf(type: unknown): RudderKind | undefined {
  const kind = typeof type === 'string' ? own(kinds, type.toLowerCase()) : undefined;
  return kind as RudderKind | undefined;
}

function destinationOf(
  kind: RudderKind,
  value: JsonObject,
  path: Keys,
  ledger: Ledger,
  name: unknown,
  nameKey: string,
): RudderDestination {
  for (const key of description) if (Object.hasOwn(value, key)) ledger.changed([...path, key], reasons.noMeaning);
  if (Object.hasOwn(value, nameKey)) ledger.carried([...path, nameKey], 'name');
  const enabled = isEnabled(value, path, ledger) && isConnected(value);
  for (const [key, off] of Object.entries(switchedOff)) {
    if (value[key] === off) ledger.changed([...path, key], reasons.disabled, { to: 'enabled' });
    else if (Object.hasOwn(value, key)) ledger.changed([...path, key], reasons.noMeaning);
  }
  const transformations = value['transformations'];
  if (transformations !== undefined) {
    const none = Array.isArray(transformations) && transformations.length === 0;
    if (none) ledger.changed([...path, 'transformations'], reasons.emptyField);
    else ledger.decision([...path, 'transformations'], reasons.transformation);
  }
  const config = isObject(value['config']) ? value['config'] : {};
  return {
    kind,
    name: typeof name === 'string' ? name : undefined,
    enabled,
    ledger,
    origins: new Map(),
    setting(wanted) {
      const key = Object.keys(config).find((each) => compact(each) === compact(wanted));
      return key === undefined ? undefined : { value: config[key], path: [...path, 'config', key] };
    },
  };
}

/** `limitedDataUSage` and `limited_data_usage` are one name. */
function compact(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
