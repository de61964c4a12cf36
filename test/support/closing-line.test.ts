import { expect, test } from 'vitest';
import { skippedText } from './closing-line.ts';

test('what was skipped is told with its number, why, and how to run it', () => {
  const skipped = new Map([['Apache Kafka', 42] as const, [undefined, 1] as const]);
  expect(skippedText(skipped, false)).toBe(
    '43 skipped: 42 for want of Apache Kafka (npm run test:kafka), 1 without a reason',
  );
  expect(skippedText(new Map([[undefined, 7]]), true)).toBe('7 skipped: 7 of another name');
  expect(skippedText(new Map(), false)).toBe('0 skipped');
});
