import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Document, parseDocument, type Problem } from '../../config/document.ts';
import { structureCheck } from '../../config/structure.ts';
import { writtenTime } from '../../config/written-time.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordKind } from '../../core/record-kind.ts';
import { testFileSchema } from './test-file-schema.ts';

/** What a test expects; absent: nothing is said of it. Subscriptions are named by their names. */
export interface Expected {
  readonly sent?: readonly string[];
  readonly skipped?: Readonly<Record<string, string>>;
  readonly rejected?: Readonly<Record<string, string>>;
  readonly undecodable?: string;
  readonly fields?: Readonly<Record<string, JsonObject>>;
  readonly body?: Readonly<Record<string, JsonObject>>;
  readonly warnings?: Readonly<Record<string, readonly string[]>>;
  readonly golden?: string;
}

export interface MappingTest {
  readonly name: string;
  readonly event?: JsonObject;
  readonly events?: readonly JsonObject[];
  readonly file?: string;
  readonly sample?: string;
  readonly set?: JsonObject;
  readonly records?: RecordKind;
  readonly record?: {
    readonly topic?: string;
    readonly key?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly only?: boolean;
  readonly expect: Expected;
}

export interface TestFile {
  readonly path: string;
  readonly document: Document;
  /** The destination file. */
  readonly mappings: string;
  /** Unix milliseconds. */
  readonly now?: number;
  readonly records: RecordKind;
  readonly tests: readonly MappingTest[];
}

const suffix = '.test.json';
const checkStructure = structureCheck(testFileSchema);

/** The test files at a path: the file itself, or those of a folder and of the folders in it, by name. */
export function testFilesAt(path: string): readonly string[] {
  if (!existsSync(path)) throw new ConnectorError('USAGE', `there is nothing at ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix) && !name.split('/').includes('node_modules'))
    .sort()
    .map((name) => join(path, name));
}

/** The file, or everything that is wrong with it. */
export function loadTestFile(path: string): TestFile | { readonly problems: readonly Problem[] } {
  const document = parseDocument(path, readText(path));
  if (document.syntaxErrors.length > 0) return { problems: document.syntaxErrors };
  const structure = checkStructure(document.value);
  if (structure.length > 0) return { problems: structure.map((diagnostic) => document.locate(diagnostic)) };
  const value = document.value as Pick<TestFile, 'tests'> &
    Partial<Record<'mappings' | 'now', string>> &
    Partial<TestFile>;
  const problems = value.tests.flatMap((test, index) => sourceProblem(test, index, document));
  const now = value.now === undefined ? undefined : writtenTime(value.now as unknown as string);
  if (value.now !== undefined && now === undefined)
    problems.push(wrong(document, ['now'], 'is no time', 'write it in ISO 8601: 2026-11-01T12:00:00Z'));
  if (problems.length > 0) return { problems };
  const mappings = join(dirname(path), value.mappings ?? `${basename(path, suffix)}.json`);
  return {
    path,
    document,
    mappings,
    ...(now !== undefined && { now }),
    records: value.records ?? 'events',
    tests: value.tests,
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ConnectorError('USAGE', `${path} can't be read: ${messageOf(error)}`);
  }
}

function sourceProblem(test: MappingTest, index: number, document: Document): Problem[] {
  const given = (['event', 'events', 'file', 'sample'] as const).filter((key) => test[key] !== undefined);
  if (given.length === 1) return [];
  const found = given.length === 0 ? 'has no event' : `has ${given.join(' and ')}`;
  return [wrong(document, ['tests', index], found, 'give one of event, events, file, sample')];
}

function wrong(document: Document, path: readonly (string | number)[], found: string, fix: string): Problem {
  return document.locate({
    severity: 'error',
    code: 'TEST_INVALID',
    path,
    message: `"${path.join('.')}" ${found}`,
    fix,
  });
}
