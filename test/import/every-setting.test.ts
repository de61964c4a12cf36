import { describe, expect, test } from 'vitest';
import { isObject } from '../../src/core/json.ts';
import type { Keys } from '../../src/import/input.ts';
import { pathText } from '../../src/import/input.ts';
import { documentsOf, importedSample, sampleExports } from '../support/imported.ts';

/** The paths of all values of an export that hold no others; a text that is JSON is looked into. */
function* leaves(value: unknown, path: Keys = []): Generator<Keys> {
  const read = path.at(-1) === 'settings' && typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  const members: [string | number, unknown][] = Array.isArray(read)
    ? read.map((item, index) => [index, item])
    : isObject(read)
      ? Object.entries(read)
      : [];
  if (members.length === 0 && path.length > 0) yield path;
  for (const [key, member] of members) yield* leaves(member, [...path, key]);
}

const paths = (path: Keys) => path.map((_key, at) => pathText(path.slice(0, at + 1)));

describe.each(sampleExports())('the import of %s: %s', (kind, sample) => {
  const documents = documentsOf(kind, sample);
  const { entries } = importedSample(kind, sample);

  test('tells of every setting what became of it', () => {
    const told = new Set(entries.map(({ file, path }) => `${file} ${path}`));
    for (const { file, value, unread } of documents) {
      const settings = [...leaves(value), ...unread.map(({ path }) => path)];
      const untold = settings.filter((path) => !paths(path).some((text) => told.has(`${file} ${text}`)));
      expect(untold.map(pathText)).toEqual([]);
    }
  });

  test('tells it of nothing else, with a reason or a place that it went to', () => {
    const all = new Set(
      documents.flatMap(({ file, value, unread }) =>
        [...leaves(value), ...unread.map(({ path }) => path)].flatMap((path) =>
          paths(path).map((text) => `${file} ${text}`),
        ),
      ),
    );
    for (const { file, path, to, reason } of entries) {
      expect(all, path).toContain(`${file} ${path}`);
      expect(to ?? reason, path).toBeDefined();
    }
  });
});
