import { namesRecord } from '../../config/record-reads.ts';
import { triggerPaths } from '../../config/trigger-paths.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { checkMapping, compileMapping, mappingPaths } from '../../mapping/compile.ts';
import { lintMapping } from '../../mapping/lint.ts';
import { type DecodeOptions, decodeRecord } from '../../pipeline/route/decode.ts';
import { withRecord } from '../../pipeline/route/record-context.ts';
import { compileTrigger } from '../../trigger/compile-trigger.ts';
import { lintTrigger } from '../../trigger/lint.ts';
import { parseTrigger } from '../../trigger/parse.ts';
import { placeAt } from '../../trigger/place.ts';
import { renderTrace } from '../../trigger/render-trace.ts';
import { type TriggerTrace, traceTrigger } from '../../trigger/trace.ts';
import type { TriggerNode } from '../../trigger/tree.ts';
import { type EventOutline, type ExplainedError, outlineOf, placeOf } from '../../explain/explain-event.ts';
import { keepingBack, keptBack, withoutKept } from '../../explain/explain-privacy.ts';
import { indented, renderError, renderOutline } from './explain-render.ts';

/** A trigger, a mapping or both, tried on events. */
export interface Snippet {
  readonly tree?: TriggerNode;
  readonly resolve?: (event: unknown) => unknown;
  /** It names members of `context.kafka`. */
  readonly readsRecord: boolean;
  /** What is valid and probably not meant, as text. */
  readonly warnings: readonly string[];
}

/** What a snippet made of one event: one line of JSON. */
export interface SnippetResult {
  readonly event: EventOutline;
  /** The record is no JSON, or the mapping refuses the event. */
  readonly error?: ExplainedError;
  /** With a trigger. */
  readonly matched?: boolean;
  readonly trigger?: TriggerTrace;
  /** With a mapping; absent when it gives nothing. */
  readonly result?: unknown;
}

/**
 * @throws ConnectorError `TRIGGER_SYNTAX` or `MAPPING_INVALID`, with every problem in its message.
 */
export function readSnippet(trigger: string | undefined, mapping: string | undefined): Snippet {
  return {
    ...(trigger !== undefined && { tree: treeOf(trigger) }),
    ...(mapping !== undefined && { resolve: compileMapping(parsedMapping(mapping)) }),
    readsRecord: namesRecord([
      ...(trigger === undefined ? [] : triggerPaths(treeOf(trigger))),
      ...(mapping === undefined ? [] : mappingPaths(parsedMapping(mapping)).map(({ path }) => path)),
    ]),
    warnings: [
      ...(trigger === undefined ? [] : triggerWarnings(trigger)),
      ...(mapping === undefined ? [] : mappingWarnings(parsedMapping(mapping))),
    ],
  };
}

function treeOf(trigger: string): TriggerNode {
  compileTrigger(trigger);
  const parsed = parseTrigger(trigger);
  if ('tree' in parsed) return parsed.tree;
  throw new ConnectorError('TRIGGER_SYNTAX', 'the trigger is not valid');
}

function parsedMapping(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const example = '{"value": {"@path": "$.properties.total"}}';
    throw new ConnectorError('MAPPING_INVALID', `--mapping is not JSON (${messageOf(error)}): write '${example}'`);
  }
}

function triggerWarnings(trigger: string): readonly string[] {
  return lintTrigger(treeOf(trigger)).map(({ message, offset = 0 }) => {
    const { line, column, excerpt } = placeAt(trigger, offset);
    return `line ${line}, column ${column}: ${message}\n${excerpt}`;
  });
}

function mappingWarnings(mapping: unknown): readonly string[] {
  return [...checkMapping(mapping), ...lintMapping(mapping)].map(({ path = [], message, fix }: Diagnostic) => {
    const where = path.length === 0 ? 'the mapping' : path.join(' › ');
    return fix === undefined ? `${where}: ${message}` : `${where}: ${message} (${fix})`;
  });
}

export interface SnippetOptions {
  readonly decode: DecodeOptions;
  readonly showIdentifiers: boolean;
}

/** Tries a snippet on one record; any JSON value will do, with or without the type of an event. */
export function trySnippet(
  { tree, resolve, readsRecord }: Snippet,
  record: SourceRecord,
  index: number,
  { decode: decoding, showIdentifiers }: SnippetOptions,
): SnippetResult {
  const place = placeOf(record, index);
  const read = readValue(record, decoding, readsRecord);
  if ('error' in read) return { event: place, error: read.error };
  const { value } = read;
  const show = showIdentifiers ? undefined : keepingBack();
  const trace = tree && traceTrigger(tree, value, show);
  const outcome = {
    event: outlineOf(value, place, show),
    ...(trace !== undefined && { matched: trace.matched, trigger: trace }),
  };
  if (resolve === undefined) return outcome;
  try {
    const resolved = resolve(value);
    const result = show === undefined ? resolved : withoutKept(resolved, keptBack(value, show));
    return { ...outcome, ...(result !== undefined && { result }) };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ...outcome, error: { code: error.code, message: error.message } };
  }
}

type Read = { readonly value: unknown } | { readonly error: ExplainedError };

const noEvent: ReadonlySet<string> = new Set(['NOT_AN_EVENT', 'UNKNOWN_TYPE']);

function readValue(record: SourceRecord, options: DecodeOptions, readsRecord: boolean): Read {
  const decoded = decodeRecord(record, options);
  if (decoded.kind === 'event') {
    if (!readsRecord) return { value: decoded.event };
    const inRecord = withRecord(decoded.event, record, options);
    return inRecord.kind === 'failed' ? { error: inRecord.failure } : { value: inRecord.event };
  }
  if (decoded.kind === 'skipped') return { value: null };
  if (decoded.kind === 'undecodable' && !noEvent.has(decoded.failure.code)) return { error: decoded.failure };
  const { envelope } = options.topics?.(record.topic) ?? options;
  return { value: envelope.reduce(own, messageIn(record, options)) };
}

/** What was read already, so it can be. */
function messageIn(record: SourceRecord, { topics }: DecodeOptions): unknown {
  const { topic, value, event } = record;
  const read = value === null || event !== undefined ? undefined : topics?.(topic)?.read?.(value, record);
  if (read?.kind === 'value') return read.value;
  return JSON.parse((read?.kind === 'json' ? read.bytes : value)?.toString('utf8') ?? 'null');
}

export function renderSnippet({ event, error, matched, trigger, result }: SnippetResult, { resolve }: Snippet): string {
  return [
    renderOutline(event),
    ...(trigger === undefined
      ? []
      : [`  ${matched ? '✓ matches' : '✗ does not match'}`, indented(renderTrace(trigger))]),
    ...(error === undefined ? [] : renderError('  ✗', error)),
    ...(error !== undefined || resolve === undefined ? [] : [renderResult(result)]),
  ].join('\n');
}

function renderResult(result: unknown): string {
  return result === undefined ? '  gives nothing' : `  gives\n${indented(JSON.stringify(result, null, 2))}`;
}
