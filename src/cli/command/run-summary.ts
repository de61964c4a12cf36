import type { OddShape } from '../../file/source-shape.ts';
import { type RunTotals, sumOf } from '../../observe/run-totals.ts';

export interface RunEnd {
  /** `kafka`, `file:PATH` or `-`. */
  readonly source: string;
  /** As `--mappings` was given. */
  readonly mappings: string;
  readonly totals: RunTotals;
  /** Everything that was read is settled and committed. */
  readonly clean: boolean;
  /** Where dead letters went: `topic:NAME` or `file:PATH`. */
  readonly deadLetters: string;
  /** What keeps lanes from sending, in words. */
  readonly waits: readonly string[];
  /** Of a file that isn't what it should be. */
  readonly shape?: OddShape;
}

/** What a run came to, for a person: what was read, what became of it, and what to do next. */
export function summaryText(end: RunEnd): string {
  const { totals, deadLetters } = end;
  const byCode = Object.entries(totals.deadLetters).map(([code, topics]) => ({ code, topics, count: sumOf(topics) }));
  const lines = [
    line('read', sumOf(totals.read), placesText(totals.read)),
    ...section('delivered', totals.delivered),
    ...section('skipped', totals.skipped),
    line(
      'dead letters',
      byCode.reduce((sum, { count }) => sum + count, 0),
      byCode.length === 0 ? '' : `in ${shownPlace(deadLetters)}`,
    ),
    ...byCode.map(({ code, topics, count }) => `  ${number(count)} ${code}, from ${Object.keys(topics).join(', ')}`),
  ];
  return [...lines, ...adviceFor(end)].join('\n');
}

function* adviceFor(end: RunEnd): Generator<string> {
  const { totals, clean, source } = end;
  const read = sumOf(totals.read);
  const hasDeadLetters = Object.keys(totals.deadLetters).length > 0;
  if (!clean) {
    yield 'Not everything that was read is settled: the rest is not committed, and the next run reads it again.';
    yield* end.waits;
  }
  const path = fileOf(source);
  if (path !== undefined && end.shape !== undefined) yield* shapeAdvice(path, end.shape);
  if (read === 0) {
    yield* nothingRead(end);
    return;
  }
  if (hasDeadLetters && end.shape !== undefined) {
    yield `The dead letters of this run are of no use then: delete ${shownPlace(end.deadLetters)} and ${path}.offset.`;
  } else if (hasDeadLetters) yield* deadLetterAdvice(end);
  else if (sumOf(totals.delivered) === 0 && clean && end.shape === undefined) {
    yield `Nothing was sent. \`meta-actions explain --mappings ${end.mappings}${path === undefined ? '' : ` ${path}`}\` shows for each event why.`;
  }
}

function* nothingRead({ source, totals, shape }: RunEnd): Generator<string> {
  const path = fileOf(source);
  if (path === undefined) {
    yield source === 'kafka' ? 'Nothing new was in the topics.' : 'The input was empty.';
    return;
  }
  if (shape?.kind === 'empty') return;
  const before = Object.values(totals.startedAt).some((position) => position > 0);
  yield before
    ? `${path} was finished by an earlier run, and nothing was added since. To send it again, delete ${path}.offset.`
    : `${path} holds no records.`;
}

function* deadLetterAdvice({ deadLetters, mappings }: RunEnd): Generator<string> {
  yield `Fix the mapping or the source, then see what a replay would send: meta-actions replay --mappings ${mappings} --from ${deadLetters} --dry-run`;
}

/** What is odd about a file, and how to get one that is as it should be. */
export function* shapeAdvice(path: string, shape: OddShape): Generator<string> {
  if (shape.kind === 'empty') {
    yield `${path} is empty.`;
  } else if (shape.kind === 'json_over_lines') {
    const what = shape.isArray ? 'a JSON array over several lines' : 'pretty-printed JSON';
    yield `${path} looks like ${what}; it must be NDJSON: one event in each line. Make such a file: jq -c '${shape.isArray ? '.[]' : '.'}' ${path} > ${ndjsonName(path)}`;
  } else {
    const looked = shape.looked.map((each) => (each === '\t' ? 'tab' : each)).join(' ');
    const seems = shape.separator === undefined ? '' : `; it seems to be ${shape.separator}`;
    yield `${path} has a single column, so its separator is none of ${looked}${seems}. If there are more columns, write sep=${shape.separator ?? '^'} into a line above the header.`;
  }
}

function ndjsonName(path: string): string {
  return `${path.replace(/\.(?:nd)?json(?:l)?$/i, '')}.lines.ndjson`;
}

export function fileOf(source: string): string | undefined {
  return source.startsWith('file:') ? source.slice('file:'.length) : undefined;
}

function shownPlace(place: string): string {
  return place.startsWith('file:') ? place.slice('file:'.length) : `the topic ${place.slice('topic:'.length)}`;
}

function placesText(read: Readonly<Record<string, number>>): string {
  const places = Object.entries(read).filter(([, count]) => count > 0);
  if (places.length === 0) return '';
  if (places.length === 1) return `from ${places[0]?.[0] ?? ''}`;
  return places.map(([topic, count]) => `${count} from ${topic}`).join(', ');
}

function* section(label: string, counts: Readonly<Record<string, number>>): Generator<string> {
  yield line(label, sumOf(counts), '');
  for (const [key, count] of Object.entries(counts)) yield `  ${number(count)} ${key}`;
}

function line(label: string, count: number, more: string): string {
  return `${`${label}:`.padEnd(14)}${number(count)}${more === '' ? '' : ` ${more}`}`;
}

function number(count: number): string {
  return String(count).padStart(7);
}
