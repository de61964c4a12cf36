import type { ActionContext } from '../../core/action.ts';
import type { EventFields } from './fields/event.ts';

/**
 * Adds the options of limited data use to `event` (Meta: data processing options). A country or a state alone says
 * nothing: it is left out. A limited event without them is sent with 0 for each, by which Meta finds the place: an
 * event must not lose its limit for want of a constant.
 */
export function addDataProcessing(event: Record<string, unknown>, fields: EventFields, context: ActionContext): void {
  const options = fields.data_processing_options;
  const country = fields.data_processing_options_country;
  const state = fields.data_processing_options_state;
  if (options === undefined) {
    if (country !== undefined || state !== undefined) context.warn(placeWithoutOptions);
    return;
  }
  event['data_processing_options'] = options;
  if (options.length === 0 && country === undefined) {
    if (state !== undefined) context.warn(placeWithoutOptions);
    return;
  }
  event['data_processing_options_country'] = country ?? 0;
  event['data_processing_options_state'] = state ?? 0;
  if (country === undefined || state === undefined) context.warn(placeFoundByMeta);
}

const placeWithoutOptions = {
  code: 'DATA_PROCESSING_PLACE_LEFT_OUT',
  field: 'data_processing_options_country',
  message: 'A country or a state of limited data use is given without data_processing_options: left out.',
};

const placeFoundByMeta = {
  code: 'DATA_PROCESSING_PLACE_MISSING',
  field: 'data_processing_options_country',
  message: 'The event is limited without its country and state: 0 is sent, by which Meta finds them.',
};
