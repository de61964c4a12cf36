import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../core/diagnostic.ts';
import { ConnectorError, messageOf } from '../core/errors.ts';
import type { TopicSettings, TopicsSettings } from '../core/topic-settings.ts';
import { type Document, parseDocument, type Problem } from './document.ts';
import type { ProcessSettings } from './environment.ts';
import { hasErrors, renderProblem } from './problems.ts';
import { sourcesSchema } from './sources-schema.ts';
import { structureCheck } from './structure.ts';
import { patternOf, topicNameProblems } from './topic-names.ts';

interface SourcesFile {
  readonly topics: Readonly<Record<string, TopicEntry>>;
}

interface TopicEntry extends Partial<Omit<TopicSettings, 'envelope' | 'unpack'>> {
  readonly envelope?: string;
  readonly unpack?: string;
}

export interface LoadedSources {
  readonly topics: TopicsSettings;
  readonly problems: readonly Problem[];
}

type Settings = Pick<ProcessSettings, 'SOURCES' | 'SCHEMA_REGISTRY_URL' | 'ENVELOPE' | 'RECORDS'>;

const checkStructure = structureCheck(sourcesSchema);

/** The file that SOURCES names, and all that is wrong with it. Without the setting nothing is special of any topic. */
export function loadSources(settings: Settings): LoadedSources {
  const { SOURCES: path } = settings;
  if (path === undefined) return { topics: noTopics, problems: [] };
  const document = parseDocument(path, readText(path));
  const problems = problemsOf(document, settings);
  if (hasErrors(problems)) return { topics: noTopics, problems };
  return { topics: topicsIn(document.value as SourcesFile, settings), problems };
}

/** The same for who needs it right: throws `CONFIG_INVALID` with everything that is wrong. */
export function validSources(settings: Settings): TopicsSettings {
  const { topics, problems } = loadSources(settings);
  if (!hasErrors(problems)) return topics;
  const text = problems.map(renderProblem).join('\n');
  throw new ConnectorError('CONFIG_INVALID', `the sources can't be used\n${text}`);
}

const noTopics: TopicsSettings = { of: () => undefined, needsRegistry: false };

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ConnectorError('SETTING_INVALID', `SOURCES: ${path} can't be read (${messageOf(error)})`);
  }
}

function problemsOf({ value, syntaxErrors, locate }: Document, settings: Settings): readonly Problem[] {
  if (syntaxErrors.length > 0) return syntaxErrors;
  const structure = checkStructure(value);
  const found = structure.length > 0 ? structure : contentProblems(value as SourcesFile, settings);
  return found.map((diagnostic) => locate(diagnostic));
}

function contentProblems({ topics }: SourcesFile, settings: Settings): readonly Diagnostic[] {
  return Object.entries(topics).flatMap(([name, entry]) => [
    ...topicNameProblems(name, ['topics', name]).map((problem) => ({ ...problem, atKey: true as const })),
    ...(needsRegistry(entry) && settings.SCHEMA_REGISTRY_URL === undefined ? [registryMissing(name, entry)] : []),
  ]);
}

function registryMissing(name: string, { key }: TopicEntry): Diagnostic {
  return {
    severity: 'error',
    code: 'REGISTRY_MISSING',
    path: ['topics', name, key === 'avro' ? 'key' : 'format'],
    message: `topic "${name}" needs a schema registry, and SCHEMA_REGISTRY_URL is not set`,
    fix: 'set SCHEMA_REGISTRY_URL to the address of the registry',
  };
}

/** JSON Schema's frame is taken off without asking anybody. */
function needsRegistry({ format, key }: TopicEntry): boolean {
  return format === 'avro' || format === 'protobuf' || format === 'auto' || key === 'avro';
}

function topicsIn({ topics }: SourcesFile, { ENVELOPE, RECORDS }: Settings): TopicsSettings {
  const exact = new Map<string, TopicSettings>();
  const patterns: { readonly pattern: RegExp; readonly settings: TopicSettings }[] = [];
  for (const [name, { envelope, unpack, ...entry }] of Object.entries(topics)) {
    const settings: TopicSettings = {
      format: 'json',
      records: RECORDS,
      ...entry,
      envelope: envelope?.split('.') ?? ENVELOPE,
      ...(unpack !== undefined && { unpack: unpack.split('.') }),
    };
    const pattern = patternOf(name);
    if (pattern === undefined) exact.set(name, settings);
    else patterns.push({ pattern, settings });
  }
  return {
    of: (topic) => exact.get(topic) ?? patterns.find(({ pattern }) => pattern.test(topic))?.settings,
    needsRegistry: Object.values(topics).some(needsRegistry),
  };
}
