import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { EventFields } from './fields/event.ts';

/** Meta, data processing options: 0 lets Meta find the state; the codes are those of the states with a law. */
const states: ReadonlySet<number> = new Set([
  0, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013,
]);

const code = 'DATA_PROCESSING_OPTIONS_INVALID';

/**
 * Adds the limited data use options to `event`, or says what is wrong with them: `["LDU"]` needs a country and a
 * state; `[]` says that the event isn't limited.
 */
export function addDataProcessing(event: Record<string, unknown>, fields: EventFields): Failure | undefined {
  const options = fields.data_processing_options;
  const country = fields.data_processing_options_country;
  const state = fields.data_processing_options_state;
  if (options === undefined && country === undefined && state === undefined) return undefined;
  if (state !== undefined && country === undefined) return countryMissing;
  if (options === undefined) return optionsMissing;
  if (!options.every((option) => option === 'LDU')) return optionUnknown;
  if (options.length > 0 && country === undefined) return countryMissing;
  if (country !== undefined && country !== 0 && country !== 1) return countryUnknown;
  if (country !== undefined && state === undefined) return stateMissing;
  if (state !== undefined && !states.has(state)) return stateUnknown;
  event['data_processing_options'] = options;
  if (country !== undefined) event['data_processing_options_country'] = country;
  if (state !== undefined) event['data_processing_options_state'] = state;
  return undefined;
}

const countryMissing = failureOf(
  code,
  'data_processing_options_country',
  'Limited data use needs a country, and a state is of no use without one.',
  'Map data_processing_options_country to 1 (United States) or 0 (let Meta find it).',
);

const countryUnknown = failureOf(
  code,
  'data_processing_options_country',
  'The country of limited data use must be 0 or 1.',
  'Map data_processing_options_country to 1 (United States) or 0 (let Meta find it).',
);

const stateMissing = failureOf(
  code,
  'data_processing_options_state',
  'Limited data use with a country needs a state.',
  'Map data_processing_options_state to 0 (let Meta find it) or to a code of Meta such as 1000 (California).',
);

const stateUnknown = failureOf(
  code,
  'data_processing_options_state',
  "The state of limited data use isn't one of Meta's codes.",
  'Map data_processing_options_state to 0 (let Meta find it) or to a code from 1000 (California) to 1013.',
);

const optionUnknown = failureOf(
  code,
  'data_processing_options',
  'The only data processing option is LDU.',
  'Map data_processing_options to ["LDU"], or to [] for an event that is not limited.',
);

const optionsMissing = failureOf(
  code,
  'data_processing_options',
  "A country of limited data use is given, but not whether the event's use is limited.",
  'Map data_processing_options to ["LDU"], or to [] for an event that is not limited.',
);
