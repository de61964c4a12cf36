import { describe, expect, test } from 'vitest';
import type { IdentifierStatuses } from '../../src/core/identifiers.ts';
import { matchKeys, createMatchQuality } from '../../src/observe/match-quality.ts';
import { createMetrics } from '../../src/observe/metrics.ts';

const events: readonly IdentifierStatuses[] = [
  { em: 'hashed', ph: 'unusable', client_ip_address: 'plain' },
  { em: 'passed', ph: 'junk' },
  { em: 'hashed', lead_id: 'plain' },
  {},
];

function counted() {
  const quality = createMatchQuality();
  for (const statuses of events) quality.add('web', 'Orders', statuses, matchKeys);
  return quality.subscriptions();
}

describe('match quality', () => {
  test('counts each field of each event once, as what became of it or as missing', () => {
    const [orders] = counted();
    expect(orders?.events).toBe(4);
    expect(orders?.fields.get('em')).toEqual({ hashed: 2, passed: 1, plain: 0, unusable: 0, junk: 0, missing: 1 });
    expect(orders?.fields.get('ph')).toEqual({ hashed: 0, passed: 0, plain: 0, unusable: 1, junk: 1, missing: 2 });
    for (const [, counts] of orders?.fields ?? []) {
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(4);
    }
  });

  test('reports the keys of people also where no event has them, others where they were seen', () => {
    expect([...(counted()[0]?.fields.keys() ?? [])]).toEqual([...matchKeys, 'lead_id']);
  });

  test('keeps subscriptions apart, also those of one name', () => {
    const quality = createMatchQuality();
    quality.add('web', 'Orders', { em: 'hashed' }, matchKeys);
    quality.add('app', 'Orders', {}, matchKeys);
    quality.add('web', 'Carts', {}, matchKeys);
    const names = quality.subscriptions().map(({ destination, subscription }) => `${destination}/${subscription}`);
    expect(names).toEqual(['web/Orders', 'web/Carts', 'app/Orders']);
    expect(quality.subscriptions().map(({ fields }) => fields.get('em')?.hashed)).toEqual([1, 0, 0]);
  });
});

test('of audiences reports the keys of audiences: no cookies, addresses or agents', async () => {
  const measured = createMetrics({ processMetrics: false });
  const names = { destination: 'crm', subscription: 'Members' };
  measured.record({ kind: 'identified', ...names, audience: true, statuses: { external_id: 'plain' } });
  const { text } = await measured.expose();
  const labels = 'destination="crm",subscription="Members"';
  expect(text).toContain(`meta_actions_match_key_ratio{${labels},field="external_id"} 1\n`);
  expect(text).toContain(`meta_actions_match_key_ratio{${labels},field="em"} 0\n`);
  expect(text).not.toMatch(/field="(fbc|fbp|client_ip_address|client_user_agent)"/);
});

test('the metrics tell the share of events with each key, and why others lack it', async () => {
  const measured = createMetrics({ processMetrics: false });
  for (const statuses of events) {
    measured.record({ kind: 'identified', destination: 'web', subscription: 'Orders', audience: false, statuses });
  }
  const labels = 'destination="web",subscription="Orders"';
  for (const scrape of [1, 2]) {
    const { text } = await measured.expose();
    expect(text, `scrape ${scrape}`).toContain(`meta_actions_match_key_ratio{${labels},field="em"} 0.75`);
    expect(text).toContain(`meta_actions_match_key_ratio{${labels},field="ph"} 0\n`);
    expect(text).toContain(`meta_actions_identifiers_total{${labels},field="em",status="hashed"} 2`);
    expect(text).toContain(`meta_actions_identifiers_total{${labels},field="em",status="passed"} 1`);
    expect(text).toContain(`meta_actions_identifiers_total{${labels},field="ph",status="missing"} 2`);
    expect(text).not.toContain('field="lead_id",status="junk"');
  }
});
