import { isObject, type JsonObject } from '../core/json.ts';
import { rudderReasons } from './rudderstack-reasons.ts';
import type { RudderDestination } from './rudderstack-resources.ts';
import { noteOff, switchSetting, textsOf } from './rudderstack-settings.ts';

/** What the settings say of every subscription. */
export function commonMapping(destination: RudderDestination): {
  readonly mapping: JsonObject;
  readonly inTheClear: readonly string[];
} {
  const { ledger } = destination;
  const source = destination.setting('actionSource');
  const [action] = textsOf(source?.value);
  if (source !== undefined) {
    if (action === undefined) noteOff(source, destination);
    else ledger.carried(source.path, 'action_source');
    destination.origins.set('action_source', source.path);
  }
  const denied = destination.setting('blacklistPiiProperties');
  if (denied !== undefined) ledger.changed(denied.path, rudderReasons.denied);
  const allowed = destination.setting('whitelistPiiProperties');
  const names = textsOf(allowed?.value, 'whitelistPiiProperties', 'property');
  if (allowed !== undefined) {
    if (names.length === 0) noteOff(allowed, destination);
    else ledger.changed(allowed.path, rudderReasons.allowed, { to: 'in_the_clear' });
  }
  const isLimited = switchSetting(destination, 'limitedDataUsage', 'data_processing_options', rudderReasons.limited);
  const hasNoId = switchSetting(destination, 'removeExternalId', 'external_id');
  const category = categoryOf(destination);
  return {
    mapping: {
      ...(action !== undefined && { action_source: action }),
      ...(isLimited && {
        data_processing_options: { '@first': [{ '@path': '$.context.dataProcessingOptions[0]' }, ['LDU']] },
        data_processing_options_country: { '@path': '$.context.dataProcessingOptions[1]' },
        data_processing_options_state: { '@path': '$.context.dataProcessingOptions[2]' },
      }),
      ...(hasNoId && { external_id: null }),
      ...(category !== undefined && { content_type: category }),
      // All properties go along, as they do there.
      custom_data: { '@path': '$.properties' },
    },
    inTheClear: names.map((name) => `custom_data.${name}`),
  };
}

/** The content type by the category of what is looked at. */
function categoryOf(destination: RudderDestination): JsonObject | undefined {
  const setting = destination.setting('categoryToContent');
  if (setting === undefined) return undefined;
  const listed = Array.isArray(setting.value) ? setting.value.filter(isObject) : [];
  const cases = listed.flatMap(({ from, to }) =>
    typeof from === 'string' && from !== '' && !from.startsWith('@') && typeof to === 'string' && to !== ''
      ? [[from, to]]
      : [],
  );
  if (cases.length === 0) {
    noteOff(setting, destination);
    return undefined;
  }
  destination.ledger.carried(setting.path, 'content_type');
  destination.origins.set('content_type', setting.path);
  return {
    '@map': { value: { '@path': '$.properties.category' }, cases: Object.fromEntries(cases), default: 'product' },
  };
}

/** Where the value of a product is. */
export function valueFieldOf(destination: RudderDestination): JsonObject | undefined {
  const setting = destination.setting('valueFieldIdentifier');
  if (setting === undefined) return undefined;
  const [path] = textsOf(setting.value);
  if (path === undefined || !/^properties\.\w+$/.test(path)) {
    noteOff(setting, destination);
    return undefined;
  }
  destination.ledger.changed(setting.path, rudderReasons.valueField, { to: 'value' });
  destination.origins.set('value', setting.path);
  return { '@path': `$.${path}` };
}
