import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { samples } from '../../examples/samples.ts';
import type { ImportKind } from '../../src/import/import-export.ts';
import { readInput } from '../../src/import/read-input.ts';
import { imported } from '../support/imported.ts';

const page = readFileSync(new URL('../../docs/from-customerio-hightouch.md', import.meta.url), 'utf8');

/** The one example of this kind on the page. */
function example(kind: ImportKind) {
  const [, body = ''] = new RegExp(`^\`\`\`json ${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  return imported(kind, [readInput('example.json', body)]);
}

describe('the page for those who come from Customer.io or Hightouch', () => {
  test('has an example of each, of which everything is carried over', () => {
    for (const kind of ['customerio', 'hightouch'] as const) {
      const found = example(kind);
      expect(found.entries.filter(({ fate }) => fate === 'decision')).toEqual([]);
      expect(found.destinations).toHaveLength(1);
    }
  });

  test('is right about what its examples send', () => {
    expect(example('customerio').body('Orders', 'Order Completed')).toMatchObject({
      event_name: 'Purchase',
      custom_data: { value: 25, content_ids: ['mug-7'] },
    });
    const row = { type: 'track', event: 'new', properties: { customer_id: 'c-1', email: 'ada@example.com' } };
    expect(example('hightouch').explain(row).deliveries).toMatchObject([{ request: { method: 'POST' } }]);
    expect(example('hightouch').explain(samples['Signed In'] ?? {}).deliveries).toEqual([]);
  });
});
