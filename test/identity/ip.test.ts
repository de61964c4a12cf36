import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalizeIp } from '../../src/identity/ip.ts';
import { testRules } from './rule-cases.ts';

testRules('client_ip_address');

it('reads an IPv4 address exactly where there is one', () => {
  const byte = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '0', '00', '08', '1', '255', '256', 'a', '1 '));
  const text = fc.array(byte, { minLength: 3, maxLength: 5 }).map((bytes) => ['8', ...bytes.slice(1)].join('.'));
  fc.assert(
    fc.property(text, (address) => {
      // Under 8.0.0.0/8 everything is public.
      expect(normalizeIp(address)).toBe(isIPv4(address.trim()) ? address.trim() : undefined);
    }),
    { numRuns: 2000 },
  );
});
