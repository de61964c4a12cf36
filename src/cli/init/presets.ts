import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageFile } from '../../config/build-info.ts';
import { type ConfiguredDestination, loadDestination } from '../../config/destination.ts';
import { parseDocument } from '../../config/document.ts';
import type { Action } from '../../core/action.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordKind } from '../../core/record-kind.ts';
import { suggest } from '../../core/suggest.ts';
import { loadTestFile, type MappingTest } from '../test/test-file.ts';

/** A subscription as a destination file has it. */
export interface WrittenSubscription extends JsonObject {
  readonly name: string;
  readonly action: string;
  readonly trigger?: string;
}

/** What is known of a kind of source: subscriptions for it, and tests of them. */
export interface Preset {
  readonly name: string;
  readonly settings: JsonObject;
  /** What its records are. */
  readonly records: RecordKind;
  readonly subscriptions: readonly WrittenSubscription[];
  readonly tests: readonly MappingTest[];
  readonly destination: ConfiguredDestination;
}

/** The preset that is made of what the actions say of themselves. */
export const standardEvents = 'standard-events';

type Actions = ReadonlyMap<string, Action>;

/** The presets of the product by name, and at the end what the actions say of themselves. */
export function loadPresets(actions: Actions): readonly Preset[] {
  const folder = packageFile('mappings/presets');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.endsWith('.test.json'));
  return [...names.sort().map((name) => presetOf(join(folder, name), actions)), ofActions(actions)];
}

/** @throws ConnectorError `USAGE` with what was probably meant. */
export function presetNamed(name: string, presets: readonly Preset[]): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = presets.map((preset) => preset.name);
  const meant = suggest(name, names);
  const advice = meant === undefined ? `there are ${names.join(', ')}` : `did you mean "${meant}"?`;
  throw new ConnectorError('USAGE', `there is no preset "${name}": ${advice}`);
}

function presetOf(file: string, actions: Actions): Preset {
  const tests = loadTestFile(file.replace(/\.json$/, '.test.json'));
  if ('problems' in tests) throw new ConnectorError('CONFIG_INVALID', `${file}: its tests can't be read`);
  // A test of other records, or of a file that isn't written along, would not hold in a file of its own.
  const own = tests.tests.filter((test) => test.file === undefined && test.records === undefined);
  return { ...loaded(file, readFileSync(file, 'utf8'), actions), records: tests.records, tests: own };
}

/** The actions that have a trigger of their own, and those for events that the spec of others has no name for. */
function ofActions(actions: Actions): Preset {
  const byThemselves = [...actions.values()]
    .filter(({ definition }) => definition.audience !== true && definition.defaultTrigger !== undefined)
    .map(({ key, definition }) => ({ name: definition.title, action: key }));
  const subscribe = {
    name: 'Subscribe',
    action: 'subscribe',
    trigger: 'type = "track" and event = "Subscription Started"',
  };
  const settings = { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } };
  const file = { name: standardEvents, settings, subscriptions: [...byThemselves, subscribe] };
  return { ...loaded(`${standardEvents}.json`, JSON.stringify(file), actions), records: 'events', tests: [] };
}

function loaded(file: string, text: string, actions: Actions) {
  const { destination } = loadDestination(file, text, { actions, environment: {} });
  if (destination === undefined) throw new ConnectorError('CONFIG_INVALID', `${file} can't be used as a preset`);
  const { settings, subscriptions } = parseDocument(file, text).value as Pick<Preset, 'settings' | 'subscriptions'>;
  return { name: basename(file, '.json'), settings, subscriptions, destination };
}
