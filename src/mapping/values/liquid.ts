import { createRequire } from 'node:module';
import type { Liquid, Template } from 'liquidjs';
import { ConnectorError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';

/**
 * Tags that repeat, read files or keep state between uses. `increment` and `decrement` would also write into the
 * event.
 */
const tagsOff = [
  'for',
  'tablerow',
  'break',
  'continue',
  'cycle',
  'increment',
  'decrement',
  'include',
  'render',
  'layout',
  'block',
];

/** Filters that evaluate expressions out of text, and one that answers differently each time. */
const filtersOff = ['where_exp', 'reject_exp', 'group_by_exp', 'has_exp', 'find_exp', 'find_index_exp', 'sample'];

/**
 * Milliseconds for one rendering. Without loops, a template of 1,000 characters takes a fraction of one, so that the
 * rest is room for pauses of the process, for which no event should be refused.
 */
const renderLimitMillis = 500;

/** Characters and items made by one rendering. */
const memoryLimit = 10_000_000;

/** Characters of the result. liquidjs does not count what is captured and repeated. */
const maxOutputLength = 1_000_000;

let engine: Liquid | undefined;

/** Loaded with the first template, since most mappings have none. */
function engineOfAll(): Liquid {
  engine ??= createEngine();
  return engine;
}

function createEngine(): Liquid {
  const { Liquid } = createRequire(import.meta.url)('liquidjs') as typeof import('liquidjs');
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    renderLimit: renderLimitMillis,
    memoryLimit,
    // In memory and empty: no template can name a file.
    templates: {},
    // The result must not depend on where the process runs.
    timezoneOffset: 0,
    locale: 'en-US',
  });
  for (const tag of tagsOff) liquid.registerTag(tag, { parse: refuse(`the tag "${tag}" is off`), render: () => '' });
  for (const filter of filtersOff) delete liquid.filters[filter];
  return liquid;
}

function refuse(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

export interface LiquidTemplate {
  readonly template: Template[];
  /** The members that it reads from its root; a computed name ends a path. */
  readonly paths: readonly (readonly string[])[];
}

/** Throws an Error whose message says what is wrong, with line and column. */
export function parseLiquid(text: string): LiquidTemplate {
  const template = engineOfAll().parse(text);
  return { template, paths: pathsOf(template) };
}

function pathsOf(template: Template[]): readonly (readonly string[])[] {
  return engineOfAll()
    .globalVariableSegmentsSync(template)
    .map((segments) => {
      const computed = segments.findIndex((segment) => Array.isArray(segment));
      return (computed < 0 ? segments : segments.slice(0, computed)).map(String);
    });
}

/**
 * Renders for any value; what is no object has no members to offer. Nothing when a filter can't work on a value.
 *
 * @throws ConnectorError `MAPPING_LIQUID_LIMIT` when it takes too much time or memory.
 */
export function renderLiquid({ template }: LiquidTemplate, root: unknown): string | undefined {
  let text: unknown;
  try {
    text = engineOfAll().renderSync(template, isObject(root) ? root : {});
  } catch (error) {
    if (isLimitError(error)) throw overLimit();
    return undefined;
  }
  if (typeof text !== 'string') return undefined;
  if (text.length > maxOutputLength) throw overLimit();
  return text;
}

function isLimitError(error: unknown): boolean {
  return error instanceof Error && /^(template render|memory alloc) limit exceeded/.test(error.message);
}

/** The event is refused: it would be over the limit again. */
function overLimit(): ConnectorError {
  return new ConnectorError('MAPPING_LIQUID_LIMIT', 'a @liquid template took too much time or memory for this event');
}
