import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../src/mapping/compile.ts';
import { withVectors } from '../support/needs.ts';
import { asJson } from './fixtures.ts';

interface Vectors {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly cases: readonly {
    readonly id: string;
    readonly mapping: unknown;
    readonly input: string;
    readonly expected?: unknown;
    readonly error?: boolean;
  }[];
}

/** Cases of the language that may lie beside the repository. */
const file = new URL('../../../shared/vectors/mapping.json', import.meta.url);

/** JSON text inside a value is compared by what it means: the order of members is that of the event. */
function readText(value: unknown): unknown {
  if (typeof value === 'string' && /^[[{]/.test(value)) {
    try {
      return { json: JSON.parse(value) };
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) return value.map(readText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readText(member)]));
}

describe('the shared vectors', withVectors(file), () => {
  const { inputs, cases }: Vectors = JSON.parse(
    existsSync(file) ? readFileSync(file, 'utf8') : '{"inputs": {}, "cases": [{}]}',
  );

  test.each(cases)('$id', ({ mapping, input, expected, error }) => {
    const resolve = () => asJson(compileMapping(mapping)(inputs[input]));
    if (error === true) expect(resolve).toThrow();
    else expect(readText(resolve())).toStrictEqual(readText(expected));
  });
});
