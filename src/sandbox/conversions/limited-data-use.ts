import type { EventCheck } from './event-check.ts';
import { present } from './event-path.ts';
import { validationError } from '../graph/graph-errors.ts';

const lastState = 1013;

/** `LDU` needs a country (0 or 1) and a state (0, or 1000 to 1013) (Meta: data processing options). */
export const checkLimitedDataUse: EventCheck = (event) => {
  const options = event['data_processing_options'];
  if (!Array.isArray(options) || options.length === 0) return undefined;
  if (options.some((option) => option !== 'LDU')) return validationError(2804030, ['data_processing_options']);
  const country = event['data_processing_options_country'];
  if (!present(country) || ![0, 1].includes(Number(country))) {
    return validationError(2804030, ['data_processing_options_country']);
  }
  const state = event['data_processing_options_state'];
  const known = Number(state) === 0 || (Number(state) >= 1000 && Number(state) <= lastState);
  return present(state) && known ? undefined : validationError(2804030, ['data_processing_options_state']);
};
