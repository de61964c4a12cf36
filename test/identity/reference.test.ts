import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identifierFields } from '../../src/identity/fields.ts';
import { normalize } from '../../src/identity/identify.ts';
import { isJunk } from '../../src/identity/junk.ts';
import type { IdentityOptions } from '../../src/identity/options.ts';

const page = readFileSync(new URL('../../docs/reference/identifiers.md', import.meta.url), 'utf8');
const names = Object.keys(identifierFields);

interface Example {
  readonly field: string;
  readonly raw: string;
  readonly options: IdentityOptions;
  readonly sent: string | undefined;
}

/** The rows of the page's tables: three cells, of which the last is code or `omitted`. */
const examples = page.split('\n## ').flatMap((section): Example[] => {
  const [heading = '', ...lines] = section.split('\n');
  return lines.flatMap((line) => {
    const cells = line.split('|').slice(1, -1);
    const [first = '', second = '', last = ''] = cells;
    if (cells.length !== 3 || code(first) === undefined) return [];
    const ofOneField = !names.includes(code(first) ?? '');
    const field = ofOneField ? (code(heading) ?? '') : (code(first) ?? '');
    const raw = code(ofOneField ? first : second) ?? '';
    return [{ field, raw, options: ofOneField ? optionsOf(second) : {}, sent: code(last) }];
  });
});

function code(cell: string): string | undefined {
  return /`([^`]*)`/.exec(cell)?.[1];
}

function optionsOf(cell: string): IdentityOptions {
  return {
    country: cell.trim().startsWith('country') ? code(cell) : undefined,
    defaultCountry: cell.includes('default country') ? code(cell) : undefined,
    dateOrder: cell.includes('date order') ? (code(cell) as IdentityOptions['dateOrder']) : undefined,
    audience: cell.includes('audience'),
    hashExternalId: cell.includes('hashed'),
  };
}

describe('the reference page of identifiers', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(50);
  });

  it.each(examples)('tells what becomes of $field $raw', ({ field, raw, options, sent }) => {
    expect(normalize(field, raw, options)).toBe(sent);
  });

  it.each(names)('names %s', (field) => {
    expect(page).toContain(`\`${field}\``);
  });

  it('names the placeholders', () => {
    const sentence = /\*\*Junk:\*\*[^*]*/.exec(page)?.[0] ?? '';
    const placeholders = [...sentence.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    expect(placeholders).toHaveLength(10);
    expect(placeholders.filter((text) => !isJunk(text, false))).toEqual([]);
  });
});
