import { expect, test } from 'vitest';
import { renderTrace } from '../../src/trigger/render-trace.ts';
import { traceTrigger } from '../../src/trigger/trace.ts';
import { parseTree } from './support/parse-tree.ts';

function render(text: string, event: unknown): string {
  return renderTrace(traceTrigger(parseTree(text), event));
}

test('a rendered trace marks and indents what was met and what was not, with the values seen', () => {
  const text = 'type = "track" and (event in ["A", "B"] or length(event) > 2) and !properties.test';
  expect(render(text, { type: 'track', event: 'Order', properties: { test: true } })).toBe(
    [
      '✗ and',
      '  ✓ type = "track"   saw "track" = "track"',
      '  ✓ or',
      '    ✗ event in ["A", "B"]   saw "Order" in ["A", "B"]',
      '    ✓ length(event) > 2   saw 5 > 2',
      '      · length(event)   saw "Order", gave 5',
      '  ✗ not',
      '    ✓ properties.test   saw true',
    ].join('\n'),
  );
});

test('a rendered trace keeps large values short', () => {
  const event = { a: 'x'.repeat(1_000), b: [1, 2, 3, [4], { c: 5 }, 6, 7], c: { d: 1 } };
  expect(render('a = b', event)).toBe(`✗ a = b   saw "${'x'.repeat(59)}… = [1, 2, 3, …, …, … 7 in all]`);
  expect(render('contains(c, "x")', event)).toBe('✗ contains(c, "x")   saw {…}, "x"');
});
