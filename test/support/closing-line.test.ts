import { expect, test } from 'vitest';
import { skippedText } from './closing-line.ts';

test('what was skipped is told with its number, why, and how to run it', () => {
  expect(
    skippedText(
      new Map([
        ['Apache Kafka', 42],
        ['none', 1],
      ]),
    ),
  ).toBe('43 skipped: 42 for want of Apache Kafka (npm run test:kafka), 1 without a reason');
  expect(skippedText(new Map([['name', 7]]))).toBe('7 skipped: 7 of another name');
  expect(skippedText(new Map())).toBe('0 skipped');
});
