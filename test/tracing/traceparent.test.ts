import { expect, it } from 'vitest';
import { linksTo } from '../../src/tracing/traceparent.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const linksOf = (...headers: readonly unknown[]) =>
  linksTo(headers.map((traceparent) => ({ headers: { traceparent } as never })));

it('links to the span that a record was produced in, as W3C Trace Context writes it', () => {
  const context = { traceId: trace, spanId: span, traceFlags: 1, isRemote: true };
  expect(linksOf(Buffer.from(`00-${trace}-${span}-01`))).toEqual({ links: [{ context }], leftOut: 0 });
  expect(linksOf(`00-${trace}-${span}-00`).links[0]?.context.traceFlags).toBe(0);
  expect(linksOf(`cc-${trace}-${span}-01-of-the-future`).links).toHaveLength(1);
  expect(linksTo([{ headers: undefined }, { headers: {} }])).toEqual({ links: [], leftOut: 0 });
});

it.each([
  '',
  'not a header',
  `00-${trace}-${span}`,
  `00-${trace}-${span}-01-more`,
  `ff-${trace}-${span}-01`,
  `00-${'0'.repeat(32)}-${span}-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `00-${trace.toUpperCase()}-${span}-01`,
  `cc-${trace}-${span}-01-${'x'.repeat(1_000_000)}`,
  [`00-${trace}-${span}-01`, `00-${trace}-${span}-01`],
  null,
])('links to nothing that is not one: %.60s', (header) => {
  expect(linksOf(header).links).toEqual([]);
});

it('links once to a span of many records, to 128 spans at most, and counts the others', () => {
  const same = Array.from({ length: 1_000 }, () => `00-${trace}-${span}-01`);
  expect(linksOf(...same).links).toHaveLength(1);
  const others = Array.from({ length: 1_000 }, (_, index) => `00-${trace}-${String(index + 1).padStart(16, '0')}-01`);
  const { links, leftOut } = linksOf(...others);
  expect([links.length, leftOut]).toEqual([128, 872]);
});
