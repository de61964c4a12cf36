import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxTriggerLength, parseTrigger } from '../../src/trigger/parse.ts';
import { maxTriggerDepth } from '../../src/trigger/parse-expression.ts';
import { placeAt } from '../../src/trigger/place.ts';
import { growth } from '../support/growth.ts';
import { readFixture } from './support/fixtures.ts';

function diagnosticsOf(text: string) {
  const parsed = parseTrigger(text);
  return 'tree' in parsed ? [] : parsed.diagnostics;
}

interface SyntaxFixture {
  readonly cases: readonly {
    readonly trigger: string;
    readonly line: number;
    readonly column: number;
    readonly says: string;
    readonly fix?: string;
  }[];
}

describe('a syntax error', () => {
  test.each(readFixture<SyntaxFixture>('syntax-errors').cases)('of $trigger is at $line:$column', (expected) => {
    const [diagnostic] = diagnosticsOf(expected.trigger);
    expect(diagnostic).toMatchObject({ severity: 'error', code: 'TRIGGER_SYNTAX' });
    expect(diagnostic?.message).toContain(expected.says);
    expect(diagnostic?.fix).toBe(expected.fix);
    const { line, column } = placeAt(expected.trigger, diagnostic?.offset ?? -1);
    expect({ line, column }).toEqual({ line: expected.line, column: expected.column });
  });

  test('spans the part that is wrong', () => {
    expect(diagnosticsOf('contians(event, "a")')).toMatchObject([{ offset: 0, length: 8 }]);
    expect(diagnosticsOf('a = 1 and b == 2')).toMatchObject([{ offset: 12, length: 2 }]);
  });
});

describe('what is too large', () => {
  const refused = {
    '2,000 nested parentheses': `${'('.repeat(2_000)}a${')'.repeat(2_000)}`,
    '2,000 open parentheses': '('.repeat(2_000),
    '60,000 exclamation marks': `${'!'.repeat(60_000)}a`,
    '10,000 times not': `${'not '.repeat(10_000)}a`,
    '10,000 nested lists': `a in ${'['.repeat(10_000)}`,
    '5,000 nested calls': `${'lowercase('.repeat(5_000)}a${')'.repeat(5_000)}`,
    'a megabyte': 'a = 1 or '.repeat(120_000),
    'one character more than allowed': `${' '.repeat(maxTriggerLength)}a`,
    '201 levels': `${'('.repeat(maxTriggerDepth + 1)}a${')'.repeat(maxTriggerDepth + 1)}`,
  };
  test.each(Object.entries(refused))('is refused: %s', (_, text) => {
    expect(diagnosticsOf(text)).toHaveLength(1);
    expect(diagnosticsOf(text)[0]?.message).toMatch(/nested too deeply|characters; at most/);
  });

  test('is taken up to the limits', () => {
    expect(diagnosticsOf(`${'('.repeat(maxTriggerDepth)}a${')'.repeat(maxTriggerDepth)}`)).toEqual([]);
    expect(diagnosticsOf(`a${' '.repeat(maxTriggerLength - 1)}`)).toEqual([]);
    const wide = Array.from({ length: 8_000 }, () => 'a = 1')
      .join(' or ')
      .slice(0, maxTriggerLength);
    expect(diagnosticsOf(wide.slice(0, wide.lastIndexOf(' or ')))).toEqual([]);
  });
});

describe('the parser', () => {
  const fragments = [
    'type',
    'event',
    '=',
    '!=',
    '<',
    'and',
    'or',
    'not',
    'in',
    '(',
    ')',
    '[',
    ']',
    ',',
    '!',
    '"',
    "'",
    '\\',
    '.',
    '“',
    '’',
    'contains(',
    'match(',
    'null',
    '1',
    '-',
    'e5',
    ' ',
    '\n',
    '\u00a0',
    '🎁',
    '$',
    '\ud800',
  ];
  test('answers any text with a tree or with errors inside the text', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join('')),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseTrigger(text);
        if ('tree' in parsed) return;
        expect(parsed.diagnostics.length).toBeGreaterThan(0);
        for (const { offset = -1, length = -1 } of parsed.diagnostics) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThanOrEqual(0);
          expect(offset + length).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 10_000, seed: 20_260 },
    );
  });

  test.each(fragments)('takes no quadratic time for 60,000 characters of %j', (fragment) => {
    const parse = (length: number) => parseTrigger(fragment.repeat(Math.floor(length / fragment.length)));
    expect(growth(parse, 60_000, 30)).toBeLessThan(200);
  });

  test('keeps the place of every node', () => {
    const text = 'a = 1 and\n !(b) or contains(c.d, "x")';
    const parsed = parseTrigger(text);
    if (!('tree' in parsed) || parsed.tree.kind !== 'or') throw new Error('expected an or');
    const written = parsed.tree.operands.map(({ offset, length }) => text.slice(offset, offset + length));
    expect(written).toEqual(['a = 1 and\n !(b)', 'contains(c.d, "x")']);
  });
});
