import { expect, it } from 'vitest';
import { withExactSessionId } from '../../../src/sandbox/graph/exact-session-id.ts';

function read(text: string): unknown {
  return withExactSessionId(JSON.parse(text), text);
}

it.each([
  [
    '{"session":{"session_id":9007199254740993,"batch_seq":1}}',
    { session: { session_id: '9007199254740993', batch_seq: 1 } },
  ],
  ['{"session_id" : 9223372036854775807}', { session_id: '9223372036854775807' }],
  [
    '{"a":"\\"session_id\\":1111111111111111111,","session_id":9007199254740993}',
    {
      a: '"session_id":1111111111111111111,',
      session_id: '9007199254740993',
    },
  ],
  ['{"session":{"session_id":12}}', { session: { session_id: 12 } }],
  ['{"session":{"session_id":"9007199254740993"}}', { session: { session_id: '9007199254740993' } }],
  ['{"custom_data":{"session_id":9007199254740993}}', { custom_data: { session_id: 9007199254740992 } }],
  ['[1]', [1]],
])('%s', (text, expected) => {
  expect(read(text)).toEqual(expected);
});
