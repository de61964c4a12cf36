import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Load, throughput } from '../../site/throughput.ts';

const page = readFileSync(new URL('../../docs/guides/throughput.md', import.meta.url), 'utf8');
const pixel: Load = { latency: 300, batch: 1000, underWay: 4, lanes: 1, cost: 25, processes: 1 };
const audience: Load = {
  latency: 2000,
  batch: 10_000,
  underWay: 1,
  lanes: 1,
  callsAnHour: 5000,
  cost: 65,
  processes: 1,
};

const examples: readonly (readonly [string, Load])[] = [
  ['one pixel, 1,000 events a request, an answer after 300 ms', pixel],
  ['the same, 100 events a request', { ...pixel, batch: 100 }],
  ['the same, 1,000 events and 8 under way', { ...pixel, underWay: 8 }],
  ['one audience, 10,000 rows, an answer after 2 s, limited access', audience],
  ['one audience, 500 rows since they trickle in, limited access', { ...audience, batch: 500 }],
];

const shown = (value: number) => (Number.isFinite(value) ? Math.round(value).toLocaleString('en') : 'no limit');

describe('the arithmetic of throughput', () => {
  test.each(examples)('the page is right about %s', (name, load) => {
    const { answers, quota, processors, least } = throughput(load);
    expect(page).toContain(`| ${name} | ${[answers, quota, processors, least].map(shown).join(' | ')} |`);
  });

  test('what is least is what bounds', () => {
    expect(throughput(pixel).boundBy).toBe('answers');
    expect(throughput({ ...pixel, callsAnHour: 100 }).boundBy).toBe('quota');
    expect(throughput({ ...pixel, underWay: 64 }).boundBy).toBe('processors');
  });
});
