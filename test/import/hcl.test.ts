import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHcl } from '../../src/import/hcl.ts';

/** How an expression in a text begins. */
const open = '${';

function read(text: string): unknown {
  const parsed = parseHcl(text);
  if ('message' in parsed) expect.fail(`${parsed.place.line}:${parsed.place.column}: ${parsed.message}`);
  return parsed.value;
}

function unreadOf(text: string) {
  const parsed = parseHcl(text);
  if ('message' in parsed) expect.fail(parsed.message);
  return parsed.unread.map(({ path, place, what }) => [path.join('.'), `${place.line}:${place.column}`, what]);
}

describe('a file in HCL', () => {
  test('holds blocks by type and labels, with attributes of every kind', () => {
    const text = `
      # a comment
      resource "kind" "name" { // another
        on     = true
        none   = null
        count  = -1.5e2
        list   = ["a", 2, [false],]
        map    = { a = 1, "b c" : 2
                   d = { e = "f" } }
        nested { x = 1 }
        nested { x = 2 }
      } /* the
      end */`;
    expect(read(text)).toEqual({
      resource: {
        kind: {
          name: {
            on: true,
            none: null,
            count: -150,
            list: ['a', 2, [false]],
            map: { a: 1, 'b c': 2, d: { e: 'f' } },
            nested: [{ x: 1 }, { x: 2 }],
          },
        },
      },
    });
  });

  test('keeps what is escaped in a text, and every digit of an id', () => {
    const text = `a = "q\\"\\\\ \\n \\u00e9 $${open}x} 5% $"\nb = 120200000000000001`;
    expect(read(text)).toEqual({ a: `q"\\ \n é ${open}x} 5% $`, b: '120200000000000001' });
  });

  test('has heredocs, with and without their indentation', () => {
    expect(read('a = <<EOT\n  x\n y\nEOT\nb = <<-EOT\n    x\n      y\n    EOT\nc = 1')).toEqual({
      a: '  x\n y\n',
      b: 'x\n  y\n',
      c: 1,
    });
  });

  test('gives what jsonencode encodes', () => {
    expect(read('a = jsonencode({\n "@path" = "$.x"\n list = [\n  1,\n ]\n})\nb = 2')).toEqual({
      a: { '@path': '$.x', list: [1] },
      b: 2,
    });
  });

  test.each([
    ['a = var.x', 'a', '1:5', 'a variable'],
    ['a = 1 + 2', 'a', '1:5', 'an expression'],
    [`a = "x ${open}var.y} {"`, 'a', '1:5', 'a text with an expression in it'],
    [`a = <<E\n${open}x}\nE\n`, 'a', '1:5', 'a text with an expression in it'],
    ['a = file("x")', 'a', '1:5', 'a call of the function file'],
    ['a = some.other.thing', 'a', '1:5', 'a reference'],
    ['a = on ? { b = 1 } : {\n c = 2 }', 'a', '1:5', 'a reference'],
    ['a = (1)', 'a', '1:5', 'an expression'],
    ['a = [1, var.x]', 'a.1', '1:9', 'a variable'],
    ['a = { b = 1, c = var.x }', 'a.c', '1:18', 'a variable'],
    ['a = jsonencode(var.x)', 'a', '1:5', 'an expression in jsonencode'],
    ['a = jsonencode({ b = upper("x"), c = 1 })', 'a.b', '1:22', 'a call of the function upper'],
    ['a = { (var.k) = 1 }', 'a.(member 1)', '1:7', 'a name that is an expression'],
  ])('does not guess at %s', (text, path, place, what) => {
    expect(unreadOf(text)).toEqual([[path, place, what]]);
    // What stands behind it is read all the same.
    expect(read(`${text}\nbehind = 1`)).toMatchObject({ behind: 1 });
  });

  test.each([
    ['a = "x', '1:7'],
    ['a = "x\ny"', '1:7'],
    ['a "b" = 1', '1:7'],
    ['r "a" "b" {}\nr "a" "b" {}', '2:12'],
    ['a = <<E\nx', '2:2'],
    ['}', '1:1'],
    ['r {', '1:4'],
  ])('%s is a mistake with a place', (text, place) => {
    const parsed = parseHcl(text);
    if (!('message' in parsed)) expect.fail('it was read');
    expect(`${parsed.place.line}:${parsed.place.column}`).toBe(place);
  });

  test('values that lie too deep are a mistake', () => {
    expect(parseHcl(`a = ${'['.repeat(200)}`)).toMatchObject({ place: { line: 1, column: 105 } });
  });

  test('a name of the language of the program is a name', () => {
    const value = read('__proto__ = 1\nr "constructor" "toString" { x = 1 }') as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value).toMatchObject({ r: { constructor: { toString: { x: 1 } } } });
  });

  test('whatever the text, is read to its end or has a mistake with a place in it', () => {
    const pieces = [
      'a',
      '=',
      '"',
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      ',',
      '\n',
      ' ',
      '#',
      '/*',
      '*/',
      '<<E',
      'E',
      '\\',
      open,
      '%{',
      '1',
      '-',
      '.',
      ':',
      'jsonencode',
      'é',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const parsed = parseHcl(text);
        const places = 'message' in parsed ? [parsed.place] : parsed.unread.map(({ place }) => place);
        const lines = text.split('\n');
        for (const { line, column } of places) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
