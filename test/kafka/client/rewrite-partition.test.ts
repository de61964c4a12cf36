import { createRequire } from 'node:module';
import type { KafkaMessage } from 'kafkajs';
import { expect, it } from 'vitest';
import { copyOf } from '../../../src/kafka/client/rewrite-partition.ts';

const require = createRequire(import.meta.url);
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object;

it("anybody's message can be copied, whatever its headers lack", () => {
  const headers = { one: null, several: [Buffer.from('a'), null, 'b'], plain: 'p' };
  const message = { key: null, value: Buffer.from('v'), timestamp: '7', attributes: 0, offset: '0', headers };
  const copy = copyOf(message as unknown as KafkaMessage);
  const nothing = Buffer.alloc(0);
  expect(copy).toEqual({
    ...{ key: null, value: Buffer.from('v'), timestamp: '7' },
    headers: { one: nothing, several: [Buffer.from('a'), nothing, 'b'], plain: 'p' },
  });
  expect(() => encodeRecord({ ...copy })).not.toThrow();
});
