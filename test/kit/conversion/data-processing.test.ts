import { describe } from 'vitest';
import { type Changes, leftOut, rows } from '../../actions/order-table.ts';

describe('limited data use', () => {
  const ldu = (options: unknown, country?: unknown, state?: unknown): Changes => ({
    mapping: {
      data_processing_options: options,
      data_processing_options_country: country ?? null,
      data_processing_options_state: state ?? null,
    },
  });
  rows([
    ['in California', ldu(['LDU'], 1, 1000), ['data_processing_options_state', 1000]],
    ['where Meta finds it', ldu('LDU', 0, 0), ['data_processing_options', ['LDU']]],
    ['with numbers as text', ldu(['LDU'], '1', '1000'), ['data_processing_options_country', 1]],
    ['ruled out', ldu([]), ['data_processing_options', []]],
    ['unsaid', ldu(null), ['data_processing_options', undefined]],
    ['without a country', ldu(['LDU']), ['data_processing_options_country', 0]],
    ['in lower case', ldu('ldu', 1, 1000), ['data_processing_options', ['LDU']]],
    ['with a state without a country', ldu(['LDU'], null, 1000), ['data_processing_options_country', 0]],
    ['with a country without a state', ldu(['LDU'], 1), ['data_processing_options_state', 0]],
    ['in no such country', ldu(['LDU'], 2, 0), ['data_processing_options_country', 0]],
    ['in no such state', ldu(['LDU'], 1, 1014), ['data_processing_options_state', 0]],
    ['of another name', ldu(['CCPA'], 1, 1000), leftOut('data_processing_options')],
    [
      'unsaid with a state',
      ldu(null, 1, 1000),
      leftOut('data_processing_options_state', 'data_processing_options_country'),
    ],
    ['with a state in words', ldu(['LDU'], 1, 'California'), ['data_processing_options_state', 0]],
  ]);
});
