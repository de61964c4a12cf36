/**
 * Normalizes and hashes the ten identifiers of one event, beside the bare SHA-256 of the same ten strings.
 *
 *     npx node bench/identity.ts
 *
 * Prints the median time of one event for both, and their ratio, which should be at most 2. A phone number without a
 * country code is read by the numbering plan of its country first; what that takes is printed on its own line.
 */
import { hash } from 'node:crypto';
import { hashIdentifier, normalize } from '../src/identity/identify.ts';

const rounds = 41;
const events = 4_000;
const targetRatio = 2;
const options = { country: 'us' };

const identifiers: readonly (readonly [field: string, value: (n: number) => string])[] = [
  ['em', (n) => `Jane.Doe${n}@Shop.Example`],
  ['ph', (n) => `+1 (650) 253-${1000 + (n % 9000)}`],
  ['fn', (n) => `Mary${letters(n)}`],
  ['ln', (n) => `O'Brien ${letters(n)}`],
  ['db', (n) => `19${10 + (n % 90)}-02-16`],
  ['ct', (n) => `San Francisco ${letters(n)}`],
  ['st', () => 'California'],
  ['zp', (n) => `94${100 + (n % 900)}-1234`],
  ['country', () => 'US'],
  ['external_id', (n) => `User-${n}`],
];

const raw = Array.from({ length: events }, (_, n) =>
  identifiers.map(([field, value]) => ({ field, value: value(n) })),
).flat();
const bare = raw.map(({ field, value }) => {
  const normalized = normalize(field, value, options);
  if (normalized === undefined) throw new Error(`${field} of the benchmark can't be normalized`);
  return normalized;
});
const phones = Array.from({ length: events }, (_, n) => `(650) 253-${1000 + (n % 9000)}`);

/** Keeps the results alive, so that nothing is optimized away. */
let sink = 0;

const hashing = () => {
  for (const text of bare) sink += hash('sha256', text, 'hex').length;
};
const identity = () => {
  for (const { field, value } of raw) sink += hashIdentifier(field, value, options)?.length ?? 0;
};
const national = () => {
  for (const phone of phones) sink += hashIdentifier('ph', phone, options)?.length ?? 0;
};

const times = { hashing: [] as number[], identity: [] as number[], national: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  times.hashing.push(microsPerEvent(hashing));
  times.identity.push(microsPerEvent(identity));
  times.national.push(microsPerEvent(national));
}

const hashMicros = median(times.hashing);
const identityMicros = median(times.identity);
/** Within a round, so that a machine that is busy for a while doesn't show in one of the two alone. */
const ratio = median(times.identity.map((micros, round) => micros / (times.hashing[round] ?? Number.NaN)));
console.log(`10 bare SHA-256:               ${hashMicros.toFixed(2)} us`);
console.log(`10 identifiers, whole:         ${identityMicros.toFixed(2)} us`);
console.log(`ratio:                         ${ratio.toFixed(2)} (target: at most ${targetRatio})`);
console.log(`1 phone without country code:  ${median(times.national).toFixed(2)} us`);
if (sink === 0) throw new Error('nothing was measured');
process.exitCode = ratio <= targetRatio ? 0 : 1;

function microsPerEvent(work: () => void): number {
  const start = performance.now();
  work();
  return ((performance.now() - start) * 1_000) / events;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function letters(n: number): string {
  return n.toString(26).replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}
