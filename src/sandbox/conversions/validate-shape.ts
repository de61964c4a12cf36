import { isObject, type JsonObject } from '../../core/json.ts';
import type { EventCheck, EventScope } from './event-check.ts';
import { eventPath, isNumeric, present } from './event-path.ts';
import { type GraphError, parameterError } from '../graph/graph-errors.ts';
import { checkCustomDataShape } from './validate-custom-data.ts';
import { checkUserDataShape } from './validate-user-data.ts';

type Shape = 'text' | 'seconds' | 'boolean' | 'integer' | 'array' | 'object' | 'action source' | 'channel';

const actionSources: ReadonlySet<unknown> = new Set([
  'email',
  'website',
  'app',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
]);
const channels: ReadonlySet<unknown> = new Set(['messenger', 'whatsapp', 'instagram']);

/** Every key that an event may have (Meta: server event parameters); any other is refused. */
const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['event_name', 'text'],
  ['event_time', 'seconds'],
  ['user_data', 'object'],
  ['custom_data', 'object'],
  ['action_source', 'action source'],
  ['event_source_url', 'text'],
  ['event_id', 'text'],
  ['opt_out', 'boolean'],
  ['data_processing_options', 'array'],
  ['data_processing_options_country', 'integer'],
  ['data_processing_options_state', 'integer'],
  ['referrer_url', 'text'],
  ['app_data', 'object'],
  ['original_event_data', 'object'],
  ['attribution_data', 'object'],
  ['customer_segmentation', 'text'],
  ['messaging_channel', 'channel'],
  ['advanced_measurement_table', 'text'],
  ['store_data', 'object'],
]);

const required = ['event_name', 'event_time', 'user_data'];

const fits: Readonly<Record<Shape, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  seconds: (value) => isNumeric(value) && Number.isSafeInteger(Number(value)),
  boolean: (value) => typeof value === 'boolean' || value === 'true' || value === 'false',
  integer: (value) => isNumeric(value) && Number.isInteger(Number(value)),
  array: Array.isArray,
  object: isObject,
  'action source': (value) => actionSources.has(value),
  channel: (value) => channels.has(value),
};

/** Keys, required parameters and types: 2804019, the one error that names its place. */
export const checkShape: EventCheck = (event, scope) =>
  checkKeys(event, scope) ??
  checkRequired(event, scope) ??
  checkUserDataShape(event['user_data'] as JsonObject, scope) ??
  checkCustomDataShape(event['custom_data'], scope.index);

function checkKeys(event: JsonObject, { index }: EventScope): GraphError | undefined {
  for (const key in event) {
    const value = event[key];
    if (value === null || value === undefined) continue;
    const shape = shapes.get(key);
    if (shape === undefined) return parameterError(`Unexpected key "${key}" on param "${eventPath(index)}"`);
    if (value !== '' && !fits[shape](value)) {
      return parameterError(`The parameter ${eventPath(index, key)} is not a valid ${shape}`);
    }
  }
  return undefined;
}

function checkRequired(event: JsonObject, scope: EventScope): GraphError | undefined {
  for (const key of required) {
    if (!present(event[key])) return parameterError(`The parameter ${eventPath(scope.index, key)} is required`);
  }
  const source = event['action_source'];
  if (!present(source)) {
    if (scope.requireActionSource) {
      return parameterError(`The parameter ${eventPath(scope.index, 'action_source')} is required`);
    }
    scope.diagnostics.count('without', 'action_source');
  }
  if (!present(event['event_id'])) scope.diagnostics.count('without', 'event_id');
  if (source === 'website' && !present(event['event_source_url'])) {
    scope.diagnostics.count('website_without', 'event_source_url');
  }
  return undefined;
}
