import { createHash } from 'node:crypto';
import type { Action, ActionContext, ActionResult, Warning } from '../../src/core/action.ts';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Failure } from '../../src/core/outcome.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { DestinationSettings } from '../../src/core/settings.ts';
import { defaultMapping } from '../../src/kit/default-mapping.ts';
import { compileMapping } from '../../src/mapping/compile.ts';

/** The time of all tests that don't give one: 2026-11-20T12:00:00Z. */
export const noon = Date.UTC(2026, 10, 20, 12);

const settings: DestinationSettings = {
  accessToken: { origin: 'a test', read: () => 'token' },
  apiVersion: 'v26.0',
  batch: { maxEvents: 1000, maxRows: 10_000, maxBytes: 1_000_000 },
  requirements: 'warn',
  tooOld: 'dead_letter',
  stripIdentifiers: true,
  integrationNames: [],
};

export const record: SourceRecord = {
  topic: 'events',
  partition: 3,
  offset: 42,
  next: 43,
  timestamp: noon - 60_000,
  key: null,
  value: Buffer.from('{"type":"track"}'),
  headers: undefined,
};

export interface Run {
  readonly now?: number;
  readonly settings?: Partial<DestinationSettings>;
  readonly record?: SourceRecord;
  readonly ownTrigger?: boolean;
  readonly additionsBarred?: string;
  readonly wantsEntry?: (entry: string) => boolean;
  /** What the subscription's mapping gives of itself. */
  readonly fixedFields?: JsonObject;
  /** Fields that the subscription sends as they are. */
  readonly inTheClear?: readonly string[];
  /** Over the defaults, field by field, as a subscription's mapping is. */
  readonly mapping?: Readonly<Record<string, unknown>>;
}

/** What became of an event: the body, or the failure's code and field, or the reason for skipping it. */
export interface Ran {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
  readonly skipped?: string;
  readonly result?: ActionResult;
  readonly warnings: readonly Warning[];
}

/** The context of an action, collecting its warnings. */
function contextOf(event: AnalyticsEvent, warnings: Warning[], run: Run = {}): ActionContext {
  return {
    event,
    record: run.record ?? record,
    settings: { ...settings, ...run.settings },
    fixedFields: run.fixedFields,
    mapped: new Set(Object.keys(run.mapping ?? {}).filter((field) => run.mapping?.[field] !== null)),
    inTheClear: new Set(run.inTheClear),
    now: run.now ?? noon,
    ...(run.ownTrigger !== undefined && { ownTrigger: run.ownTrigger }),
    wantsEntry: run.wantsEntry,
    ...(run.additionsBarred !== undefined && { additionsBarred: run.additionsBarred }),
    warn: (warning) => warnings.push(warning),
  };
}

/** Runs an event through mapping, checks and payload, as the pipeline does. */
export function runAction(action: Action, event: AnalyticsEvent, run: Run = {}): Ran {
  const mapped = compileMapping({ ...defaultMapping(action.definition), ...run.mapping })(event);
  const parsed = action.parse(mapped);
  const warnings = [...parsed.warnings];
  if (parsed.failure !== undefined) return { failure: parsed.failure, warnings };
  const result = action.toPayload(parsed.fields, contextOf(event, warnings, run));
  switch (result.kind) {
    case 'conversion':
      return { body: JSON.parse(JSON.stringify(result.event)), result, warnings };
    case 'audience':
      return { result, warnings };
    case 'rejected':
      return { failure: result.failure, result, warnings };
    case 'skipped':
      return { skipped: result.reason, result, warnings };
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The value with `sha256:TEXT` replaced by the hash of TEXT, everywhere inside. */
export function withHashes(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('sha256:') ? sha256(value.slice(7)) : value;
  if (Array.isArray(value)) return value.map(withHashes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withHashes(member)]));
}
