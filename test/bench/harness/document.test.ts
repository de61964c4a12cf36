import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plotsOf, withFigures } from '../../../bench/harness/document.ts';
import { type PartResult, readResults } from '../../../bench/harness/results.ts';

const folder = resolve(import.meta.dirname, '../../../docs/performance');
const machine = { cores: 2, processor: 'Processor', memoryGb: 8, node: '24.0.0' };

function resultsOf(part: Partial<PartResult>) {
  return { parts: { one: { title: 'One', about: 'About one.', figures: [], at: '2026-01-05', machine, ...part } } };
}

const page = readFileSync(`${folder}.md`, 'utf8');

describe('the page of figures', () => {
  test('is what the results say', () => {
    expect(withFigures(page, readResults(join(folder, 'results.json')))).toBe(page);
  });

  test('has the plots of the results, and no others', () => {
    const plots = plotsOf(readResults(join(folder, 'results.json')));
    expect(readdirSync(folder).filter((name) => name.endsWith('.svg'))).toEqual([...plots.keys()].sort());
    for (const [name, drawing] of plots) expect(readFileSync(join(folder, name), 'utf8')).toBe(drawing);
  });

  test('shows a figure beside its floor, with the ratio', () => {
    const text = withFigures(page, resultsOf({ figures: [{ name: 'time', value: 30, unit: 'µs', floor: 20 }] }));
    expect(text).toContain('| time | 30 µs | 20 µs | 1.5 × |');
  });

  test('says which target is not met', () => {
    const targets = [
      { name: 'small', value: 2, unit: '×', atMost: 1.5 },
      { name: 'large', value: 9, unit: '×', atLeast: 8 },
    ] as const;
    const text = withFigures(page, resultsOf({ targets }));
    expect(text).toContain('| small | at most 1.5 × | 2 × **(not met)** |');
    expect(text).toContain('| large | at least 8 × | 9 × |');
  });

  test('needs its marks', () => {
    expect(() => withFigures('# Performance\n', resultsOf({}))).toThrow('marks');
  });
});
