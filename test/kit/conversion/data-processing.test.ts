import { describe } from 'vitest';
import { type Changes, invalid, rows } from '../../actions/order-table.ts';

describe('limited data use', () => {
  const ldu = (options: unknown, country?: unknown, state?: unknown): Changes => ({
    mapping: {
      data_processing_options: options,
      data_processing_options_country: country ?? null,
      data_processing_options_state: state ?? null,
    },
  });
  const code = 'DATA_PROCESSING_OPTIONS_INVALID';
  rows([
    ['in California', ldu(['LDU'], 1, 1000), ['data_processing_options_state', 1000]],
    ['where Meta finds it', ldu('LDU', 0, 0), ['data_processing_options', ['LDU']]],
    ['with numbers as text', ldu(['LDU'], '1', '1000'), ['data_processing_options_country', 1]],
    ['ruled out', ldu([]), ['data_processing_options', []]],
    ['unsaid', ldu(null), ['data_processing_options', undefined]],
    ['without a country', ldu(['LDU']), { code, field: 'data_processing_options_country' }],
    ['with a state without a country', ldu(['LDU'], null, 1000), { code, field: 'data_processing_options_country' }],
    ['with a country without a state', ldu(['LDU'], 1), { code, field: 'data_processing_options_state' }],
    ['in no such country', ldu(['LDU'], 2, 0), { code, field: 'data_processing_options_country' }],
    ['in no such state', ldu(['LDU'], 1, 1014), { code, field: 'data_processing_options_state' }],
    ['of another name', ldu(['CCPA'], 1, 1000), { code, field: 'data_processing_options' }],
    ['unsaid with a state', ldu(null, 1, 1000), { code, field: 'data_processing_options' }],
    ['with a state in words', ldu(['LDU'], 1, 'California'), invalid('data_processing_options_state')],
  ]);
});
