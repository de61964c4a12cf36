import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { kafkaLogCreator } from '../../../src/kafka/client/logger.ts';

it('routes what kafkajs logs into the callback, one level lower and without stacks', () => {
  const seen: unknown[] = [];
  const write = kafkaLogCreator((...entry) => void seen.push(entry))(kafkajs.logLevel.WARN);
  const log = { timestamp: '', logger: 'kafkajs', message: 'Response Heartbeat', stack: 'at', error: 'rebalancing' };
  write({ namespace: 'Connection', level: kafkajs.logLevel.ERROR, label: 'ERROR', log });
  write({ namespace: 'Runner', level: kafkajs.logLevel.WARN, label: 'WARN', log: { ...log, message: 're-joining' } });
  expect(seen).toEqual([
    ['warn', '[Connection] Response Heartbeat', { error: 'rebalancing' }],
    ['info', '[Runner] re-joining', { error: 'rebalancing' }],
  ]);
});
