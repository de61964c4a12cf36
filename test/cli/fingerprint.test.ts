import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fingerprintLines } from '../../src/cli/fingerprint.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

describe('fingerprint', () => {
  test('an e-mail in any spelling has the fingerprint of the row that Meta gets', () => {
    expect(fingerprintLines(' Jane@Example.com', undefined)).toEqual([
      `${digest(' Jane@Example.com')}  as it is`,
      `${digest('jane@example.com')}  as em`,
    ]);
  });

  test('a phone number is read by the country', () => {
    expect(fingerprintLines('(650) 555-0123', 'US')).toContain(`${digest('16505550123')}  as ph`);
  });

  test('a hash is its own fingerprint', () => {
    const hash = createHash('sha256').update('jane@example.com').digest('hex');
    expect(fingerprintLines(hash, undefined)[0]).toBe(`${hash.slice(0, 8)}  as it is`);
  });
});
